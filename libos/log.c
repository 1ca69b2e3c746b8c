#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/syscall.h>

void log_print(log_level_t level, const char *template, ...)
{
    char text[LOG_TEXT_MAX + 2]; /* a byte more than fits: the kernel then says that text was cut */
    va_list values;

    va_start(values, template);
    size_t length = format_text_list(text, sizeof text, template, values);
    va_end(values);
    if (length >= sizeof text) {
        length = sizeof text - 1;
    }
    /* If this fails there is nowhere left to say so. */
    (void)log_write(level, text, (uint32_t)length);
}
