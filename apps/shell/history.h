/* The lines that were typed, newest last; in a file, too, so that they outlive the shell. */
#pragma once

#include <stdbool.h>

#define HISTORY_LINES_MAX 500U

/* Reads what the file has, and adds to it from now on. A file that cannot be had does no harm. */
void history_open(const char *path);

/* Adds a line, unless it is the same as the last one, empty, or begins with a blank. */
void history_add(const char *line);

unsigned history_count(void);

/* The newest is 1. */
const char *history_line(unsigned back);

/* Forgets all, in the file too. */
void history_clear(void);
