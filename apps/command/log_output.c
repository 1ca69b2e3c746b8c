/*
 * log_print for programs that are started from a boot list or from a prompt, in the place of libos' own: who has a standard output gets there
 * what else goes to the log, and warnings and errors on standard error.
 */
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>
#include <ternion/libc.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#define LINE_SIZE 1024U
#define PREFIX_SIZE 2U               /* of a process name: "a\\" */

static void write_line(log_level_t level, const char *template, va_list values)
{
    int descriptor = level <= LOG_WARNING ? STDERR_FILENO : STDOUT_FILENO;
    char line[LINE_SIZE];
    size_t size = 0;

    if (descriptor == STDERR_FILENO) {
        size = format_text(line, sizeof line, "%s: ", process_name() + PREFIX_SIZE);
    }
    size += format_text_list(line + size, sizeof line - size - 1, template, values);
    size = size < sizeof line - 1 ? size : sizeof line - 2;
    line[size++] = '\n';
    (void)write(descriptor, line, size);
}

void log_print(log_level_t level, const char *template, ...)
{
    char text[LOG_TEXT_MAX + 2];     /* a byte more than fits: the kernel then says that text was cut */
    va_list values;

    va_start(values, template);
    if (libc_is_log(level <= LOG_WARNING ? STDERR_FILENO : STDOUT_FILENO)) {
        size_t size = format_text_list(text, sizeof text, template, values);
        (void)log_write(level, text, (uint32_t)(size < sizeof text ? size : sizeof text - 1));
    } else {
        write_line(level, template, values);
    }
    va_end(values);
}
