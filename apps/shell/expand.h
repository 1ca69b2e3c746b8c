/*
 * What words become: parameters, commands and arithmetic replaced, split into fields, wildcards replaced by names of files. The
 * results lie in the shell's scratch arena. False and NULL: it could not be done, which was said, and shell.leaving is set.
 */
#pragma once

#include <stdbool.h>

#include "fields.h"
#include "tree.h"

/* Adds the fields of words: of arguments. */
[[nodiscard]] bool expand_words(const struct word *words, struct fields *fields);

/*
 * One string: a value that is assigned (~ behind a colon counts), a file to redirect to, the text of a here-document, a
 * pattern.
 */
[[nodiscard]] char *expand_value(const struct word *word);
[[nodiscard]] char *expand_string(const struct word *word);
[[nodiscard]] bool expand_pattern(const struct word *word, struct pattern *pattern_out);

/* The status of the last $( ) that was run, or 0 if none was since this was last asked. */
int expand_take_status(void);

/* Words of export and the like: name=value is a value as in an assignment. */
[[nodiscard]] bool expand_declaration(const struct word *words, struct fields *fields);

/* ---- For the files of the expansion ---- */

enum expand_flags {
    EXPAND_FIELDS = 1,      /* fields are wanted: "$@" is several */
    EXPAND_OPERAND = 2,     /* a word in ${ }: what is not quoted is split */
    EXPAND_VALUE = 4,       /* a value: ~ behind a colon */
};

[[nodiscard]] bool expand_parts(struct expansion *expansion, const struct word *word, unsigned flags);
[[nodiscard]] bool expand_parameter(struct expansion *expansion, const struct part *part, unsigned flags);
