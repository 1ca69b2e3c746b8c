/*
 * What built-in commands say: to standard output, or into the text that $( ) collects. It is gathered, and written at the end
 * of the command.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

void output(const char *string);
void output_bytes(const char *bytes, size_t size);
void output_format(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* Writes what was gathered, before somebody else writes to the same place. */
void output_flush(void);

/* The same at the end of a command. False: not all could be written, since the last time this was called; that was said. */
bool output_finish(void);

/* After an error: what was gathered is dropped. */
void output_drop(void);

/* Writes all of it to a descriptor. False: errno says why not. */
bool write_all(int descriptor, const char *bytes, size_t size);
