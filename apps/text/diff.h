/* diff: two texts as rows, and which of them have no partner in the other one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row {
    const char *bytes;
    size_t size;                 /* line end included */
    uint32_t sum;                /* the same for the same bytes */
};

struct text {
    const char *name;
    char *bytes;
    size_t size;
    struct row *rows;
    size_t count;
    bool *is_changed;            /* for each row, and one behind the last, which never is */
};

/* Sets is_changed of both: few rows, none fewer if the texts are alike. */
void diff_compare(struct text *left, struct text *right);
