#include "unparse.h"

#include <string.h>

#include <ternion/format.h>

#include "parser.h"
#include "stack.h"
#include "unparse_word.h"

#define NUMBER_SIZE 12U

static void command(struct unparser *unparser, const struct node *node);

static void add(struct unparser *unparser, const char *string)
{
    text_append_string(unparser->text, string);
}

/* ---- Here-documents ---- */

/* Is there a line in a text that is this word? */
static bool has_line(const char *bytes, const char *line)
{
    size_t length = strlen(line);

    while (*bytes != '\0') {
        size_t size = strcspn(bytes, "\n");
        if (size == length && memcmp(bytes, line, length) == 0) {
            return true;
        }
        bytes += size + (bytes[size] != '\0');
    }
    return false;
}

/* Adds the operator; the text waits for the end of the line. */
static void here_document(struct unparser *unparser, const struct redirection *redirection)
{
    const struct part *part = redirection->target->parts;
    bool is_literal = part != NULL && part->next == NULL && part->kind == PART_LITERAL;
    struct pending *pending = arena_zeroed(unparser->text->arena, sizeof *pending);
    struct text body = TEXT_EMPTY(unparser->text->arena);
    char end[NUMBER_SIZE] = "END";

    if (is_literal) {
        text_append(&body, part->literal.bytes, part->literal.size);
    } else {
        struct unparser inner = { .text = &body };
        inner.pending_end = &inner.pending;
        unparse_parts(&inner, redirection->target, UNPARSE_HERE);
    }
    pending->body = text_string(&body);
    for (unsigned i = 1; has_line(pending->body, end); i++) {
        (void)format_text(end, sizeof end, "END%u", i);
    }
    pending->end = arena_copy(unparser->text->arena, end, strlen(end));
    *unparser->pending_end = pending;
    unparser->pending_end = &pending->next;
    add(unparser, is_literal ? "<<\\" : "<<");
    add(unparser, end);
}

/* The texts of here-documents, if there are any: they begin behind a newline. */
static bool finish_line(struct unparser *unparser)
{
    const struct pending *pending = unparser->pending;

    if (pending == NULL) {
        return false;
    }
    add(unparser, "\n");
    for (; pending != NULL; pending = pending->next) {
        size_t length = strlen(pending->body);
        add(unparser, pending->body);
        add(unparser, length > 0 && pending->body[length - 1] != '\n' ? "\n" : "");
        add(unparser, pending->end);
        add(unparser, "\n");
    }
    unparser->pending = NULL;
    unparser->pending_end = &unparser->pending;
    return true;
}

/* Behind a command, before a reserved word. */
static void separate(struct unparser *unparser)
{
    if (!finish_line(unparser)) {
        add(unparser, "; ");
    }
}

/* Behind an operator or word with which a line may end. */
static void go_on(struct unparser *unparser)
{
    if (!finish_line(unparser)) {
        add(unparser, " ");
    }
}

/* ---- Commands ---- */

static void redirections(struct unparser *unparser, const struct node *node)
{
    static const char *const operators[] = { "<", ">", ">|", ">>", "<>", "<&", ">&", "" };

    for (const struct redirection *redirection = node->redirections; redirection != NULL; redirection = redirection->next) {
        char number[NUMBER_SIZE];
        (void)format_text(number, sizeof number, " %d", redirection->descriptor);
        add(unparser, number);
        add(unparser, operators[redirection->kind]);
        if (redirection->kind == REDIRECT_HERE) {
            here_document(unparser, redirection);
        } else {
            unparse_word(unparser, redirection->target);
        }
    }
}

static void words(struct unparser *unparser, const struct word *word)
{
    for (; word != NULL; word = word->next) {
        add(unparser, " ");
        unparse_word(unparser, word);
    }
}

/* Behind a redirection, as in `> file if`, it was no reserved word; here it stands before it. */
static void first_word(struct unparser *unparser, const struct word *word)
{
    const struct part *part = word->parts;
    bool is_plain = part != NULL && part->next == NULL && part->kind == PART_LITERAL && !part->is_quoted;

    if (is_plain && is_reserved(part->literal.bytes)) {
        add(unparser, "''");
    }
    unparse_word(unparser, word);
}

static void simple(struct unparser *unparser, const struct node *node)
{
    const char *blank = "";

    for (const struct assignment *assignment = node->simple.assignments; assignment != NULL; assignment = assignment->next) {
        add(unparser, blank);
        add(unparser, assignment->name);
        add(unparser, "=");
        unparse_word(unparser, assignment->value);
        blank = " ";
    }
    if (node->simple.words != NULL) {
        add(unparser, blank);
        first_word(unparser, node->simple.words);
        words(unparser, node->simple.words->next);
    }
}

static void items(struct unparser *unparser, const struct item *item, bool is_pipeline)
{
    for (; item != NULL; item = item->next) {
        command(unparser, item->node);
        if (is_pipeline && item->next != NULL) {
            add(unparser, " |");
            go_on(unparser);
        } else if (item->in_background) {
            add(unparser, " &");
            if (item->next != NULL) {
                go_on(unparser);
            }
        } else if (item->next != NULL) {
            separate(unparser);
        }
    }
}

/* A list with a word before it. */
static void list(struct unparser *unparser, const char *word, const struct node *node)
{
    const struct item *last = node->kind == NODE_SEQUENCE ? node->items : NULL;

    add(unparser, word);
    add(unparser, " ");
    command(unparser, node);
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    if (last != NULL && last->in_background) { /* & separates, too */
        go_on(unparser);
    } else {
        separate(unparser);
    }
}

static void branch(struct unparser *unparser, const struct node *node)
{
    list(unparser, "if", node->branch.condition);
    list(unparser, "then", node->branch.body);
    if (node->branch.otherwise != NULL) {
        list(unparser, "else", node->branch.otherwise);
    }
    add(unparser, "fi");
}

static void each(struct unparser *unparser, const struct node *node)
{
    add(unparser, "for ");
    add(unparser, node->each.name);
    if (node->each.has_words) {
        add(unparser, " in");
        words(unparser, node->each.words);
    }
    add(unparser, "; ");
    list(unparser, "do", node->each.body);
    add(unparser, "done");
}

static void choice(struct unparser *unparser, const struct node *node)
{
    add(unparser, "case ");
    unparse_word(unparser, node->choice.subject);
    add(unparser, " in ");
    for (const struct case_item *item = node->choice.items; item != NULL; item = item->next) {
        const char *before = "(";
        for (const struct word *pattern = item->patterns; pattern != NULL; pattern = pattern->next) {
            add(unparser, before);
            unparse_word(unparser, pattern);
            before = " | ";
        }
        add(unparser, ") ");
        if (item->body != NULL) {
            command(unparser, item->body);
            go_on(unparser);
        }
        add(unparser, ";; ");
    }
    add(unparser, "esac");
}

static void pair(struct unparser *unparser, const struct node *node)
{
    command(unparser, node->pair.left);
    add(unparser, node->kind == NODE_AND ? " &&" : " ||");
    go_on(unparser);
    command(unparser, node->pair.right);
}

static void prefixed(struct unparser *unparser, const char *prefix, const struct node *node)
{
    add(unparser, prefix);
    command(unparser, node);
}

static void body(struct unparser *unparser, const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        simple(unparser, node);
        break;
    case NODE_PIPELINE:
    case NODE_SEQUENCE:
        items(unparser, node->items, node->kind == NODE_PIPELINE);
        break;
    case NODE_AND:
    case NODE_OR:
        pair(unparser, node);
        break;
    case NODE_NOT:
        prefixed(unparser, "! ", node->body);
        break;
    case NODE_TIME:
        prefixed(unparser, "time ", node->body);
        break;
    case NODE_IF:
        branch(unparser, node);
        break;
    case NODE_LOOP:
        list(unparser, node->loop.until ? "until" : "while", node->loop.condition);
        list(unparser, "do", node->loop.body);
        add(unparser, "done");
        break;
    case NODE_FOR:
        each(unparser, node);
        break;
    case NODE_CASE:
        choice(unparser, node);
        break;
    case NODE_GROUP:
        list(unparser, "{", node->body);
        add(unparser, "}");
        break;
    case NODE_SUBSHELL:
        prefixed(unparser, "( ", node->body);
        go_on(unparser);
        add(unparser, ")");
        break;
    case NODE_FUNCTION:
        add(unparser, node->function.name);
        prefixed(unparser, "() ", node->function.body);
        break;
    }
}

/* What is too deep is left out: it could not be done either. */
static void command(struct unparser *unparser, const struct node *node)
{
    if (!stack_is_short()) {
        body(unparser, node);
        redirections(unparser, node);
    }
}

/* The text of a here-document outside begins behind the first newline in here. */
void unparse_inside(struct unparser *unparser, const struct node *node)
{
    struct pending **before = unparser->pending_end;

    command(unparser, node);
    if (unparser->pending_end == before || !finish_line(unparser)) {
        add(unparser, " ");
    }
}

void unparse(const struct node *node, struct text *text)
{
    struct unparser unparser = { .text = text };

    unparser.pending_end = &unparser.pending;
    command(&unparser, node);
    (void)finish_line(&unparser);
}
