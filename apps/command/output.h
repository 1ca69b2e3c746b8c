/*
 * Standard output of the programs of a prompt, in a buffer: written when it is full, at the program's end, and, on a terminal, with
 * each line. What cannot be written is said once, and ends the program with EXIT_FAILED: who reads a pipe may have enough.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

void output_bytes(const void *bytes, size_t size);
void output_text(const char *text);
void output_byte(char byte);

/* As format_text (ternion/format.h), up to 1 KB at a time. */
void output_format(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The text with what would move the cursor, or end the line, shown as ?. For names. */
void output_name(const char *name);

/* Blanks. */
void output_blanks(int count);

/* Writes what waits. False: it could not be written; it is said. */
bool output_flush(void);

/* Columns that the terminal has; of what is no terminal 0. COLUMNS in the environment goes before. */
int output_columns(void);
