#include "input.h"

static bool text_next(struct input *input, const char **bytes_out, size_t *size_out)
{
    struct text_input *text = (struct text_input *)input;
    bool is_there = text->size > 0;

    *bytes_out = text->bytes;
    *size_out = text->size;
    text->size = 0;
    return is_there;
}

void text_input_begin(struct text_input *input, const char *bytes, size_t size, unsigned line)
{
    *input = (struct text_input){ { text_next, line, false }, bytes, size };
}
