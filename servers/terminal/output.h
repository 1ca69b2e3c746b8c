/* Text that waits for the screen or the line: of programs, and the echo of what is typed, in one order. Portable. */
#pragma once

#include <stdbool.h>

#include <ternion/column.h>

#define OUTPUT_TEXT_MAX 4096U    /* bytes of programs: a whole request */
#define OUTPUT_ECHO_MAX 1024U    /* there is room for so many of the echo, whatever programs write */
#define OUTPUT_MAX (OUTPUT_TEXT_MAX + OUTPUT_ECHO_MAX)

/* All zeroes, but for the column's width: empty. */
struct output {
    uint8_t bytes[OUTPUT_MAX];
    uint32_t first;
    uint32_t count;
    struct column column;        /* where the cursor will be */
};

/* Puts text in, all of it or none: false, there is no room. */
bool output_write(struct output *output, const uint8_t *text, uint32_t size);

/* The same for the echo. One for which there is no room is not seen: what was typed counts all the same. */
void output_echo(struct output *output, const char *text, uint32_t size);

/*
 * Copies the oldest bytes, at most `most`; they stay until output_remove. If that is not all, they end where neither a character nor a
 * sequence is torn, so that a line of the log between two pieces breaks none.
 */
uint32_t output_copy(const struct output *output, uint8_t *text, uint32_t most);
void output_remove(struct output *output, uint32_t size);
