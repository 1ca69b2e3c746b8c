/* From tokens to nodes: the grammar. */
#pragma once

#include "lexer.h"
#include "tree.h"

enum parsed { PARSED, PARSED_NOTHING /* a line without a command */, PARSED_END, PARSED_ERROR };

/*
 * Reads one complete command: up to the end of its line, or of the last line that it needs. What it is made of lies in the
 * lexer's arena. PARSED_ERROR: see the lexer's error.
 */
enum parsed parser_read(struct lexer *lexer, struct node **node_out);

/*
 * For the lexer: commands up to the ) that ends them, and all that are in a text. NULL: there are none, or the lexer has an
 * error.
 */
struct node *parser_read_substitution(struct lexer *lexer);
struct node *parser_read_text(struct lexer *lexer, const char *bytes, size_t size, unsigned line);

/* ---- For the files of the parser ---- */

struct parser {
    struct lexer *lexer;
    struct token token;         /* that comes next */
};

/* The next token takes the place of the present one. */
void parser_advance(struct parser *parser);

/* The present token is not what should stand there; what that is, in words. Returns NULL. */
struct node *parser_fail(struct parser *parser, const char *wanted);

struct node *parser_node(struct parser *parser, enum node_kind kind);

/* Is the present token this reserved word? */
bool parser_is_at(const struct parser *parser, const char *word);

/* Takes a reserved word, which must stand there. */
bool parser_expect(struct parser *parser, const char *word);

void parser_skip_newlines(struct parser *parser);

/* Commands up to a word or operator that cannot begin one. NULL: an error; a list needs one command at least. */
struct node *parser_list(struct parser *parser);

/* Replaces aliases where a command begins. */
void parser_expand_aliases(struct parser *parser);

/* < > and the others, one or none; at the end of a list. False: an error. */
bool parser_redirections(struct parser *parser, struct redirection ***tail);

bool parser_is_at_redirection(const struct parser *parser);

/* A simple command, or a function. NULL: an error. */
struct node *parser_simple(struct parser *parser);

/* A command that begins with a reserved word or (. NULL: an error. */
struct node *parser_compound(struct parser *parser);

/* Does a compound command begin here? */
bool parser_is_at_compound(const struct parser *parser);

/* if, fi, … */
bool is_reserved(const char *word);
