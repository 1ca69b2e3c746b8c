/* A word while it is being made: for the files of the lexer that make words. */
#pragma once

#include "lexer.h"

struct builder {
    struct lexer *lexer;
    struct word *word;
    struct part **tail;
    struct text literal;        /* characters that are no part yet */
    bool has_literal;           /* there are some, or quotes around nothing */
    bool literal_is_quoted;
};

struct part *word_part_add(struct builder *builder, enum part_kind kind, bool is_quoted);

/* What was added so far of characters that stand for themselves becomes a part. */
void word_literal_finish(struct builder *builder);
void word_literal_add(struct builder *builder, int character, bool is_quoted);

/* Behind a $ and behind a `, which were taken. */
void word_read_dollar(struct builder *builder, bool is_quoted);
void word_read_backquotes(struct builder *builder, bool is_quoted);

/* The text has ended inside of something. */
void word_fail_unfinished(struct lexer *lexer, const char *what);
