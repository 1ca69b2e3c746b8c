/* Terminals, by descriptors: <termios.h>, <sys/ioctl.h>, ttyname, and libc_terminal. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <ternion/libc.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/start.h"
#include "libc/terminal_file.h"

START_NEEDED;

static char own_path[] = "/dev/tty";

/* What a descriptor leads to. 0, -EBADF, -ENOTTY. */
static int handle_of(int descriptor, struct terminal_handle *terminal_out)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    bool is_terminal = terminal_file_handle(file, terminal_out);
    file_release(file);
    return is_terminal ? 0 : -ENOTTY;
}

/* ---- Ternion's own ---- */

static int claim_descriptor(const char *name)
{
    struct terminal_handle terminal;
    struct file *file;
    status_t status = terminal_claim(name, &terminal);

    if (status != OK) {
        return status == NOT_ALLOWED ? -EPERM : status == ABSENT ? -ENODEV : terminal_error(status);
    }
    int result = terminal_file_open(&terminal, O_RDWR, &file);
    if (result < 0) {
        return result;
    }
    result = descriptor_add(file, 0, false);
    if (result < 0) {
        file_release(file);
    } else {
        terminal_set_own(&terminal);
    }
    return result;
}

int libc_terminal(const char *name)
{
    return (int)result_or_errno(claim_descriptor(name));
}

int libc_terminal_handle(int descriptor, struct terminal_handle *terminal_out)
{
    return (int)result_or_errno(handle_of(descriptor, terminal_out));
}

/* ---- <termios.h> ---- */

int tcgetattr(int descriptor, struct termios *settings)
{
    struct file *file = descriptor_hold(descriptor);
    int result = file == NULL ? -EBADF : terminal_file_get_settings(file, settings);

    if (file != NULL) {
        file_release(file);
    }
    return (int)result_or_errno(result);
}

static int drop_typed(int descriptor)
{
    struct terminal_handle terminal;
    int result = handle_of(descriptor, &terminal);

    return result < 0 ? result : terminal_error(terminal_unread(&terminal));
}

int tcsetattr(int descriptor, int when, const struct termios *settings)
{
    int result = when == TCSAFLUSH ? drop_typed(descriptor) : when == TCSANOW || when == TCSADRAIN ? 0 : -EINVAL;
    struct file *file = result < 0 ? NULL : descriptor_hold(descriptor);

    if (result == 0) {
        result = file == NULL ? -EBADF : terminal_file_set_settings(file, settings);
    }
    if (file != NULL) {
        file_release(file);
    }
    return (int)result_or_errno(result);
}

int tcflush(int descriptor, int what)
{
    struct terminal_handle terminal;
    int result = what == TCIFLUSH || what == TCIOFLUSH ? drop_typed(descriptor)
               : what == TCOFLUSH ? handle_of(descriptor, &terminal) : -EINVAL;

    return (int)result_or_errno(result);
}

/* What was written is on its way, and comes before whatever follows: there is nothing to wait for. */
int tcdrain(int descriptor)
{
    struct terminal_handle terminal;

    return (int)result_or_errno(handle_of(descriptor, &terminal));
}

/* People stop and start the output, by Ctrl+S and Ctrl+Q. */
int tcflow(int descriptor, int what)
{
    struct terminal_handle terminal;

    return (int)result_or_errno(what < TCOOFF || what > TCION ? -EINVAL : handle_of(descriptor, &terminal));
}

/* POSIX: where there is no such thing as a break this does nothing. */
int tcsendbreak(int descriptor, int duration)
{
    struct terminal_handle terminal;

    (void)duration;
    return (int)result_or_errno(handle_of(descriptor, &terminal));
}

/* ---- <sys/ioctl.h> ---- */

static int get_size(int descriptor, struct winsize *size_out)
{
    struct terminal_handle terminal;
    uint32_t columns, rows;
    int result = handle_of(descriptor, &terminal);

    if (result == 0) {
        result = terminal_error(terminal_size(&terminal, &columns, &rows));
    }
    if (result == 0) {
        *size_out = (struct winsize){ .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
    }
    return result;
}

int ioctl(int descriptor, unsigned long request, ...)
{
    struct terminal_handle terminal;
    int result;
    va_list arguments;

    va_start(arguments, request);
    switch (request) {
    case TIOCGWINSZ:
        result = get_size(descriptor, va_arg(arguments, struct winsize *));
        break;
    case TIOCFLUSH:
        result = drop_typed(descriptor);
        break;
    default:
        result = handle_of(descriptor, &terminal);
        result = result < 0 ? result : -ENOTTY;
    }
    va_end(arguments);
    return (int)result_or_errno(result);
}

/* ---- Names: the own one has one ---- */

static int name_of(int descriptor)
{
    struct terminal_handle terminal, own = terminal_get_own();
    int result = handle_of(descriptor, &terminal);

    return result < 0 ? result : memcmp(&terminal, &own, sizeof own) == 0 ? 0 : -ENOTTY;
}

char *ttyname(int descriptor)
{
    return result_or_errno(name_of(descriptor)) < 0 ? NULL : own_path;
}

/* It answers an errno. */
int ttyname_r(int descriptor, char *buffer, size_t size)
{
    int result = name_of(descriptor);

    if (result < 0) {
        return -result;
    }
    if (size < sizeof own_path) {
        return ERANGE;
    }
    strcpy(buffer, own_path);
    return 0;
}

char *ctermid(char *buffer)
{
    return buffer == NULL ? own_path : strcpy(buffer, own_path);
}
