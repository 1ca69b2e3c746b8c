/* The parser's compound commands: what begins with a reserved word or a parenthesis. */
#include <string.h>

#include "parser.h"

bool parser_is_at_compound(const struct parser *parser)
{
    static const char *const words[] = { "if", "while", "until", "for", "case", "{" };

    if (parser->token.kind == TOKEN_LEFT) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (parser_is_at(parser, words[i])) {
            return true;
        }
    }
    return false;
}

/* Behind "if" or "elif", up to "fi", which stays. */
static struct node *read_if(struct parser *parser)
{
    struct node *node = parser_node(parser, NODE_IF);

    parser_advance(parser);
    node->branch.condition = parser_list(parser);
    if (node->branch.condition == NULL || !parser_expect(parser, "then")) {
        return NULL;
    }
    node->branch.body = parser_list(parser);
    if (node->branch.body == NULL) {
        return NULL;
    }
    if (parser_is_at(parser, "elif")) {
        node->branch.otherwise = read_if(parser);
        return node->branch.otherwise != NULL ? node : NULL;
    }
    if (parser_is_at(parser, "else")) {
        parser_advance(parser);
        node->branch.otherwise = parser_list(parser);
        if (node->branch.otherwise == NULL) {
            return NULL;
        }
    }
    return parser_is_at(parser, "fi") ? node : parser_fail(parser, "fi");
}

/* do … done, up to "done", which stays. */
static struct node *read_do(struct parser *parser)
{
    if (!parser_expect(parser, "do")) {
        return NULL;
    }
    struct node *body = parser_list(parser);
    return body == NULL ? NULL : parser_is_at(parser, "done") ? body : parser_fail(parser, "done");
}

static struct node *read_loop(struct parser *parser)
{
    struct node *node = parser_node(parser, NODE_LOOP);

    node->loop.until = parser_is_at(parser, "until");
    parser_advance(parser);
    node->loop.condition = parser_list(parser);
    node->loop.body = node->loop.condition == NULL ? NULL : read_do(parser);
    return node->loop.body != NULL ? node : NULL;
}

static void read_words(struct parser *parser, struct word **tail)
{
    while (parser->token.kind == TOKEN_WORD) {
        *tail = parser->token.word;
        tail = &parser->token.word->next;
        parser_advance(parser);
    }
}

static struct node *read_for(struct parser *parser)
{
    struct node *node = parser_node(parser, NODE_FOR);

    parser_advance(parser);
    const char *name = parser->token.kind == TOKEN_WORD ? parser->token.literal : NULL;
    if (name == NULL || name_length(name) == 0 || name_length(name) != strlen(name)) {
        return parser_fail(parser, "the name of a variable");
    }
    node->each.name = name;
    parser_advance(parser);
    parser_skip_newlines(parser);
    node->each.has_words = parser_is_at(parser, "in");
    if (node->each.has_words) {
        parser_advance(parser);
        read_words(parser, &node->each.words);
        if (parser->token.kind != TOKEN_SEMICOLON && parser->token.kind != TOKEN_NEWLINE) {
            return parser_fail(parser, "; or the end of the line");
        }
    }
    if (parser->token.kind == TOKEN_SEMICOLON) {
        parser_advance(parser);
    }
    parser_skip_newlines(parser);
    node->each.body = read_do(parser);
    return node->each.body != NULL ? node : NULL;
}

/* pattern | pattern ) commands ;; False: an error. */
static bool read_case_item(struct parser *parser, struct case_item *item)
{
    struct word **tail = &item->patterns;

    if (parser->token.kind == TOKEN_LEFT) {
        parser_advance(parser);
    }
    for (;;) {
        if (parser->token.kind != TOKEN_WORD) {
            (void)parser_fail(parser, "a pattern");
            return false;
        }
        *tail = parser->token.word;
        tail = &parser->token.word->next;
        parser_advance(parser);
        if (parser->token.kind != TOKEN_PIPE) {
            break;
        }
        parser_advance(parser);
    }
    if (parser->token.kind != TOKEN_RIGHT) {
        (void)parser_fail(parser, ") behind the pattern");
        return false;
    }
    parser_advance(parser);
    parser_skip_newlines(parser);
    if (parser->token.kind != TOKEN_DOUBLE_SEMICOLON && !parser_is_at(parser, "esac")) {
        item->body = parser_list(parser);
    }
    return parser->lexer->error == NULL;
}

static struct node *read_case(struct parser *parser)
{
    struct node *node = parser_node(parser, NODE_CASE);
    struct case_item **tail = &node->choice.items;

    parser_advance(parser);
    if (parser->token.kind != TOKEN_WORD) {
        return parser_fail(parser, "a word");
    }
    node->choice.subject = parser->token.word;
    parser_advance(parser);
    parser_skip_newlines(parser);
    if (!parser_expect(parser, "in")) {
        return NULL;
    }
    parser_skip_newlines(parser);
    while (!parser_is_at(parser, "esac")) {
        *tail = arena_zeroed(parser->lexer->arena, sizeof **tail);
        if (!read_case_item(parser, *tail)) {
            return NULL;
        }
        tail = &(*tail)->next;
        if (parser->token.kind != TOKEN_DOUBLE_SEMICOLON) {
            return parser_is_at(parser, "esac") ? node : parser_fail(parser, ";; or esac");
        }
        parser_advance(parser);
        parser_skip_newlines(parser);
    }
    return node;
}

static struct node *read_group(struct parser *parser)
{
    struct node *node = parser_node(parser, parser->token.kind == TOKEN_LEFT ? NODE_SUBSHELL : NODE_GROUP);

    parser_advance(parser);
    node->body = parser_list(parser);
    if (node->body == NULL) {
        return NULL;
    }
    bool is_closed = node->kind == NODE_SUBSHELL ? parser->token.kind == TOKEN_RIGHT : parser_is_at(parser, "}");
    return is_closed ? node : parser_fail(parser, node->kind == NODE_SUBSHELL ? ")" : "}");
}

/* Up to the word that ends it, which stays. */
static struct node *read_compound(struct parser *parser)
{
    if (parser_is_at(parser, "if")) {
        return read_if(parser);
    }
    if (parser_is_at(parser, "while") || parser_is_at(parser, "until")) {
        return read_loop(parser);
    }
    if (parser_is_at(parser, "for")) {
        return read_for(parser);
    }
    return parser_is_at(parser, "case") ? read_case(parser) : read_group(parser);
}

struct node *parser_compound(struct parser *parser)
{
    struct node *node = read_compound(parser);

    if (node == NULL) {
        return NULL;
    }
    struct redirection **tail = &node->redirections;
    parser_advance(parser);
    if (!parser_redirections(parser, &tail)) {
        return NULL;
    }
    return parser->token.kind == TOKEN_ERROR ? parser_fail(parser, "a command") : node;
}
