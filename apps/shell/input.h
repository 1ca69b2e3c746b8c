/* Where the lexer's lines come from: a text that is there whole. Files and terminals are others (script.h, interactive.h). */
#pragma once

#include "lexer.h"

struct text_input {
    struct input input;
    const char *bytes;
    size_t size;
};

/* The text must stay until all was read. line: the number of its first line. */
void text_input_begin(struct text_input *input, const char *bytes, size_t size, unsigned line);
