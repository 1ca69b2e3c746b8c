/* A terminal of the host, which is standard input and output, for the shell's interactive part. */
#include "apps/shell/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

static struct termios lines;

bool console_open(const char *name)
{
    (void)name;
    return tcgetattr(STDIN_FILENO, &lines) == 0;
}

void console_set_raw(bool is_raw)
{
    struct termios raw = lines;

    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, is_raw ? &raw : &lines);
}

int console_read(char *byte_out)
{
    return read(STDIN_FILENO, byte_out, 1) == 1 ? 1 : 0;
}

bool console_has_more(void)
{
    struct pollfd descriptor = { .fd = STDIN_FILENO, .events = POLLIN };

    return poll(&descriptor, 1, 0) == 1;
}

void console_write(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);
        if (written <= 0) {
            break;
        }
        bytes += written;
        size -= (size_t)written;
    }
}

void console_size(unsigned *columns_out, unsigned *rows_out)
{
    *columns_out = 80;
    *rows_out = 24;
}

void console_give(const pid_t *processes, unsigned count)
{
    (void)processes;
    (void)count;
}

/* Ctrl+C and Ctrl+Z are for guest tests. */
void console_watch(void)
{
}
