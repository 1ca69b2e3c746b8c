#include "expand.h"

#include <string.h>

#include <ternion/format.h>

#include "arithmetic.h"
#include "lexer.h"
#include "shell.h"
#include "stack.h"
#include "substitution.h"
#include "variables.h"

#define NUMBER_SIZE 24U

static int substitution_status;

int expand_take_status(void)
{
    int status = substitution_status;

    substitution_status = 0;
    return status;
}

/* ---- Literal text ---- */

/* Does a ~ that stands for HOME end here? */
static bool tilde_ends(const struct part *part, size_t at, bool is_value)
{
    if (at == part->literal.size) {
        return part->next == NULL;
    }
    return part->literal.bytes[at] == '/' || (is_value && part->literal.bytes[at] == ':');
}

static void expand_literal(struct expansion *expansion, const struct word *word, const struct part *part, unsigned flags)
{
    const char *home = variable_value("HOME");
    bool is_value = (flags & EXPAND_VALUE) != 0;
    bool may_be_home = part == word->parts && home != NULL;
    enum mark mark = (flags & EXPAND_OPERAND) != 0 ? MARK_SPLIT : MARK_PLAIN;

    if (part->is_quoted) {
        expansion_append(expansion, part->literal.bytes, part->literal.size, MARK_QUOTED);
        if (part->literal.size == 0) {
            expansion_add(expansion, '\0', MARK_NOTHING);
        }
        return;
    }
    for (size_t i = 0; i < part->literal.size; i++) {
        char byte = part->literal.bytes[i];
        if (byte == '~' && may_be_home && tilde_ends(part, i + 1, is_value)) {
            expansion_append(expansion, home, strlen(home), MARK_QUOTED);
        } else {
            expansion_add(expansion, byte, mark);
        }
        may_be_home = is_value && byte == ':' && home != NULL;
    }
}

/* ---- Commands and arithmetic ---- */

/* Newlines at the end are left out (POSIX 2.6.3). */
static bool expand_command(struct expansion *expansion, const struct part *part)
{
    struct text output = TEXT_EMPTY(&shell.scratch);

    substitution_status = 0;
    if (part->command != NULL && !substitution_run(part->command, &output)) {
        return false;
    }
    substitution_status = part->command != NULL ? shell.status : 0;
    while (output.size > 0 && output.bytes[output.size - 1] == '\n') {
        output.size--;
    }
    for (size_t i = 0; i < output.size; i++) {
        if (output.bytes[i] != '\0') {
            expansion_add(expansion, output.bytes[i], part->is_quoted ? MARK_QUOTED : MARK_SPLIT);
        }
    }
    return true;
}

static bool expand_arithmetic(struct expansion *expansion, const struct part *part)
{
    char text[NUMBER_SIZE];
    int64_t value;
    const char *expression = expand_string(part->arithmetic);

    if (expression == NULL || !arithmetic(expression, &value)) {
        return false;
    }
    size_t size = format_text(text, sizeof text, "%lld", (long long)value);
    expansion_append(expansion, text, size, part->is_quoted ? MARK_QUOTED : MARK_SPLIT);
    return true;
}

/* ---- Words ---- */

static bool expand_part(struct expansion *expansion, const struct word *word, const struct part *part, unsigned flags)
{
    bool is_done = true, is_list = part->kind == PART_PARAMETER && strcmp(part->parameter.name, "@") == 0;
    size_t before = expansion->bytes.size;

    switch (part->kind) {
    case PART_LITERAL:
        expand_literal(expansion, word, part, flags);
        return true;
    case PART_PARAMETER:
        is_done = expand_parameter(expansion, part, flags);
        break;
    case PART_COMMAND:
        is_done = expand_command(expansion, part);
        break;
    case PART_ARITHMETIC:
        is_done = expand_arithmetic(expansion, part);
        break;
    }
    if (part->is_quoted && expansion->bytes.size == before && !is_list) {
        expansion_add(expansion, '\0', MARK_NOTHING);
    }
    return is_done;
}

bool expand_parts(struct expansion *expansion, const struct word *word, unsigned flags)
{
    if (stack_is_short()) {
        give_up("nested too deeply");
        return false;
    }
    for (const struct part *part = word->parts; part != NULL; part = part->next) {
        if (!expand_part(expansion, word, part, flags)) {
            return false;
        }
    }
    return true;
}

/* Nothing has to be done with it, and nothing to be made of it: most words are so. [ alone is a command. */
static bool is_itself(const struct word *word)
{
    const struct part *part = word->parts;

    if (part == NULL || part->next != NULL || part->kind != PART_LITERAL) {
        return false;
    }
    return part->is_quoted || strcmp(part->literal.bytes, "[") == 0 || strpbrk(part->literal.bytes, "~*?[") == NULL;
}

static bool expand_fields(const struct word *word, struct fields *fields)
{
    struct expansion expansion;

    if (is_itself(word)) {
        fields_add(fields, (char *)word->parts->literal.bytes);
        return true;
    }
    expansion_begin(&expansion);
    if (!expand_parts(&expansion, word, EXPAND_FIELDS)) {
        return false;
    }
    fields_split(fields, &expansion);
    return true;
}

bool expand_words(const struct word *words, struct fields *fields)
{
    for (; words != NULL; words = words->next) {
        if (!expand_fields(words, fields)) {
            return false;
        }
    }
    return true;
}

static char *expand_one(const struct word *word, unsigned flags)
{
    struct expansion expansion;

    expansion_begin(&expansion);
    return expand_parts(&expansion, word, flags) ? expansion_string(&expansion) : NULL;
}

char *expand_value(const struct word *word)
{
    return expand_one(word, EXPAND_VALUE);
}

char *expand_string(const struct word *word)
{
    return expand_one(word, 0);
}

bool expand_pattern(const struct word *word, struct pattern *pattern_out)
{
    struct expansion expansion;

    expansion_begin(&expansion);
    if (!expand_parts(&expansion, word, 0)) {
        return false;
    }
    *pattern_out = expansion_pattern(&expansion);
    return true;
}

/* name=value as one word? */
static bool is_assignment(const struct word *word)
{
    const struct part *part = word->parts;
    size_t length = part != NULL && part->kind == PART_LITERAL && !part->is_quoted ? name_length(part->literal.bytes) : 0;

    return length > 0 && part->literal.bytes[length] == '=';
}

/* ~ counts behind the = as behind a colon. */
static char *expand_declared(const struct word *word)
{
    size_t length = name_length(word->parts->literal.bytes) + 1;
    struct part rest = *word->parts;
    struct word value = { .parts = &rest };
    struct text text = TEXT_EMPTY(&shell.scratch);

    rest.literal.bytes += length;
    rest.literal.size -= length;
    const char *expanded = expand_value(&value);
    if (expanded == NULL) {
        return NULL;
    }
    text_append(&text, word->parts->literal.bytes, length);
    text_append_string(&text, expanded);
    return text_string(&text);
}

bool expand_declaration(const struct word *words, struct fields *fields)
{
    for (; words != NULL; words = words->next) {
        if (!is_assignment(words)) {
            if (!expand_fields(words, fields)) {
                return false;
            }
            continue;
        }
        char *text = expand_declared(words);
        if (text == NULL) {
            return false;
        }
        fields_add(fields, text);
    }
    return true;
}
