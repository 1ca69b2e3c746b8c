/* The words of unparse.c. */
#pragma once

#include "unparse.h"

/* A here-document that was begun: its text follows at the end of the line. */
struct pending {
    struct pending *next;
    const char *body;
    const char *end;
};

struct unparser {
    struct text *text;
    struct pending *pending;
    struct pending **pending_end;
};

/* Where a word stands: this says what its literal characters need. */
enum unparse_place { UNPARSE_PLAIN, UNPARSE_QUOTES, UNPARSE_QUOTED_BRACE, UNPARSE_ARITHMETIC, UNPARSE_HERE };

/* A command in $( ), with what is needed before the ). */
void unparse_inside(struct unparser *unparser, const struct node *node);

void unparse_parts(struct unparser *unparser, const struct word *word, enum unparse_place place);

/* As it stands in a command: something, if it is empty. */
void unparse_word(struct unparser *unparser, const struct word *word);
