#include "lexer.h"

#include <stdarg.h>
#include <string.h>

#include <ternion/format.h>

#include "parser.h"

#define ERROR_SIZE 200U

void lexer_begin(struct lexer *lexer, struct input *input, struct arena *arena)
{
    *lexer = (struct lexer){ .input = input, .arena = arena, .line = input->line };
    lexer->source = &lexer->lines;
    lexer->here_end = &lexer->here_documents;
}

static void source_leave(struct lexer *lexer)
{
    struct source *source = lexer->source;

    alias_let_go(source->alias);
    lexer->source = source->below;
}

void lexer_end(struct lexer *lexer)
{
    while (lexer->source->below != NULL) {
        source_leave(lexer);
    }
    lexer->lines.at = lexer->lines.end;
}

void lexer_fail(struct lexer *lexer, const char *template, ...)
{
    char text[ERROR_SIZE];
    va_list values;

    if (lexer->error == NULL) {
        va_start(values, template);
        size_t size = format_text_list(text, sizeof text, template, values);
        va_end(values);
        lexer->error = arena_copy(lexer->arena, text, size < sizeof text ? size : sizeof text - 1);
        lexer->error_line = lexer->line;
    }
}

/* ---- Characters ---- */

/* What was taken from an alias ended with a blank: does the next word count as a command's name? */
static bool ends_with_blank(const struct alias *alias)
{
    size_t length = strlen(alias->text);

    return length > 0 && (alias->text[length - 1] == ' ' || alias->text[length - 1] == '\t');
}

int lexer_look(struct lexer *lexer)
{
    const char *bytes;
    size_t size;

    for (;;) {
        struct source *source = lexer->source;
        if (source->at < source->end) {
            return (unsigned char)*source->at;
        }
        if (source->below != NULL) {
            lexer->alias_next = lexer->alias_next || ends_with_blank(source->alias);
            source_leave(lexer);
        } else if (lexer->error == NULL && lexer->input->next(lexer->input, &bytes, &size)) {
            lexer->lines.at = bytes;
            lexer->lines.end = bytes + size;
        } else {
            return LEXER_END;
        }
    }
}

void lexer_skip(struct lexer *lexer)
{
    if (*lexer->source->at == '\n' && lexer->source->below == NULL) {
        lexer->line++;
        lexer->input->line = lexer->line;
    }
    lexer->source->at++;
}

int lexer_peek(struct lexer *lexer)
{
    for (;;) {
        int character = lexer_look(lexer);
        const struct source *source = lexer->source;
        if (character != '\\' || source->end - source->at < 2 || source->at[1] != '\n') {
            return character;
        }
        lexer_skip(lexer);
        lexer_skip(lexer);
    }
}

bool is_name_start(int character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

bool is_name_part(int character)
{
    return is_name_start(character) || (character >= '0' && character <= '9');
}

size_t name_length(const char *text)
{
    size_t length = 0;

    if (is_name_start((unsigned char)text[0])) {
        while (is_name_part((unsigned char)text[length])) {
            length++;
        }
    }
    return length;
}

/* ---- Aliases ---- */

/* A blank behind the text keeps its last word inside it, until it has been looked at. */
void lexer_enter_alias(struct lexer *lexer, struct alias *alias)
{
    struct source *source = arena_zeroed(lexer->arena, sizeof *source);
    struct text text = TEXT_EMPTY(lexer->arena);

    text_append_string(&text, alias->text);
    text_add(&text, ' ');
    *source = (struct source){ lexer->source, text.bytes, text.bytes + text.size, alias };
    lexer->source = source;
    alias_use(alias);
}

/* ---- Here-documents ---- */

void lexer_await_here_document(struct lexer *lexer, struct redirection *redirection, const struct word *end, bool strips_tabs)
{
    struct here_document *here = arena_zeroed(lexer->arena, sizeof *here);
    struct text text = TEXT_EMPTY(lexer->arena);

    *here = (struct here_document){ .redirection = redirection, .strips_tabs = strips_tabs };
    for (const struct part *part = end->parts; part != NULL; part = part->next) {
        if (part->kind != PART_LITERAL) {
            lexer_fail(lexer, "what ends a here-document is a plain word, without $ and `");
            return;
        }
        text_append(&text, part->literal.bytes, part->literal.size);
        here->is_literal = here->is_literal || part->is_quoted;
    }
    here->end = text_string(&text);
    *lexer->here_end = here;
    lexer->here_end = &here->next;
}

/*
 * Adds a line up to its newline, which is taken; a backslash before the newline joins it with the next one, unless all is
 * literal. False: the end.
 */
static bool here_read(struct lexer *lexer, bool is_literal, struct text *text)
{
    bool is_escaped = false;
    int character;

    while ((character = lexer_look(lexer)) != LEXER_END && (character != '\n' || is_escaped)) {
        is_escaped = character == '\\' && !is_escaped && !is_literal;
        text_add(text, (char)character);
        lexer_skip(lexer);
    }
    if (character == '\n') {
        lexer_skip(lexer);
    }
    return character == '\n';
}

/* Adds a line, with its newline. False: it is the one that ends the text, or the last that there is. */
static bool here_line(struct lexer *lexer, const struct here_document *here, struct text *text)
{
    size_t start = text->size;

    while (here->strips_tabs && lexer_look(lexer) == '\t') {
        lexer_skip(lexer);
    }
    bool has_newline = here_read(lexer, here->is_literal, text);
    if (strcmp(text_string(text) + start, here->end) == 0) {
        text->size = start;
        return false;
    }
    if (has_newline) {
        text_add(text, '\n');
    }
    return has_newline;
}

static struct word *literal_word(struct arena *arena, const char *bytes, size_t size)
{
    struct word *word = arena_zeroed(arena, sizeof *word);
    struct part *part = arena_zeroed(arena, sizeof *part);

    part->kind = PART_LITERAL;
    part->is_quoted = true;
    part->literal.bytes = bytes;
    part->literal.size = size;
    word->parts = part;
    return word;
}

/* The texts of all that begin behind this newline. */
static void read_here_documents(struct lexer *lexer)
{
    struct here_document *here = lexer->here_documents;

    lexer->here_documents = NULL;
    lexer->here_end = &lexer->here_documents;
    for (; here != NULL; here = here->next) {
        struct text text = TEXT_EMPTY(lexer->arena);
        unsigned line = lexer->line;

        while (here_line(lexer, here, &text)) {
        }
        const char *bytes = text_string(&text);
        here->redirection->target = here->is_literal ? literal_word(lexer->arena, bytes, text.size)
                                                     : lexer_word_of_text(lexer, bytes, text.size, line);
    }
}

/* ---- Tokens ---- */

/* Operators, longest first. */
static const struct operator {
    char text[4];
    enum token_kind kind;
} operators[] = {
    { "<<-", TOKEN_HERE_TABS }, { "<<", TOKEN_HERE }, { "<&", TOKEN_COPY_INPUT }, { "<>", TOKEN_READ_WRITE }, { "<", TOKEN_READ },
    { ">>", TOKEN_APPEND }, { ">&", TOKEN_COPY_OUTPUT }, { ">|", TOKEN_OVERWRITE }, { ">", TOKEN_WRITE }, { "&&", TOKEN_AND },
    { "&", TOKEN_BACKGROUND }, { "||", TOKEN_OR }, { "|", TOKEN_PIPE }, { ";;", TOKEN_DOUBLE_SEMICOLON }, { ";", TOKEN_SEMICOLON },
    { "(", TOKEN_LEFT }, { ")", TOKEN_RIGHT },
};

static enum token_kind read_operator(struct lexer *lexer)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t length = strlen(operators[i].text);
        const struct source *source = lexer->source;
        if ((size_t)(source->end - source->at) >= length && memcmp(source->at, operators[i].text, length) == 0) {
            lexer->source->at += length;
            return operators[i].kind;
        }
    }
    lexer_fail(lexer, "the character '%c' is not expected here", *lexer->source->at);
    return TOKEN_ERROR;
}

static void skip_blanks(struct lexer *lexer)
{
    int character;

    while ((character = lexer_peek(lexer)) == ' ' || character == '\t') {
        lexer_skip(lexer);
    }
    if (character == '#') {
        while ((character = lexer_look(lexer)) != '\n' && character != LEXER_END) {
            lexer_skip(lexer);
        }
    }
}

/* The text of a word that is nothing but itself; NULL if it has quotes or expansions. */
static const char *literal_of(const struct word *word)
{
    const struct part *part = word->parts;

    return part != NULL && part->next == NULL && part->kind == PART_LITERAL && !part->is_quoted ? part->literal.bytes : NULL;
}

static void read_word(struct lexer *lexer, struct token *token)
{
    token->word = lexer_word(lexer, WORD_PLAIN);
    if (token->word == NULL) {
        token->kind = TOKEN_ERROR;
        return;
    }
    token->kind = TOKEN_WORD;
    token->literal = literal_of(token->word);
    int next = lexer_look(lexer);
    if (token->literal != NULL && strlen(token->literal) == 1 && token->literal[0] >= '0' && token->literal[0] <= '9'
        && (next == '<' || next == '>')) {
        token->kind = TOKEN_DESCRIPTOR;
        token->descriptor = token->literal[0] - '0';
    }
}

void lexer_next(struct lexer *lexer, struct token *token_out)
{
    *token_out = (struct token){ .kind = TOKEN_ERROR, .line = lexer->line };
    if (lexer->error != NULL) {
        return;
    }
    skip_blanks(lexer);
    token_out->line = lexer->line;
    int character = lexer_peek(lexer);
    if (character == LEXER_END) {
        read_here_documents(lexer);
        token_out->kind = TOKEN_END;
    } else if (character == '\n') {
        lexer_skip(lexer);
        read_here_documents(lexer);
        token_out->kind = TOKEN_NEWLINE;
    } else if (strchr("<>&|;()", character) != NULL) {
        token_out->kind = read_operator(lexer);
    } else {
        read_word(lexer, token_out);
    }
    if (lexer->error != NULL) {
        token_out->kind = TOKEN_ERROR;
    }
}
