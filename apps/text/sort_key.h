/* By what sort compares lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sort_line {
    size_t size;                 /* bytes, without a line end */
    char text[];                 /* with a NUL behind it */
};

/* -b, -f, -n, -r: for all keys that say nothing of their own. */
void sort_option(char letter);

/* -t, -k; what is wrong ends the program. */
void sort_separator(const char *text);
void sort_key(const char *text);

/* Below 0: left comes first. only_keys: what the keys do not tell apart is equal; else all bytes of the line decide then. */
int sort_compare(const struct sort_line *left, const struct sort_line *right, bool only_keys);
