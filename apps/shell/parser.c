#include "parser.h"

#include <string.h>

#include "input.h"
#include "stack.h"

/* Words that end a list, and those that begin a command. */
static const char *const closing_words[] = { "then", "else", "elif", "fi", "do", "done", "esac", "}" };
static const char *const opening_words[] = { "if", "while", "until", "for", "case", "{" };

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_AMONG(word, words) is_among((word), (words), sizeof (words) / sizeof (words)[0])

bool is_reserved(const char *word)
{
    return IS_AMONG(word, closing_words) || IS_AMONG(word, opening_words) || strcmp(word, "!") == 0 || strcmp(word, "in") == 0
        || strcmp(word, "time") == 0;
}

/* ---- Tokens ---- */

void parser_advance(struct parser *parser)
{
    lexer_next(parser->lexer, &parser->token);
}

bool parser_is_at(const struct parser *parser, const char *word)
{
    return parser->token.kind == TOKEN_WORD && parser->token.literal != NULL && strcmp(parser->token.literal, word) == 0;
}

static const char *token_name(const struct token *token)
{
    static const char *const names[] = {
        [TOKEN_END] = "the end", [TOKEN_NEWLINE] = "the end of the line", [TOKEN_DESCRIPTOR] = "a number", [TOKEN_SEMICOLON] = ";",
        [TOKEN_DOUBLE_SEMICOLON] = ";;", [TOKEN_BACKGROUND] = "&", [TOKEN_AND] = "&&", [TOKEN_PIPE] = "|", [TOKEN_OR] = "||",
        [TOKEN_LEFT] = "(", [TOKEN_RIGHT] = ")", [TOKEN_READ] = "<", [TOKEN_WRITE] = ">", [TOKEN_OVERWRITE] = ">|",
        [TOKEN_APPEND] = ">>", [TOKEN_READ_WRITE] = "<>", [TOKEN_COPY_INPUT] = "<&", [TOKEN_COPY_OUTPUT] = ">&", [TOKEN_HERE] = "<<",
        [TOKEN_HERE_TABS] = "<<-",
    };

    if (token->kind == TOKEN_WORD) {
        return token->literal != NULL ? token->literal : "a word with quotes or $";
    }
    return token->kind < sizeof names / sizeof names[0] && names[token->kind] != NULL ? names[token->kind] : "?";
}

struct node *parser_fail(struct parser *parser, const char *wanted)
{
    struct lexer *lexer = parser->lexer;

    lexer->has_ended = lexer->has_ended || (parser->token.kind == TOKEN_END && lexer->error == NULL);
    lexer_fail(lexer, "%s instead of %s", token_name(&parser->token), wanted);
    lexer->error_line = parser->token.kind == TOKEN_ERROR ? lexer->error_line : parser->token.line;
    return NULL;
}

struct node *parser_node(struct parser *parser, enum node_kind kind)
{
    struct node *node = arena_zeroed(parser->lexer->arena, sizeof *node);

    node->kind = kind;
    node->line = parser->token.line;
    return node;
}

bool parser_expect(struct parser *parser, const char *word)
{
    if (!parser_is_at(parser, word)) {
        (void)parser_fail(parser, word);
        return false;
    }
    parser_advance(parser);
    return true;
}

void parser_skip_newlines(struct parser *parser)
{
    while (parser->token.kind == TOKEN_NEWLINE) {
        parser_advance(parser);
    }
}

void parser_expand_aliases(struct parser *parser)
{
    while (parser->token.kind == TOKEN_WORD && parser->token.literal != NULL && !is_reserved(parser->token.literal)
           && !parser->lexer->keeps_names) {
        struct alias *alias = alias_find_usable(parser->token.literal);
        if (alias == NULL) {
            break;
        }
        lexer_enter_alias(parser->lexer, alias);
        parser_advance(parser);
    }
}

/* ---- Lists ---- */

static struct node *read_command(struct parser *parser)
{
    if (stack_is_short()) {
        lexer_fail(parser->lexer, "nested too deeply");
        return NULL;
    }
    if (parser_is_at_compound(parser)) {
        return parser_compound(parser);
    }
    bool begins = parser->token.kind == TOKEN_WORD ? parser->token.literal == NULL || !IS_AMONG(parser->token.literal, closing_words)
                                                   : parser_is_at_redirection(parser);
    return begins ? parser_simple(parser) : parser_fail(parser, "a command");
}

static bool item_add(struct parser *parser, struct item ***tail, struct node *node)
{
    struct item *item = arena_zeroed(parser->lexer->arena, sizeof *item);

    item->node = node;
    **tail = item;
    *tail = &item->next;
    return node != NULL;
}

/* Commands with | between them. */
static struct node *read_members(struct parser *parser)
{
    struct node *pipeline = parser_node(parser, NODE_PIPELINE);
    struct item **tail = &pipeline->items;

    if (!item_add(parser, &tail, read_command(parser))) {
        return NULL;
    }
    while (parser->token.kind == TOKEN_PIPE) {
        parser_advance(parser);
        parser_skip_newlines(parser);
        parser_expand_aliases(parser);
        if (!item_add(parser, &tail, read_command(parser))) {
            return NULL;
        }
    }
    return pipeline->items->next == NULL ? pipeline->items->node : pipeline;
}

/* A pipeline, with ! and time before it. */
static struct node *read_pipeline(struct parser *parser)
{
    parser_expand_aliases(parser);
    if (stack_is_short()) {
        lexer_fail(parser->lexer, "nested too deeply");
        return NULL;
    }
    if (!parser_is_at(parser, "!") && !parser_is_at(parser, "time")) {
        return read_members(parser);
    }
    struct node *node = parser_node(parser, parser_is_at(parser, "!") ? NODE_NOT : NODE_TIME);
    parser_advance(parser);
    node->body = read_pipeline(parser);
    return node->body != NULL ? node : NULL;
}

static struct node *read_and_or(struct parser *parser)
{
    struct node *left = read_pipeline(parser);

    while (left != NULL && (parser->token.kind == TOKEN_AND || parser->token.kind == TOKEN_OR)) {
        struct node *node = parser_node(parser, parser->token.kind == TOKEN_AND ? NODE_AND : NODE_OR);
        parser_advance(parser);
        parser_skip_newlines(parser);
        node->pair.left = left;
        node->pair.right = read_pipeline(parser);
        left = node->pair.right != NULL ? node : NULL;
    }
    return left;
}

/* Does a list end here? Newlines end one that is a line of its own. */
static bool is_at_end(const struct parser *parser)
{
    const struct token *token = &parser->token;

    if (token->kind == TOKEN_WORD) {
        return token->literal != NULL && IS_AMONG(token->literal, closing_words);
    }
    return token->kind == TOKEN_ERROR || token->kind == TOKEN_END || token->kind == TOKEN_RIGHT
        || token->kind == TOKEN_DOUBLE_SEMICOLON || token->kind == TOKEN_NEWLINE;
}

static struct node *read_sequence(struct parser *parser, bool is_line)
{
    struct node *sequence = parser_node(parser, NODE_SEQUENCE);
    struct item **tail = &sequence->items;
    bool has_separator;

    do {
        struct item **last = tail;
        if (!item_add(parser, &tail, read_and_or(parser))) {
            return NULL;
        }
        (*last)->in_background = parser->token.kind == TOKEN_BACKGROUND;
        has_separator = (*last)->in_background || parser->token.kind == TOKEN_SEMICOLON;
        if (has_separator) {
            parser_advance(parser);
        }
        if (!is_line && parser->token.kind == TOKEN_NEWLINE) {
            has_separator = true;
            parser_skip_newlines(parser);
        }
        parser_expand_aliases(parser);
    } while (has_separator && !is_at_end(parser));
    return sequence->items->next == NULL && !sequence->items->in_background ? sequence->items->node : sequence;
}

struct node *parser_list(struct parser *parser)
{
    parser_skip_newlines(parser);
    return read_sequence(parser, false);
}

/* ---- Whole commands ---- */

enum parsed parser_read(struct lexer *lexer, struct node **node_out)
{
    struct parser parser = { .lexer = lexer };
    enum token_kind kind;

    *node_out = NULL;
    parser_advance(&parser);
    parser_expand_aliases(&parser);
    kind = parser.token.kind;
    if (kind == TOKEN_END || kind == TOKEN_NEWLINE) {
        return kind == TOKEN_END ? PARSED_END : PARSED_NOTHING;
    }
    struct node *node = read_sequence(&parser, true);
    if (node != NULL && parser.token.kind != TOKEN_NEWLINE && parser.token.kind != TOKEN_END) {
        node = parser_fail(&parser, "the end of the command");
    }
    *node_out = node;
    return node != NULL ? PARSED : PARSED_ERROR;
}

struct node *parser_read_substitution(struct lexer *lexer)
{
    struct parser parser = { .lexer = lexer };
    struct node *node = NULL;

    parser_advance(&parser);
    parser_skip_newlines(&parser);
    if (parser.token.kind != TOKEN_RIGHT) {
        node = parser_list(&parser);
    }
    if (parser.token.kind != TOKEN_RIGHT) {
        (void)parser_fail(&parser, "the ) that closes $(");
    }
    return lexer->error == NULL ? node : NULL;
}

struct node *parser_read_text(struct lexer *lexer, const char *bytes, size_t size, unsigned line)
{
    struct text_input input;
    struct lexer inner;
    struct parser parser = { .lexer = &inner };
    struct node *node = NULL;

    text_input_begin(&input, bytes, size, line);
    lexer_begin(&inner, &input.input, lexer->arena);
    inner.keeps_names = lexer->keeps_names;
    parser_advance(&parser);
    parser_skip_newlines(&parser);
    if (parser.token.kind != TOKEN_END) {
        node = parser_list(&parser);
    }
    if (parser.token.kind != TOKEN_END) {
        node = parser_fail(&parser, "a command");
    }
    lexer_end(&inner);
    if (inner.error != NULL && lexer->error == NULL) {
        lexer->error = inner.error;
        lexer->error_line = inner.error_line;
    }
    return node;
}
