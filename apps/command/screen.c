#include "apps/command/screen.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROWS_USUAL 24
#define COLUMNS_USUAL 80

static int terminal = -1;
static struct termios before;

bool screen_begin(void)
{
    terminal = open("/dev/tty", O_RDWR);
    if (terminal < 0 || tcgetattr(terminal, &before) < 0) {
        return false;
    }
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return atexit(screen_end) == 0 && tcsetattr(terminal, TCSANOW, &raw) == 0;
}

void screen_end(void)
{
    if (terminal >= 0) {
        (void)tcsetattr(terminal, TCSANOW, &before);
        (void)close(terminal);
        terminal = -1;
    }
}

struct screen_size screen_size(void)
{
    struct winsize size;

    if (terminal < 0 || ioctl(terminal, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0) {
        return (struct screen_size){ ROWS_USUAL, COLUMNS_USUAL };
    }
    return (struct screen_size){ size.ws_row, size.ws_col };
}

int screen_key(int milliseconds)
{
    struct pollfd descriptor = { .fd = terminal, .events = POLLIN };
    unsigned char key;

    if (poll(&descriptor, 1, milliseconds) == 0) {
        return KEY_NONE;
    }
    return read(terminal, &key, 1) == 1 ? key : KEY_END;
}
