#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/text/sed.h"

#define DEPTH_MAX 64U
#define BYTES 256U
#define SHOWN_MAX 20U                /* bytes of the script in a message */

static const char *at;               /* in the text of the script */
static bool is_extended;
static size_t blocks[DEPTH_MAX];     /* steps { that have no } yet */
static size_t depth;

/* A piece of the script for a message. */
static const char *shown(const char *from)
{
    static char piece[SHOWN_MAX + 1];
    size_t size = strcspn(from, "\n");

    size = size < SHOWN_MAX ? size : SHOWN_MAX;
    memcpy(piece, from, size);
    piece[size] = '\0';
    return piece;
}

static void skip(const char *bytes)
{
    at += strspn(at, bytes);
}

/* ---- Expressions ---- */

/* A [ ] with what is in it, as it is; there / and \ are like others. */
static void take_brackets(struct line *made)
{
    const char *end = at + 1 + (at[1] == '^');

    end += *end == ']';
    while (*end != '\0' && *end != ']') {
        bool is_class = end[0] == '[' && (end[1] == ':' || end[1] == '.' || end[1] == '=');
        const char *class_end = is_class ? strchr(end + 2, ']') : NULL;
        end = (class_end != NULL ? class_end : end) + 1;
    }
    end += *end == ']';
    line_append(made, at, (size_t)(end - at));
    at = end;
}

/* Up to a delimiter, which is taken, too: an expression, or what comes in its place. */
static char *take_part(char delimiter, bool is_expression)
{
    struct line made = { 0 };
    const char *start = at;

    line_append(&made, "", 0);
    while (*at != delimiter) {
        if (*at == '\0' || (*at == '\n' && is_expression)) {
            command_misused("what begins with %s has no end", shown(start));
        }
        if (*at == '[' && is_expression) {
            take_brackets(&made);
        } else if (*at == '\\' && at[1] != '\0') {
            bool is_other = at[1] == delimiter && strchr("&123456789", delimiter) == NULL;
            bool is_control = is_expression && (at[1] == 'n' || at[1] == 't');
            line_append(&made, is_control ? (at[1] == 'n' ? "\n" : "\t") : is_other ? at + 1 : at, is_control || is_other ? 1 : 2);
            at += 2;
        } else {
            line_append(&made, at++, 1);
        }
    }
    at++;
    return made.text;
}

/* NULL: an empty one. */
static regex_t *compile(char *text, bool ignores_case)
{
    regex_t *expression = command_memory(sizeof *expression);

    if (*text == '\0') {
        free(expression);
        free(text);
        return NULL;
    }
    if (regcomp(expression, text, (is_extended ? REG_EXTENDED : 0) | (ignores_case ? REG_ICASE : 0)) != 0) {
        command_misused("%s is no regular expression", text);
    }
    free(text);
    return expression;
}

/* ---- Addresses ---- */

static unsigned long take_number(void)
{
    char *end;
    unsigned long number = strtoul(at, &end, 10);

    at = end;
    return number;
}

static bool take_address(struct address *address)
{
    *address = (struct address){ .kind = ADDRESS_NONE };
    if (*at >= '0' && *at <= '9') {
        address->kind = ADDRESS_LINE;
        address->line = take_number();
    } else if (*at == '$') {
        address->kind = ADDRESS_LAST;
        at++;
    } else if (*at == '/' || (*at == '\\' && at[1] != '\0' && at[1] != '\n')) {
        at += *at == '\\';
        char delimiter = *at++;
        char *text = take_part(delimiter, true);
        bool ignores_case = *at == 'I';
        at += ignores_case;
        address->kind = ADDRESS_EXPRESSION;
        address->expression = compile(text, ignores_case);
    }
    return address->kind != ADDRESS_NONE;
}

static void take_addresses(struct step *step)
{
    if (take_address(&step->from)) {
        skip(" \t");
        if (*at == ',') {
            at++;
            skip(" \t");
            bool is_further = *at == '+';
            at += is_further;
            if (!take_address(&step->to) || (is_further && step->to.kind != ADDRESS_LINE)) {
                command_misused("an address is missing behind the comma");
            }
            step->to.kind = is_further ? ADDRESS_FURTHER : step->to.kind;
        }
    }
    skip(" \t");
    while (*at == '!') {
        step->is_inverted = true;
        at++;
        skip(" \t");
    }
}

/* ---- Functions ---- */

/* What a, i and c write: in the line behind a backslash, or in the same one. */
static char *take_text(void)
{
    struct line made = { 0 };

    skip(" \t");
    if (*at == '\\') {
        at++;
        skip(" \t");
        at += *at == '\n';
    }
    for (; *at != '\0' && *at != '\n'; at++) {
        at += *at == '\\' && at[1] != '\0';
        line_append(&made, at, 1);
    }
    if (made.size == 0) {
        command_misused("a text is missing behind a, i or c");
    }
    line_append(&made, "\n", 1);
    return made.text;
}

static char *take_label(void)
{
    struct line made = { 0 };

    skip(" \t");
    size_t size = strcspn(at, "; \t\n}");
    line_append(&made, at, size);
    at += size;
    return made.text;
}

static void take_substitution(struct step *step)
{
    char delimiter = *at++;

    if (delimiter == '\0' || delimiter == '\n' || delimiter == '\\') {
        command_misused("what s is to replace is missing");
    }
    char *text = take_part(delimiter, true);
    step->replacement = take_part(delimiter, false);
    bool ignores_case = false;
    for (step->nth = 1; *at != '\0' && strchr("gpiI123456789", *at) != NULL;) {
        if (*at >= '1' && *at <= '9') {
            step->nth = take_number();
            continue;
        }
        step->is_global |= *at == 'g';
        step->prints |= *at == 'p';
        ignores_case |= *at == 'i' || *at == 'I';
        at++;
    }
    step->expression = compile(text, ignores_case);
}

/* The next byte of what y is given; \n, \\ and the delimiter have a backslash. */
static unsigned char map_byte(const char **from)
{
    if (**from == '\\' && (*from)[1] != '\0') {
        (*from)++;
    } else {
        return (unsigned char)*(*from)++;
    }
    char byte = *(*from)++;
    return (unsigned char)(byte == 'n' ? '\n' : byte == 't' ? '\t' : byte);
}

static void take_map(struct step *step)
{
    char delimiter = *at++;

    if (delimiter == '\0' || delimiter == '\n' || delimiter == '\\') {
        command_misused("what y is to replace is missing");
    }
    char *left = take_part(delimiter, false), *right = take_part(delimiter, false);
    const char *from = left, *to = right;
    step->map = command_memory(BYTES);
    for (unsigned i = 0; i < BYTES; i++) {
        step->map[i] = (unsigned char)i;
    }
    while (*from != '\0' && *to != '\0') {
        unsigned char byte = map_byte(&from);
        step->map[byte] = map_byte(&to);
    }
    if (*from != '\0' || *to != '\0') {
        command_misused("y needs as many characters for others as it replaces");
    }
    free(left);
    free(right);
}

static void take_function(struct script *script, struct step *step)
{
    step->function = *at == '\0' ? '\n' : *at++;
    switch (step->function) {
    case '{':
        if (depth == DEPTH_MAX) {
            command_misused("{ are nested too deeply");
        }
        blocks[depth++] = script->count;
        return;
    case 's': take_substitution(step); break;
    case 'y': take_map(step); break;
    case 'a': case 'i': case 'c': step->text = take_text(); break;
    case ':': case 'b': case 't': step->text = take_label(); break;
    case 'q':
        skip(" \t");
        step->nth = take_number() & 0xFF;
        break;
    default:
        if (step->function == '\n' || strchr("dDgGhHnNpPx=", step->function) == NULL) {
            command_misused(step->function == '\n' ? "a function is missing" : "there is no function %c", step->function);
        }
    }
    skip(" \t");
    if (*at != '\0' && strchr(";\n}#", *at) == NULL) {
        command_misused("%s is too much behind %c", shown(at), step->function);
    }
}

/* ---- The whole ---- */

static struct step *new_step(struct script *script)
{
    if (script->count == script->room) {
        script->room = 2 * script->room + 8;
        script->steps = command_memory_again(script->steps, script->room * sizeof *script->steps);
    }
    script->steps[script->count] = (struct step){ 0 };
    return &script->steps[script->count];
}

static void find_labels(struct script *script)
{
    for (struct step *step = script->steps; step < script->steps + script->count; step++) {
        if (step->function != 'b' && step->function != 't') {
            continue;
        }
        step->target = *step->text == '\0' ? script->count : 0;
        for (size_t i = 0; i < script->count && *step->text != '\0'; i++) {
            bool is_it = script->steps[i].function == ':' && strcmp(script->steps[i].text, step->text) == 0;
            step->target = is_it ? i + 1 : step->target;
        }
        if (step->target == 0) {
            command_misused("there is no label %s", step->text);
        }
    }
}

void sed_parse(struct script *script, const char *text, bool extended)
{
    at = text;
    is_extended = extended;
    for (;;) {
        skip(" \t\n;");
        if (*at == '\0') {
            break;
        }
        if (*at == '#') {
            at += strcspn(at, "\n");
        } else if (*at == '}') {
            if (depth == 0) {
                command_misused("a } has no {");
            }
            script->steps[blocks[--depth]].target = script->count;
            at++;
        } else {
            struct step *step = new_step(script);
            take_addresses(step);
            take_function(script, step);
            script->count++;
        }
    }
    if (depth > 0) {
        command_misused("a { has no }");
    }
    find_labels(script);
}
