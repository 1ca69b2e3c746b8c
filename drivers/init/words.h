/* Lines and words of the texts that the supervisor reads. Portable. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MAX 512U            /* bytes of the longest line, with the NUL that ends the copy */

struct text {
    const char *at;
    const char *end;
    unsigned line;               /* number of the line read last, from 1 on */
};

enum line_kind {
    LINE_FINE,
    LINE_TOO_LONG,               /* the copy is its beginning */
    LINE_NO_TEXT,                /* a byte in it is no character; the copy is what stands before that */
};

void text_open(struct text *text, const char *bytes, size_t size);

/*
 * Copies the next line that says something: that has a word, and does not begin with #.
 * False: there is none.
 */
bool text_line(struct text *text, char line[LINE_MAX], enum line_kind *kind_out);

/* Cuts the next word off a line, which it changes. NULL: there is none. */
char *word_next(char **at);

/* Cuts the next part off a word whose parts have commas between them; it may be empty. NULL: there is none. */
char *word_part(char **at);

/* Reads a number that is a whole word. False: it is none, or more than 32 bits hold. */
bool word_decimal(const char *word, uint32_t *number_out);

/* Reads a hexadecimal number at *at, with or without 0x, and goes behind it. */
bool word_hexadecimal(const char **at, uint32_t *number_out);

/* Does a word begin with a mark? What stands behind it, or NULL. */
const char *word_behind(const char *word, const char *mark);
