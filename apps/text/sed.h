/*
 * sed: a script as steps, and who runs them. sed_parse.c makes the steps, sed_run.c does what they say, sed_replace.c what s and y
 * say.
 */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "apps/command/input.h"

enum address_kind { ADDRESS_NONE, ADDRESS_LINE, ADDRESS_LAST, ADDRESS_EXPRESSION, ADDRESS_FURTHER /* +N: so many lines behind the first */ };

struct address {
    enum address_kind kind;
    unsigned long line;
    regex_t *expression;         /* NULL: the one that was used last */
};

struct step {
    struct address from, to;
    bool is_inverted;            /* ! */
    bool is_active;              /* between its two addresses */
    unsigned long end;           /* the last line of what is active, if `to` is a number */
    char function;
    char *text;                  /* of a, i, c; the label of b, t and : */
    size_t target;               /* the step where b and t go on; of {: the one behind its } */
    regex_t *expression;         /* of s; NULL: the one that was used last */
    char *replacement;
    bool is_global, prints;
    unsigned long nth;           /* which match s begins with; of q: the exit code */
    unsigned char *map;          /* of y: what each byte becomes */
};

struct script {
    struct step *steps;
    size_t count, room;
};

/* What the steps of a text are; a mistake in it ends the program. */
void sed_parse(struct script *script, const char *text, bool is_extended);

/* Runs it for the lines of all files among the operands. */
void sed_run(struct script *script, bool is_quiet);

/* Is it in the line? The expression NULL is the one that was asked for last. */
bool sed_match(regex_t *expression, const struct line *line, size_t from, regmatch_t *matches, size_t count);

/* False: nothing was replaced. */
bool sed_substitute(const struct step *step, struct line *line);
void sed_transliterate(const struct step *step, struct line *line);

void line_append(struct line *line, const char *bytes, size_t size);
