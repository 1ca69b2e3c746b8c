#include "apps/command/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>

#include "apps/command/command.h"

#define FORMAT_SIZE 1024U

static char buffer[2048];          /* with what the library has in memory of its own it fills two pages */
static size_t used;
static bool has_failed;
static enum { UNKNOWN, LINES, BLOCKS } manner;

bool output_flush(void)
{
    size_t done = 0;

    while (done < used && !has_failed) {
        ssize_t count = write(STDOUT_FILENO, buffer + done, used - done);

        if (count < 0) {
            has_failed = true;
            used = 0;
            if (errno != EPIPE) {
                command_errno("standard output");
            }
            return false;
        }
        done += (size_t)count;
    }
    used = 0;
    return !has_failed;
}

static void flush_or_end(void)
{
    if (!output_flush()) {
        exit(EXIT_FAILED);
    }
}

void output_bytes(const void *bytes, size_t size)
{
    const char *from = bytes;
    bool has_line = manner != BLOCKS && memchr(bytes, '\n', size) != NULL;

    while (size > 0) {
        size_t part = size < sizeof buffer - used ? size : sizeof buffer - used;

        memcpy(buffer + used, from, part);
        used += part;
        from += part;
        size -= part;
        if (used == sizeof buffer) {
            flush_or_end();
        }
    }
    if (manner == UNKNOWN) {
        manner = isatty(STDOUT_FILENO) ? LINES : BLOCKS;
    }
    if (has_line && manner == LINES) {
        flush_or_end();
    }
}

void output_text(const char *text)
{
    output_bytes(text, strlen(text));
}

void output_byte(char byte)
{
    output_bytes(&byte, 1);
}

void output_format(const char *template, ...)
{
    char text[FORMAT_SIZE];
    va_list values;

    va_start(values, template);
    size_t size = format_text_list(text, sizeof text, template, values);
    va_end(values);
    output_bytes(text, size < sizeof text ? size : sizeof text - 1);
}

void output_name(const char *name)
{
    for (; *name != '\0'; name++) {
        output_byte((unsigned char)*name < ' ' || *name == 127 ? '?' : *name);
    }
}

void output_blanks(int count)
{
    for (; count > 0; count--) {
        output_byte(' ');
    }
}
