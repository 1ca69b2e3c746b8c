#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>

#include "shell.h"

#define BUFFER_SIZE 1024U
#define LINE_SIZE 512U

static char buffer[BUFFER_SIZE];
static size_t used;
static int failure; /* errno of the first write that failed */

bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

void output_flush(void)
{
    if (used > 0 && failure == 0 && !write_all(STDOUT_FILENO, buffer, used)) {
        failure = errno;
    }
    used = 0;
}

void output_bytes(const char *bytes, size_t size)
{
    if (shell.capture != NULL) {
        text_append(shell.capture, bytes, size);
        return;
    }
    if (size > BUFFER_SIZE - used) {
        output_flush();
    }
    while (size > BUFFER_SIZE) {
        memcpy(buffer, bytes, BUFFER_SIZE);
        used = BUFFER_SIZE;
        output_flush();
        bytes += BUFFER_SIZE;
        size -= BUFFER_SIZE;
    }
    if (size > 0) {
        memcpy(buffer + used, bytes, size);
        used += size;
    }
}

void output(const char *string)
{
    output_bytes(string, strlen(string));
}

void output_format(const char *template, ...)
{
    char line[LINE_SIZE];
    va_list values;

    va_start(values, template);
    size_t size = format_text_list(line, sizeof line, template, values);
    va_end(values);
    output_bytes(line, size < sizeof line ? size : sizeof line - 1);
}

bool output_finish(void)
{
    output_flush();
    int error = failure;
    failure = 0;
    if (error != 0) {
        complain("standard output cannot be written: %s", error_text(error));
    }
    return error == 0;
}

void output_drop(void)
{
    used = 0;
    failure = 0;
}
