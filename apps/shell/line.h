/* The line that is being typed: bytes of UTF-8 and a cursor between two characters. Nothing here knows of screens. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LINE_SIZE_MAX 4096U

struct line {
    char bytes[LINE_SIZE_MAX + 1];  /* a NUL stands behind them */
    size_t size;
    size_t at;                      /* the cursor: bytes before it */
};

void line_clear(struct line *line);

/* Puts a text in place of all; the cursor goes behind it. What does not fit is left out. */
void line_set(struct line *line, const char *text);

/* At the cursor, which goes behind it. False: there is no room; nothing is changed. */
[[nodiscard]] bool line_insert(struct line *line, const char *bytes, size_t size);

/* Takes out the bytes from one place to another; the cursor goes to where they were. */
void line_delete(struct line *line, size_t from, size_t to);

/*
 * Places around the cursor: of the next character, word, line of a text with several, whole text. Words are of letters, digits,
 * _ and all beyond ASCII.
 */
size_t line_left(const struct line *line);
size_t line_right(const struct line *line);
size_t line_word_left(const struct line *line);
size_t line_word_right(const struct line *line);

/* The begin of the word before the cursor, if only blanks separate words. */
size_t line_blank_left(const struct line *line);

/* Swaps the characters around the cursor, or the last two; the cursor goes behind them. */
void line_swap(struct line *line);
