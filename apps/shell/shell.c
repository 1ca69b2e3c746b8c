#include "shell.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>

#include "output.h"

#define MESSAGE_SIZE 1024U

struct shell shell = { .name = "shell" };

/* One write, so that lines of several processes stay whole. */
static void say(const char *template, va_list values)
{
    char text[MESSAGE_SIZE];
    size_t room = sizeof text - 1; /* a byte for the newline */
    size_t size;

    if (shell.is_interactive || shell.line == 0) {
        size = format_text(text, room, "%s: ", shell.name);
    } else {
        size = format_text(text, room, "%s: line %u: ", shell.name, shell.line);
    }
    size = size < room ? size : room - 1;
    size += format_text_list(text + size, room - size, template, values);
    size = size < room ? size : room - 1;
    text[size++] = '\n';
    (void)!write(STDERR_FILENO, text, size);
}

/* Behind what a command has said before. */
void complain(const char *template, ...)
{
    va_list values;

    output_flush();
    va_start(values, template);
    say(template, values);
    va_end(values);
}

void complain_anywhere(const char *template, ...)
{
    va_list values;

    va_start(values, template);
    say(template, values);
    va_end(values);
}

void give_up(const char *template, ...)
{
    va_list values;

    output_flush();
    va_start(values, template);
    say(template, values);
    va_end(values);
    shell.status = STATUS_MISTAKE;
    shell.leaving = LEAVING_COMMAND;
}

const char *error_text(int error)
{
    static char other[40];

    switch (error) {
    case ENOENT:
        return "there is none of that name";
    case EACCES:
    case EPERM:
        return "that is not allowed";
    case EROFS:
        return "nothing there can be changed; /tmp can be written to";
    case ENOTDIR:
        return "a part of it is not a directory";
    case EISDIR:
        return "it is a directory";
    case EEXIST:
        return "it exists already";
    case ENOSPC:
        return "there is no room left";
    case ENOMEM:
        return "there is not enough memory";
    case EAGAIN:
    case ENFILE:
        return "there is no room for more; end something, and try again";
    case EMFILE:
        return "too many files are open";
    case EBADF:
        return "it is not open, or not for this";
    case EPIPE:
        return "nobody reads it any more";
    case E2BIG:
        return "arguments and environment are too long";
    case ENAMETOOLONG:
        return "its name is too long";
    case EIO:
        return "the device fails, or what is on it is damaged";
    default:
        (void)format_text(other, sizeof other, "error %d of the C library", error);
        return other;
    }
}
