/* The parser's simple commands: words, assignments, redirections; and functions, which begin like them. */
#include <string.h>

#include "parser.h"

static bool read_redirection(struct parser *parser, struct redirection ***tail)
{
    struct redirection *redirection = arena_zeroed(parser->lexer->arena, sizeof *redirection);

    redirection->descriptor = -1;
    if (parser->token.kind == TOKEN_DESCRIPTOR) {
        redirection->descriptor = parser->token.descriptor;
        parser_advance(parser);
    }
    enum token_kind operator = parser->token.kind;
    bool is_here = operator == TOKEN_HERE || operator == TOKEN_HERE_TABS;
    redirection->kind = is_here ? REDIRECT_HERE : (enum redirection_kind)(operator - TOKEN_REDIRECTIONS);
    if (redirection->descriptor < 0) {
        bool reads = is_here || operator == TOKEN_READ || operator == TOKEN_READ_WRITE || operator == TOKEN_COPY_INPUT;
        redirection->descriptor = reads ? 0 : 1;
    }
    parser_advance(parser);
    if (parser->token.kind != TOKEN_WORD) {
        (void)parser_fail(parser, is_here ? "the word that ends the text" : "the name of a file");
        return false;
    }
    if (is_here) {
        lexer_await_here_document(parser->lexer, redirection, parser->token.word, operator == TOKEN_HERE_TABS);
    } else {
        redirection->target = parser->token.word;
    }
    **tail = redirection;
    *tail = &redirection->next;
    parser_advance(parser);
    return true;
}

bool parser_is_at_redirection(const struct parser *parser)
{
    return parser->token.kind == TOKEN_DESCRIPTOR || parser->token.kind >= TOKEN_REDIRECTIONS;
}

bool parser_redirections(struct parser *parser, struct redirection ***tail)
{
    while (parser_is_at_redirection(parser)) {
        if (!read_redirection(parser, tail)) {
            return false;
        }
    }
    return true;
}

/* If a word is name=value, its assignment; else NULL. */
static struct assignment *assignment_of(struct parser *parser, const struct word *word)
{
    struct arena *arena = parser->lexer->arena;
    const struct part *first = word->parts;

    if (first == NULL || first->kind != PART_LITERAL || first->is_quoted) {
        return NULL;
    }
    size_t length = name_length(first->literal.bytes);
    if (length == 0 || first->literal.bytes[length] != '=') {
        return NULL;
    }
    struct assignment *assignment = arena_zeroed(arena, sizeof *assignment);
    struct part *rest = arena_zeroed(arena, sizeof *rest);
    assignment->name = arena_copy(arena, first->literal.bytes, length);
    *rest = *first;
    rest->literal.bytes += length + 1;
    rest->literal.size -= length + 1;
    assignment->value = arena_zeroed(arena, sizeof *assignment->value);
    assignment->value->has_effects = word->has_effects;
    assignment->value->parts = rest->literal.size > 0 ? rest : first->next;
    return assignment;
}

/* f(): the name was read. */
static struct node *read_function(struct parser *parser, struct node *node)
{
    const char *name = node->simple.words->parts->literal.bytes;

    if (name_length(name) != strlen(name)) {
        lexer_fail(parser->lexer, "%s cannot be the name of a function", name);
        return NULL;
    }
    parser_advance(parser);
    if (parser->token.kind != TOKEN_RIGHT) {
        return parser_fail(parser, ")");
    }
    parser_advance(parser);
    parser_skip_newlines(parser);
    if (!parser_is_at_compound(parser)) {
        return parser_fail(parser, "{");
    }
    node->kind = NODE_FUNCTION;
    node->function.name = name;
    node->function.body = parser_compound(parser);
    return node->function.body != NULL ? node : NULL;
}

static bool is_function(const struct node *node)
{
    const struct word *word = node->simple.words;

    return word != NULL && word->next == NULL && node->simple.assignments == NULL && node->redirections == NULL
        && word->parts->next == NULL && word->parts->kind == PART_LITERAL && !word->parts->is_quoted;
}

/* A word behind an alias that ends with a blank may be one, too. */
static void read_next_word(struct parser *parser)
{
    parser->lexer->alias_next = false;
    parser_advance(parser);
    if (parser->lexer->alias_next) {
        parser_expand_aliases(parser);
    }
}

struct node *parser_simple(struct parser *parser)
{
    struct node *node = parser_node(parser, NODE_SIMPLE);
    struct assignment **assignment_tail = &node->simple.assignments;
    struct word **word_tail = &node->simple.words;
    struct redirection **redirection_tail = &node->redirections;

    for (;;) {
        if (!parser_redirections(parser, &redirection_tail)) {
            return NULL;
        }
        if (parser->token.kind != TOKEN_WORD) {
            break;
        }
        struct assignment *assignment = node->simple.words == NULL ? assignment_of(parser, parser->token.word) : NULL;
        if (assignment != NULL) {
            *assignment_tail = assignment;
            assignment_tail = &assignment->next;
            parser_advance(parser);
            parser_expand_aliases(parser);
        } else {
            *word_tail = parser->token.word;
            word_tail = &parser->token.word->next;
            read_next_word(parser);
        }
    }
    if (parser->token.kind == TOKEN_LEFT && is_function(node)) {
        return read_function(parser, node);
    }
    return parser->token.kind == TOKEN_ERROR ? parser_fail(parser, "a command") : node;
}
