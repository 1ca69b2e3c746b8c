/*
 * From characters to tokens: operators, and words with what is in them. What stands in $( ) is read by the parser, which the
 * lexer calls, so both need each other's headers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "alias.h"
#include "memory.h"
#include "tree.h"

/* Where lines come from. */
struct input {
    /*
     * The next line, with its newline if it has one; or several. They stay as they are until it is called again.
     * False: there are no more.
     */
    bool (*next)(struct input *input, const char **bytes_out, size_t *size_out);
    unsigned line;              /* number of the line that is given next */
    bool keeps_names;           /* aliases have been replaced in it already */
};

enum token_kind {
    TOKEN_ERROR, TOKEN_END, TOKEN_NEWLINE, TOKEN_WORD,
    TOKEN_DESCRIPTOR,           /* the number before < or > */
    TOKEN_SEMICOLON, TOKEN_DOUBLE_SEMICOLON, TOKEN_BACKGROUND, TOKEN_AND, TOKEN_PIPE, TOKEN_OR, TOKEN_LEFT, TOKEN_RIGHT,
    TOKEN_REDIRECTIONS,         /* the first of them, in the order of enum redirection_kind */
    TOKEN_READ = TOKEN_REDIRECTIONS, TOKEN_WRITE, TOKEN_OVERWRITE, TOKEN_APPEND, TOKEN_READ_WRITE, TOKEN_COPY_INPUT,
    TOKEN_COPY_OUTPUT, TOKEN_HERE, TOKEN_HERE_TABS /* <<- */
};

struct token {
    enum token_kind kind;
    unsigned line;
    struct word *word;
    const char *literal;        /* of a word without quotes and expansions; else NULL */
    int descriptor;
};

/* A text that is being read: a line, or an alias in the middle of it. */
struct source {
    struct source *below;       /* goes on when this one is read */
    const char *at;
    const char *end;
    struct alias *alias;        /* or NULL */
};

/* A here-document whose text begins behind the next newline. */
struct here_document {
    struct here_document *next;
    struct redirection *redirection;
    const char *end;            /* the line that ends it */
    bool is_literal;            /* its end was quoted: nothing in it is expanded */
    bool strips_tabs;
};

struct lexer {
    struct input *input;
    struct arena *arena;        /* for what is made of the text */
    struct source lines;        /* the bottom of the sources */
    struct source *source;      /* the top of them */
    unsigned line;              /* of the character that is read next */
    struct here_document *here_documents;
    struct here_document **here_end;
    bool keeps_names;           /* aliases are not looked for: they have been replaced before */
    bool alias_next;            /* an alias ended with a blank: the word behind it may be one, too */
    bool has_ended;             /* the error is that there was no more to read */
    const char *error;          /* NULL: none yet */
    unsigned error_line;
};

void lexer_begin(struct lexer *lexer, struct input *input, struct arena *arena);

/* Whatever happened, aliases that were being read are let go, and the rest of the lines is dropped. */
void lexer_end(struct lexer *lexer);

/* The next token; TOKEN_ERROR: see error. Behind a newline no line is asked for before the next token. */
void lexer_next(struct lexer *lexer, struct token *token_out);

/* Goes on reading in an alias's text. */
void lexer_enter_alias(struct lexer *lexer, struct alias *alias);

/* The first error stays. */
void lexer_fail(struct lexer *lexer, const char *template, ...) __attribute__((format(printf, 2, 3)));

/* A here-document: its text will be read at the next newline. The end is a word as it was written. */
void lexer_await_here_document(struct lexer *lexer, struct redirection *redirection, const struct word *end, bool strips_tabs);

/* ---- For the files of the lexer, and for tests ---- */

#define LEXER_END (-1)

/* The next character, which stays; LEXER_END. Backslash and newline, which join lines, are left out by lexer_peek alone. */
int lexer_look(struct lexer *lexer);
int lexer_peek(struct lexer *lexer);

/* Takes what was looked at. */
void lexer_skip(struct lexer *lexer);

/* What a word ends at. */
enum word_end {
    WORD_PLAIN,         /* a blank or an operator */
    WORD_QUOTES,        /* the second " */
    WORD_BRACE,         /* } */
    WORD_QUOTED_BRACE,  /* } inside " */
    WORD_ARITHMETIC,    /* )) */
    WORD_HERE,          /* the end of the text */
};

/* Reads a word and what it ends at (but for WORD_PLAIN). NULL: an error. */
struct word *lexer_word(struct lexer *lexer, enum word_end end);

/* A parsed program in text that stands for itself: `…`, and here-documents. */
struct word *lexer_word_of_text(struct lexer *lexer, const char *bytes, size_t size, unsigned line);

bool is_name_start(int character);
bool is_name_part(int character);

/* Bytes of the name that a text begins with. */
size_t name_length(const char *text);
