/* The lexer's words: quotes, and what begins with a dollar sign. */
#include <stdint.h>
#include <string.h>

#include "input.h"
#include "lexer.h"
#include "parser.h"
#include "stack.h"

/* A word that is being made. */
struct builder {
    struct lexer *lexer;
    struct word *word;
    struct part **tail;
    struct text literal;        /* characters that are no part yet */
    bool has_literal;           /* there are some, or quotes around nothing */
    bool literal_is_quoted;
};

/* ---- Parts ---- */

static struct part *part_add(struct builder *builder, enum part_kind kind, bool is_quoted)
{
    struct part *part = arena_zeroed(builder->lexer->arena, sizeof *part);

    part->kind = kind;
    part->is_quoted = is_quoted;
    *builder->tail = part;
    builder->tail = &part->next;
    return part;
}

static void literal_finish(struct builder *builder)
{
    if (builder->has_literal) {
        struct part *part = part_add(builder, PART_LITERAL, builder->literal_is_quoted);
        part->literal.size = builder->literal.size;
        part->literal.bytes = text_string(&builder->literal);
        builder->literal = (struct text)TEXT_EMPTY(builder->lexer->arena);
        builder->has_literal = false;
    }
}

static void literal_begin(struct builder *builder, bool is_quoted)
{
    if (builder->has_literal && builder->literal_is_quoted != is_quoted) {
        literal_finish(builder);
    }
    builder->has_literal = true;
    builder->literal_is_quoted = is_quoted;
}

static void literal_add(struct builder *builder, int character, bool is_quoted)
{
    literal_begin(builder, is_quoted);
    text_add(&builder->literal, (char)character);
}

/* ---- Dollars ---- */

static void fail_unfinished(struct lexer *lexer, const char *what)
{
    lexer_fail(lexer, "%s is not closed", what);
    lexer->has_ended = true;
}

static const char *read_name(struct lexer *lexer)
{
    struct text name = TEXT_EMPTY(lexer->arena);
    int character;

    while (is_name_part(character = lexer_peek(lexer))) {
        text_add(&name, (char)character);
        lexer_skip(lexer);
    }
    return text_string(&name);
}

static bool is_digit(int character)
{
    return character >= '0' && character <= '9';
}

static bool is_special(int character)
{
    return character != LEXER_END && character != '\0' && strchr("@*#?-$!", character) != NULL;
}

/* What stands in braces behind the dollar: a name, a number, a special character. NULL: an error. */
static const char *read_parameter_name(struct lexer *lexer)
{
    int character = lexer_peek(lexer);

    if (is_name_start(character)) {
        return read_name(lexer);
    }
    if (is_digit(character)) {
        struct text digits = TEXT_EMPTY(lexer->arena);
        while (is_digit(character = lexer_peek(lexer))) {
            text_add(&digits, (char)character);
            lexer_skip(lexer);
        }
        return text_string(&digits);
    }
    if (is_special(character)) {
        char name = (char)character;
        lexer_skip(lexer);
        return arena_copy(lexer->arena, &name, 1);
    }
    if (character == LEXER_END) {
        fail_unfinished(lexer, "${");
    } else {
        lexer_fail(lexer, "${ needs a name behind it: ${name}, ${name:-word}, ${name%%pattern}");
    }
    return NULL;
}

/* Behind a name: which operation; its operand is still to be read. False: an error. */
static bool read_operation(struct lexer *lexer, struct part *part)
{
    static const char plain[] = "-=?+";
    int character = lexer_peek(lexer);

    part->parameter.minds_empty = character == ':';
    if (part->parameter.minds_empty) {
        lexer_skip(lexer);
        character = lexer_peek(lexer);
    }
    const char *found = character == LEXER_END || character == '\0' ? NULL : strchr(plain, character);
    if (found != NULL) {
        part->parameter.operation = PARAMETER_DEFAULT + (enum parameter_operation)(found - plain);
        lexer_skip(lexer);
        return true;
    }
    if (!part->parameter.minds_empty && (character == '#' || character == '%')) {
        lexer_skip(lexer);
        bool is_long = lexer_peek(lexer) == character;
        if (is_long) {
            lexer_skip(lexer);
        }
        part->parameter.operation = (character == '#' ? PARAMETER_SHORT_PREFIX : PARAMETER_SHORT_SUFFIX) + (is_long ? 1 : 0);
        return true;
    }
    if (character == LEXER_END) {
        fail_unfinished(lexer, "${");
    } else {
        lexer_fail(lexer, "${%s: behind a name stands }, or one of :- := :? :+ # %%", part->parameter.name);
    }
    return false;
}

/* ${#…: the length of a parameter, or the parameter # itself. True: it is the length. */
static bool is_length(struct lexer *lexer)
{
    const struct source *source = lexer->source;
    int character = lexer_peek(lexer);
    char behind = source->end - source->at > 1 ? source->at[1] : '\0';

    if (character == '-' || character == '#' || character == '?') {
        return behind == '}';
    }
    return is_name_part(character) || character == '@' || character == '*' || character == '$' || character == '!';
}

static void read_operand(struct builder *builder, struct part *part, bool is_quoted)
{
    bool is_pattern = part->parameter.operation >= PARAMETER_SHORT_PREFIX;

    part->parameter.argument = lexer_word(builder->lexer, is_quoted && !is_pattern ? WORD_QUOTED_BRACE : WORD_BRACE);
    if (part->parameter.argument != NULL) {
        builder->word->has_effects = builder->word->has_effects || part->parameter.argument->has_effects
                                  || part->parameter.operation == PARAMETER_ASSIGN;
    }
}

/* Behind "${". */
static void read_braces(struct builder *builder, bool is_quoted)
{
    struct lexer *lexer = builder->lexer;
    struct part *part = part_add(builder, PART_PARAMETER, is_quoted);
    bool length = false;

    part->parameter.name = "#";
    if (lexer_peek(lexer) == '#') {
        lexer_skip(lexer);
        length = is_length(lexer);
    } else {
        part->parameter.name = NULL;
    }
    if (length || part->parameter.name == NULL) {
        part->parameter.name = read_parameter_name(lexer);
    }
    if (part->parameter.name == NULL) {
        return;
    }
    part->parameter.operation = length ? PARAMETER_LENGTH : PARAMETER_VALUE;
    if (lexer_peek(lexer) == '}') {
        lexer_skip(lexer);
    } else if (length) {
        lexer_fail(lexer, "${#%s: only } can stand behind the name", part->parameter.name);
    } else if (read_operation(lexer, part)) {
        read_operand(builder, part, is_quoted);
    }
}

/* Behind "$((". */
static void read_arithmetic(struct builder *builder, bool is_quoted)
{
    struct part *part = part_add(builder, PART_ARITHMETIC, is_quoted);

    part->arithmetic = lexer_word(builder->lexer, WORD_ARITHMETIC);
    if (part->arithmetic != NULL) {
        builder->word->has_effects = builder->word->has_effects || part->arithmetic->has_effects;
    }
}

/* Behind "$(". */
static void read_parentheses(struct builder *builder, bool is_quoted)
{
    if (lexer_peek(builder->lexer) == '(') {
        lexer_skip(builder->lexer);
        read_arithmetic(builder, is_quoted);
        return;
    }
    struct part *part = part_add(builder, PART_COMMAND, is_quoted);
    part->command = parser_read_substitution(builder->lexer);
}

/* The dollar was taken. */
static void read_dollar(struct builder *builder, bool is_quoted)
{
    struct lexer *lexer = builder->lexer;
    int character = lexer_peek(lexer);
    bool is_one = is_digit(character) || is_special(character);

    if (!is_one && !is_name_start(character) && character != '(' && character != '{') {
        literal_add(builder, '$', true);
        return;
    }
    literal_finish(builder);
    if (is_name_start(character)) {
        part_add(builder, PART_PARAMETER, is_quoted)->parameter.name = read_name(lexer);
        return;
    }
    lexer_skip(lexer);
    if (is_one) {
        char name = (char)character;
        part_add(builder, PART_PARAMETER, is_quoted)->parameter.name = arena_copy(lexer->arena, &name, 1);
    } else if (character == '(') {
        read_parentheses(builder, is_quoted);
    } else {
        read_braces(builder, is_quoted);
    }
}

/*
 * The first ` was taken. POSIX 2.6.3: what a backslash before $ ` \ (and " inside quotes) means is decided before the text is
 * read.
 */
static void read_backquotes(struct builder *builder, bool is_quoted)
{
    struct lexer *lexer = builder->lexer;
    struct text text = TEXT_EMPTY(lexer->arena);
    unsigned line = lexer->line;
    int character;

    literal_finish(builder);
    while ((character = lexer_look(lexer)) != '`') {
        if (character == LEXER_END) {
            fail_unfinished(lexer, "`");
            return;
        }
        lexer_skip(lexer);
        int next = character == '\\' ? lexer_look(lexer) : LEXER_END;
        if (next != LEXER_END && (next == '$' || next == '`' || next == '\\' || (is_quoted && next == '"'))) {
            lexer_skip(lexer);
            character = next;
        }
        text_add(&text, (char)character);
    }
    lexer_skip(lexer);
    const char *bytes = text_string(&text);
    part_add(builder, PART_COMMAND, is_quoted)->command = parser_read_text(lexer, bytes, text.size, line);
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
            fail_unfinished(lexer, "the quote '");
            return;
        }
        literal_add(builder, character, true);
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
        literal_add(builder, next, true);
    } else {
        literal_add(builder, '\\', true);
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
    fail_unfinished(lexer, end == WORD_QUOTES ? "the quote \"" : end == WORD_ARITHMETIC ? "$((" : "${");
}

/* An ordinary character inside quotes, or what it begins. It was taken. */
static void read_quoted_one(struct builder *builder, int character, enum word_end end)
{
    if (character == '$') {
        read_dollar(builder, true);
    } else if (character == '`') {
        read_backquotes(builder, true);
    } else if (character == '\\') {
        read_quoted_backslash(builder, end);
    } else if (character != '"' || end == WORD_HERE) {
        builder->word->has_effects = builder->word->has_effects || (end == WORD_ARITHMETIC && character == '=');
        literal_add(builder, character, true);
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
        literal_add(builder, '\\', true);
        return;
    }
    lexer_skip(builder->lexer);
    if (next != '\n') {
        literal_add(builder, next, true);
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
            fail_unfinished(lexer, "${");
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
            read_dollar(builder, false);
            break;
        case '`':
            read_backquotes(builder, false);
            break;
        default:
            literal_add(builder, character, false);
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
    literal_finish(&builder);
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
