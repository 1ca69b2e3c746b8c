/* ${…}. */
#include <string.h>

#include <ternion/format.h>

#include "expand.h"
#include "lexer.h"
#include "shell.h"
#include "utf8.h"
#include "variables.h"

#define NUMBER_SIZE 24U

static bool is_list(const struct part *part)
{
    return part->parameter.name[0] == '@' || part->parameter.name[0] == '*';
}

/* All positional parameters as one text. */
static char *joined(const char *separator, size_t size)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    for (int i = 0; i < parameters.count; i++) {
        if (i > 0) {
            text_append(&text, separator, size);
        }
        text_append_string(&text, parameters.values[i]);
    }
    return text_string(&text);
}

/* "$*" has the first character of IFS between its parts, "$@" a blank where no fields are wanted. */
static char *joined_as(char name)
{
    const char *separators = field_separators();

    return name == '@' ? joined(" ", 1) : joined(separators, *separators != '\0' ? 1 : 0);
}

/* Each is a field of its own; without quotes empty ones are none. */
static void add_list(struct expansion *expansion, bool is_quoted)
{
    for (int i = 0; i < parameters.count; i++) {
        const char *value = parameters.values[i];
        if (i > 0) {
            expansion_add(expansion, '\0', MARK_BREAK);
        }
        expansion_append(expansion, value, strlen(value), is_quoted ? MARK_QUOTED : MARK_SPLIT);
        if (is_quoted && *value == '\0') {
            expansion_add(expansion, '\0', MARK_NOTHING);
        }
    }
}

static void add_string(struct expansion *expansion, const struct part *part, const char *value)
{
    expansion_append(expansion, value, strlen(value), part->is_quoted ? MARK_QUOTED : MARK_SPLIT);
}

static void add_value(struct expansion *expansion, const struct part *part, const char *value, unsigned flags)
{
    bool separately = is_list(part) && (flags & EXPAND_FIELDS) != 0 && (part->parameter.name[0] == '@' || !part->is_quoted);

    if (separately) {
        add_list(expansion, part->is_quoted);
    } else {
        add_string(expansion, part, value);
    }
}

static bool fail_unset(const char *name)
{
    give_up("%s: the variable is not set", name);
    return false;
}

/* ${x?word} */
static bool fail_with_word(const struct part *part)
{
    const char *why = expand_string(part->parameter.argument);

    if (why != NULL) {
        give_up("%s: %s", part->parameter.name, *why != '\0' ? why : "the variable is not set");
    }
    return false;
}

/* ${x=word}. Only variables can be assigned to. */
static bool assign(struct expansion *expansion, const struct part *part)
{
    const char *name = part->parameter.name;

    if (name_length(name) == 0) {
        give_up("${%s=}: that is no variable, so it gets no value", name);
        return false;
    }
    const char *value = expand_string(part->parameter.argument);
    if (value == NULL) {
        return false;
    }
    if (!variable_set(name, value)) {
        shell.status = STATUS_MISTAKE;
        shell.leaving = LEAVING_COMMAND;
        return false;
    }
    add_string(expansion, part, value);
    return true;
}

static bool expand_operand(struct expansion *expansion, const struct part *part, unsigned flags)
{
    return expand_parts(expansion, part->parameter.argument, (flags & EXPAND_FIELDS) | EXPAND_OPERAND);
}

static void add_length(struct expansion *expansion, const struct part *part, const char *value)
{
    char text[NUMBER_SIZE];
    size_t length = is_list(part) ? (size_t)parameters.count : utf8_count(value, strlen(value));

    (void)format_text(text, sizeof text, "%u", (unsigned)length);
    add_string(expansion, part, text);
}

/* How much of a value's begin or end fits a pattern: the least that does, or the most. */
static size_t fitting(const struct pattern *pattern, const char *value, bool is_prefix, bool is_long)
{
    size_t size = strlen(value);

    for (size_t i = 0; i <= size; i++) {
        size_t length = is_long ? size - i : i;
        if (pattern_fits(pattern, is_prefix ? value : value + size - length, length)) {
            return length;
        }
    }
    return 0;
}

/* ${x#pattern} and its like. */
static bool add_trimmed(struct expansion *expansion, const struct part *part, const char *value)
{
    enum parameter_operation operation = part->parameter.operation;
    bool is_prefix = operation == PARAMETER_SHORT_PREFIX || operation == PARAMETER_LONG_PREFIX;
    struct pattern pattern;

    value = arena_copy(&shell.scratch, value, strlen(value)); /* the pattern may change the variable */
    if (!expand_pattern(part->parameter.argument, &pattern)) {
        return false;
    }
    size_t length = fitting(&pattern, value, is_prefix, operation == PARAMETER_LONG_PREFIX || operation == PARAMETER_LONG_SUFFIX);
    size_t size = strlen(value) - length;
    expansion_append(expansion, is_prefix ? value + length : value, size, part->is_quoted ? MARK_QUOTED : MARK_SPLIT);
    return true;
}

/* It is set, or need not be. */
static bool add_operation(struct expansion *expansion, const struct part *part, const char *value, unsigned flags)
{
    switch (part->parameter.operation) {
    case PARAMETER_LENGTH:
        add_length(expansion, part, value);
        return true;
    case PARAMETER_ALTERNATIVE:
        return expand_operand(expansion, part, flags);
    case PARAMETER_SHORT_PREFIX:
    case PARAMETER_LONG_PREFIX:
    case PARAMETER_SHORT_SUFFIX:
    case PARAMETER_LONG_SUFFIX:
        return add_trimmed(expansion, part, value);
    default:
        add_value(expansion, part, value, flags);
        return true;
    }
}

bool expand_parameter(struct expansion *expansion, const struct part *part, unsigned flags)
{
    bool list = is_list(part);
    const char *value = list ? joined_as(part->parameter.name[0]) : parameter_value(part->parameter.name, &shell.scratch);
    bool is_set = list ? parameters.count > 0 : value != NULL;
    bool counts = is_set && !(part->parameter.minds_empty && *value == '\0');

    if (counts) {
        return add_operation(expansion, part, value, flags);
    }
    switch (part->parameter.operation) {
    case PARAMETER_DEFAULT:
        return expand_operand(expansion, part, flags);
    case PARAMETER_ASSIGN:
        return assign(expansion, part);
    case PARAMETER_ERROR:
        return fail_with_word(part);
    case PARAMETER_ALTERNATIVE:
        return true;
    default:
        if (!list && shell_has(OPTION_NO_UNSET)) {
            return fail_unset(part->parameter.name);
        }
        return add_operation(expansion, part, value != NULL ? value : "", flags);
    }
}
