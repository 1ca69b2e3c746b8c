/* What begins with a dollar sign or a backquote. */
#include <string.h>

#include "parser.h"
#include "word.h"

void word_fail_unfinished(struct lexer *lexer, const char *what)
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
        word_fail_unfinished(lexer, "${");
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
        word_fail_unfinished(lexer, "${");
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
    struct part *part = word_part_add(builder, PART_PARAMETER, is_quoted);
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
    struct part *part = word_part_add(builder, PART_ARITHMETIC, is_quoted);

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
    struct part *part = word_part_add(builder, PART_COMMAND, is_quoted);
    part->command = parser_read_substitution(builder->lexer);
}

/* The dollar was taken. */
void word_read_dollar(struct builder *builder, bool is_quoted)
{
    struct lexer *lexer = builder->lexer;
    int character = lexer_peek(lexer);
    bool is_one = is_digit(character) || is_special(character);

    if (!is_one && !is_name_start(character) && character != '(' && character != '{') {
        word_literal_add(builder, '$', true);
        return;
    }
    word_literal_finish(builder);
    if (is_name_start(character)) {
        word_part_add(builder, PART_PARAMETER, is_quoted)->parameter.name = read_name(lexer);
        return;
    }
    lexer_skip(lexer);
    if (is_one) {
        char name = (char)character;
        word_part_add(builder, PART_PARAMETER, is_quoted)->parameter.name = arena_copy(lexer->arena, &name, 1);
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
void word_read_backquotes(struct builder *builder, bool is_quoted)
{
    struct lexer *lexer = builder->lexer;
    struct text text = TEXT_EMPTY(lexer->arena);
    unsigned line = lexer->line;
    int character;

    word_literal_finish(builder);
    while ((character = lexer_look(lexer)) != '`') {
        if (character == LEXER_END) {
            word_fail_unfinished(lexer, "`");
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
    word_part_add(builder, PART_COMMAND, is_quoted)->command = parser_read_text(lexer, bytes, text.size, line);
}
