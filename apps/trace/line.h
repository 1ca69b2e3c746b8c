/* A line of text that grows to a bound. No system call. */
#pragma once

#include <stdint.h>

#define LINE_SIZE 400U           /* bytes, with a NUL */

struct line {
    uint32_t size;               /* bytes of text */
    char text[LINE_SIZE];        /* ended by a NUL */
};

/* Empties it. */
void line_begin(struct line *line);

/* Adds text as format_text makes it; where it does not fit the line ends in "...". */
void line_add(struct line *line, const char *template, ...) __attribute__((format(printf, 2, 3)));
