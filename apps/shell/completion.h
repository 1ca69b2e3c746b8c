/* What the word before the cursor may become: the name of a command, of a file, of a variable. */
#pragma once

#include <stdbool.h>

#include "fields.h"

struct completion {
    struct fields names;    /* that fit, sorted, as they are shown */
    size_t start;           /* the part of the line from here to the cursor … */
    const char *text;       /* … becomes this: what all names have in common, with quotes where they are needed */
    bool is_longer;         /* it is more than what stands there */
};

/* Everything lies in the scratch arena. False: nothing fits. */
bool completion_find(const char *line, size_t at, struct completion *completion_out);
