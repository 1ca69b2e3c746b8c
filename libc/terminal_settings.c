#include "libc/terminal_settings.h"

#include <ternion/terminal.h>

#define CONTROL(letter) ((letter) - '@')

void terminal_settings_usual(struct termios *settings)
{
    *settings = (struct termios){
        .c_iflag = ICRNL | IXON | IMAXBEL | IUTF8,
        .c_oflag = OPOST | ONLCR,
        .c_cflag = CS8 | CREAD | CLOCAL,
        .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
        .c_cc = {
            [VINTR] = CONTROL('C'),
            [VERASE] = 0x7F,
            [VKILL] = CONTROL('U'),
            [VEOF] = CONTROL('D'),
            [VMIN] = 1,
            [VSTART] = CONTROL('Q'),
            [VSTOP] = CONTROL('S'),
            [VSUSP] = CONTROL('Z'),
            [VWERASE] = CONTROL('W'),
            [VREPRINT] = CONTROL('R'),
        },
        .c_ispeed = B115200,
        .c_ospeed = B115200,
    };
}

uint32_t terminal_settings_mode(const struct termios *settings)
{
    if ((settings->c_lflag & ICANON) != 0) {
        return (settings->c_lflag & ECHO) != 0 ? 0 : TERMINAL_NO_ECHO;
    }
    return TERMINAL_RAW | ((settings->c_lflag & ISIG) != 0 ? TERMINAL_RAW_KEYS : 0);
}

void terminal_settings_put_mode(struct termios *settings, uint32_t mode)
{
    if (terminal_settings_mode(settings) == mode) {
        return;
    }
    settings->c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    if ((mode & TERMINAL_RAW) == 0) {
        settings->c_lflag |= ICANON | ISIG | ((mode & TERMINAL_NO_ECHO) != 0 ? 0 : ECHO);
    } else if ((mode & TERMINAL_RAW_KEYS) != 0) {
        settings->c_lflag |= ISIG;
    }
}

/* As POSIX has it of the BSDs: no byte means anything, coming or going. */
void cfmakeraw(struct termios *settings)
{
    settings->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    settings->c_oflag &= ~(tcflag_t)OPOST;
    settings->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    settings->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    settings->c_cflag |= CS8;
    settings->c_cc[VMIN] = 1;
    settings->c_cc[VTIME] = 0;
}

speed_t cfgetispeed(const struct termios *settings)
{
    return settings->c_ispeed;
}

speed_t cfgetospeed(const struct termios *settings)
{
    return settings->c_ospeed;
}

int cfsetispeed(struct termios *settings, speed_t speed)
{
    settings->c_ispeed = speed;
    return 0;
}

int cfsetospeed(struct termios *settings, speed_t speed)
{
    settings->c_ospeed = speed;
    return 0;
}

int cfsetspeed(struct termios *settings, speed_t speed)
{
    settings->c_ispeed = settings->c_ospeed = speed;
    return 0;
}
