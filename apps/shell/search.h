/* Ctrl+R: looks for a text in the lines that were typed, while it is being typed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"

#define SEARCH_TEXT_MAX 100U

struct search {
    char text[SEARCH_TEXT_MAX + 1];
    size_t size;
    unsigned found;         /* the line of the history; 0: none yet */
    size_t at;              /* where in that line */
    bool has_failed;        /* no line has the text as it is now; found is what was found before */
};

/* A key. False: it ends the search. */
bool search_obey(struct search *search, enum key key, const char *bytes, size_t size);
