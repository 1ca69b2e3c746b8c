#include "line.h"

#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/string.h>

#define MARK "..."

void line_begin(struct line *line)
{
    line->size = 0;
    line->text[0] = '\0';
}

void line_add(struct line *line, const char *template, ...)
{
    uint32_t room = LINE_SIZE - line->size;
    va_list values;

    va_start(values, template);
    size_t size = format_text_list(line->text + line->size, room, template, values);
    va_end(values);
    if (size < room) {
        line->size += (uint32_t)size;
    } else {
        line->size = LINE_SIZE - 1;
        memcpy(line->text + LINE_SIZE - sizeof MARK, MARK, sizeof MARK);
    }
}
