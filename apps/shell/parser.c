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

/* ---- Simple commands ---- */

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

static bool is_at_redirection(const struct parser *parser)
{
    return parser->token.kind == TOKEN_DESCRIPTOR || parser->token.kind >= TOKEN_REDIRECTIONS;
}

bool parser_redirections(struct parser *parser, struct redirection ***tail)
{
    while (is_at_redirection(parser)) {
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

static struct node *read_simple(struct parser *parser)
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
                                                   : is_at_redirection(parser);
    return begins ? read_simple(parser) : parser_fail(parser, "a command");
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
