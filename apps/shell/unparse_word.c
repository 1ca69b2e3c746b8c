#include "unparse_word.h"

#include <string.h>

static void single_quotes(struct text *text, const char *bytes, size_t size)
{
    text_add(text, '\'');
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\'') {
            text_append_string(text, "'\\'");
        }
        text_add(text, bytes[i]);
    }
    text_add(text, '\'');
}

void unparse_string(const char *string, struct text *text)
{
    size_t length = strlen(string);
    size_t safe = strspn(string, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:+@%");

    if (length > 0 && safe == length) {
        text_append(text, string, length);
    } else {
        single_quotes(text, string, length);
    }
}

/* Inside quotes, or where quotes are not needed. */
static void escaped(struct text *text, const struct part *part, enum unparse_place place)
{
    for (size_t i = 0; i < part->literal.size; i++) {
        char byte = part->literal.bytes[i];
        bool needs = byte == '$' || byte == '`' || byte == '\\' || (byte == '"' && place != UNPARSE_HERE)
                  || (byte == '}' && place == UNPARSE_QUOTED_BRACE);
        if (needs) {
            text_add(text, '\\');
        }
        text_add(text, byte);
    }
}

static void literal(struct unparser *unparser, const struct part *part, enum unparse_place place)
{
    if (place != UNPARSE_PLAIN) {
        escaped(unparser->text, part, place);
    } else if (part->is_quoted) {
        single_quotes(unparser->text, part->literal.bytes, part->literal.size);
    } else {
        text_append(unparser->text, part->literal.bytes, part->literal.size);
    }
}

static void parameter(struct unparser *unparser, const struct part *part)
{
    static const char *const operations[] = { "", "", "-", "=", "?", "+", "#", "##", "%", "%%" };
    struct text *text = unparser->text;
    enum parameter_operation operation = part->parameter.operation;

    text_append_string(text, operation == PARAMETER_LENGTH ? "${#" : "${");
    text_append_string(text, part->parameter.name);
    text_append_string(text, part->parameter.minds_empty ? ":" : "");
    text_append_string(text, operations[operation]);
    if (part->parameter.argument != NULL) {
        bool is_plain = !part->is_quoted || operation >= PARAMETER_SHORT_PREFIX;
        unparse_parts(unparser, part->parameter.argument, is_plain ? UNPARSE_PLAIN : UNPARSE_QUOTED_BRACE);
    }
    text_add(text, '}');
}

static void substitution(struct unparser *unparser, const struct part *part)
{
    text_append_string(unparser->text, "$( ");
    if (part->command != NULL) {
        unparse_inside(unparser, part->command);
    }
    text_add(unparser->text, ')');
}

static void expansion(struct unparser *unparser, const struct part *part, enum unparse_place place)
{
    bool needs_quotes = part->is_quoted && place == UNPARSE_PLAIN;

    text_append_string(unparser->text, needs_quotes ? "\"" : "");
    switch (part->kind) {
    case PART_PARAMETER:
        parameter(unparser, part);
        break;
    case PART_COMMAND:
        substitution(unparser, part);
        break;
    case PART_ARITHMETIC:
        text_append_string(unparser->text, "$((");
        unparse_parts(unparser, part->arithmetic, UNPARSE_ARITHMETIC);
        text_append_string(unparser->text, "))");
        break;
    default:
        break;
    }
    text_append_string(unparser->text, needs_quotes ? "\"" : "");
}

void unparse_parts(struct unparser *unparser, const struct word *word, enum unparse_place place)
{
    for (const struct part *part = word->parts; part != NULL; part = part->next) {
        if (part->kind == PART_LITERAL) {
            literal(unparser, part, place);
        } else {
            expansion(unparser, part, place);
        }
    }
}

void unparse_word(struct unparser *unparser, const struct word *word)
{
    unparse_parts(unparser, word, UNPARSE_PLAIN);
}
