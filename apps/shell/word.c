/* The lexer's words, and quotes. */
#include "word.h"

#include <string.h>

#include "input.h"
#include "stack.h"

/* ---- Parts ---- */

struct part *word_part_add(struct builder *builder, enum part_kind kind, bool is_quoted)
{
    struct part *part = arena_zeroed(builder->lexer->arena, sizeof *part);

    part->kind = kind;
    part->is_quoted = is_quoted;
    *builder->tail = part;
    builder->tail = &part->next;
    return part;
}

void word_literal_finish(struct builder *builder)
{
    if (builder->has_literal) {
        struct part *part = word_part_add(builder, PART_LITERAL, builder->literal_is_quoted);
        part->literal.size = builder->literal.size;
        part->literal.bytes = text_string(&builder->literal);
        builder->literal = (struct text)TEXT_EMPTY(builder->lexer->arena);
        builder->has_literal = false;
    }
}

static void literal_begin(struct builder *builder, bool is_quoted)
{
    if (builder->has_literal && builder->literal_is_quoted != is_quoted) {
        word_literal_finish(builder);
    }
    builder->has_literal = true;
    builder->literal_is_quoted = is_quoted;
}

void word_literal_add(struct builder *builder, int character, bool is_quoted)
{
    literal_begin(builder, is_quoted);
    text_add(&builder->literal, (char)character);
}

/* ---- Quotes ---- */

/* The first ' was taken. */
static void read_single_quotes(struct builder *builder)
{
    struct lexer *lexer = builder->lexer;
    int character;

    literal_begin(builder, true);
    while ((character = lexer_look(lexer)) != '\'') {
        if (character == LEXER_END) {
            word_fail_unfinished(lexer, "the quote '");
            return;
        }
        word_literal_add(builder, character, true);
        lexer_skip(lexer);
    }
    lexer_skip(lexer);
}

/* Inside quotes a backslash stands for itself but before a few characters. It was taken. */
static void read_quoted_backslash(struct builder *builder, enum word_end end)
{
    int next = lexer_look(builder->lexer);
    bool is_taken = next == '$' || next == '`' || next == '\\' || (next == '"' && end != WORD_HERE)
                 || (next == '}' && end == WORD_QUOTED_BRACE);

    if (next == '\n') {
        lexer_skip(builder->lexer);
    } else if (is_taken) {
        lexer_skip(builder->lexer);
        word_literal_add(builder, next, true);
    } else {
        word_literal_add(builder, '\\', true);
    }
}

static bool ends_quoted(const struct lexer *lexer, int character, enum word_end end, unsigned depth)
{
    switch (end) {
    case WORD_QUOTES:
        return character == '"';
    case WORD_QUOTED_BRACE:
        return character == '}';
    case WORD_ARITHMETIC:
        return character == ')' && depth == 0 && lexer->source->end - lexer->source->at > 1 && lexer->source->at[1] == ')';
    default:
        return false;
    }
}

static void fail_quoted(struct lexer *lexer, enum word_end end)
{
    word_fail_unfinished(lexer, end == WORD_QUOTES ? "the quote \"" : end == WORD_ARITHMETIC ? "$((" : "${");
}

/* An ordinary character inside quotes, or what it begins. It was taken. */
static void read_quoted_one(struct builder *builder, int character, enum word_end end)
{
    if (character == '$') {
        word_read_dollar(builder, true);
    } else if (character == '`') {
        word_read_backquotes(builder, true);
    } else if (character == '\\') {
        read_quoted_backslash(builder, end);
    } else if (character != '"' || end == WORD_HERE) {
        builder->word->has_effects = builder->word->has_effects || (end == WORD_ARITHMETIC && character == '=');
        word_literal_add(builder, character, true);
    }
}

/* Up to the end, which is taken, too. */
static void read_quoted(struct builder *builder, enum word_end end)
{
    struct lexer *lexer = builder->lexer;
    unsigned depth = 0;
    int character;

    while (lexer->error == NULL && !ends_quoted(lexer, character = lexer_look(lexer), end, depth)) {
        if (character == LEXER_END) {
            if (end != WORD_HERE) {
                fail_quoted(lexer, end);
            }
            return;
        }
        depth += character == '(';
        if (character == ')' && end == WORD_ARITHMETIC && depth-- == 0) {
            lexer_fail(lexer, "$(( needs )) at its end; a command in parentheses needs a blank before: $( (");
            return;
        }
        lexer_skip(lexer);
        read_quoted_one(builder, character, end);
    }
    lexer->source->at += lexer->error == NULL ? (end == WORD_ARITHMETIC ? 2 : 1) : 0;
}

/* Quotes around nothing are a part, too: the word is there, even if it is empty. */
static void read_double_quotes(struct builder *builder)
{
    struct part **tail = builder->tail;
    size_t size = builder->literal.size;

    read_quoted(builder, WORD_QUOTES);
    if (builder->tail == tail && builder->literal.size == size) {
        literal_begin(builder, true);
    }
}

/* The backslash was taken. */
static void read_backslash(struct builder *builder)
{
    int next = lexer_look(builder->lexer);

    if (next == LEXER_END) {
        word_literal_add(builder, '\\', true);
        return;
    }
    lexer_skip(builder->lexer);
    if (next != '\n') {
        word_literal_add(builder, next, true);
    }
}

static bool ends_plain(int character, enum word_end end)
{
    if (end == WORD_BRACE) {
        return character == '}';
    }
    return character == LEXER_END || (character != '\0' && strchr(" \t\n<>&|;()", character) != NULL);
}

static void read_plain(struct builder *builder, enum word_end end)
{
    struct lexer *lexer = builder->lexer;
    int character;

    while (lexer->error == NULL && !ends_plain(character = lexer_look(lexer), end)) {
        if (character == LEXER_END) {
            word_fail_unfinished(lexer, "${");
            return;
        }
        lexer_skip(lexer);
        switch (character) {
        case '\'':
            read_single_quotes(builder);
            break;
        case '"':
            read_double_quotes(builder);
            break;
        case '\\':
            read_backslash(builder);
            break;
        case '$':
            word_read_dollar(builder, false);
            break;
        case '`':
            word_read_backquotes(builder, false);
            break;
        default:
            word_literal_add(builder, character, false);
            break;
        }
    }
    lexer->source->at += lexer->error == NULL && end == WORD_BRACE;
}

/* ---- Words ---- */

struct word *lexer_word(struct lexer *lexer, enum word_end end)
{
    struct word *word = arena_zeroed(lexer->arena, sizeof *word);
    struct builder builder = { .lexer = lexer, .word = word, .tail = &word->parts, .literal = TEXT_EMPTY(lexer->arena) };

    if (stack_is_short()) {
        lexer_fail(lexer, "nested too deeply");
        return NULL;
    }
    if (end == WORD_PLAIN || end == WORD_BRACE) {
        read_plain(&builder, end);
    } else {
        read_quoted(&builder, end);
    }
    word_literal_finish(&builder);
    return lexer->error == NULL ? word : NULL;
}

struct word *lexer_word_of_text(struct lexer *lexer, const char *bytes, size_t size, unsigned line)
{
    struct text_input input;
    struct lexer inner;

    text_input_begin(&input, bytes, size, line);
    lexer_begin(&inner, &input.input, lexer->arena);
    inner.keeps_names = lexer->keeps_names;
    struct word *word = lexer_word(&inner, WORD_HERE);
    lexer_end(&inner);
    if (word == NULL && lexer->error == NULL) {
        lexer->error = inner.error;
        lexer->error_line = inner.error_line;
    }
    return word;
}
