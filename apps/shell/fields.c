#include "fields.h"

#include <string.h>

#include "pathnames.h"
#include "shell.h"
#include "variables.h"

#define FIELDS_FEW 8U

void expansion_begin(struct expansion *expansion)
{
    *expansion = (struct expansion){ TEXT_EMPTY(&shell.scratch), TEXT_EMPTY(&shell.scratch) };
}

void expansion_add(struct expansion *expansion, char byte, enum mark mark)
{
    text_add(&expansion->bytes, byte);
    text_add(&expansion->marks, (char)mark);
}

void expansion_append(struct expansion *expansion, const char *bytes, size_t size, enum mark mark)
{
    for (size_t i = 0; i < size; i++) {
        expansion_add(expansion, bytes[i], mark);
    }
}

void fields_add(struct fields *fields, char *value)
{
    if (fields->count + 1 >= fields->room) {
        size_t room = fields->room == 0 ? FIELDS_FEW : fields->room * 2;
        char **values = arena_take(&shell.scratch, room * sizeof *values);
        if (fields->count > 0) {
            memcpy(values, fields->values, fields->count * sizeof *values);
        }
        fields->values = values;
        fields->room = room;
    }
    fields->values[fields->count++] = value;
    fields->values[fields->count] = NULL;
}

static struct expansion part_of(const struct expansion *whole, size_t start, size_t end)
{
    struct expansion part = *whole;

    part.bytes.bytes += start;
    part.bytes.size = end - start;
    part.marks.bytes += start;
    part.marks.size = end - start;
    return part;
}

char *expansion_string(const struct expansion *expansion)
{
    char *string = arena_take(&shell.scratch, expansion->bytes.size + 1);
    size_t length = 0;

    for (size_t i = 0; i < expansion->bytes.size; i++) {
        if (expansion->marks.bytes[i] < MARK_BREAK) {
            string[length++] = expansion->bytes.bytes[i];
        }
    }
    string[length] = '\0';
    return string;
}

struct pattern expansion_pattern(const struct expansion *expansion)
{
    char *bytes = arena_take(&shell.scratch, expansion->bytes.size + 1);
    char *quoted = arena_take(&shell.scratch, expansion->bytes.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < expansion->bytes.size; i++) {
        enum mark mark = (enum mark)expansion->marks.bytes[i];
        bool escapes = expansion->bytes.bytes[i] == '\\' && mark != MARK_QUOTED && i + 1 < expansion->bytes.size;
        i += escapes; /* it came out of an expansion: another one would have been read as a quote */
        if (expansion->marks.bytes[i] < MARK_BREAK) {
            bytes[size] = expansion->bytes.bytes[i];
            quoted[size++] = escapes || mark == MARK_QUOTED;
        }
    }
    return (struct pattern){ bytes, quoted, size };
}

/* One field is done. */
static void field_finish(struct fields *fields, const struct expansion *whole, size_t start, size_t end)
{
    struct expansion field = part_of(whole, start, end);
    struct pattern pattern = expansion_pattern(&field);

    if (shell_has(OPTION_NO_PATHNAMES) || !pattern_has_wildcards(&pattern) || !pathnames_add(&pattern, fields)) {
        fields_add(fields, expansion_string(&field));
    }
}

const char *field_separators(void)
{
    const char *separators = variable_value("IFS");

    return separators != NULL ? separators : " \t\n";
}

static bool is_in(const char *set, char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* POSIX 2.6.5: blanks around another separator belong to it, and blanks alone make no empty fields. */
void fields_split(struct fields *fields, const struct expansion *expansion)
{
    enum { START, FIELD, BLANK, SEPARATOR } behind = START;
    const char *separators = field_separators();
    size_t start = 0;

    for (size_t i = 0; i < expansion->bytes.size; i++) {
        char byte = expansion->bytes.bytes[i];
        enum mark mark = (enum mark)expansion->marks.bytes[i];
        bool separates = mark == MARK_SPLIT && is_in(separators, byte);
        if (!separates && mark != MARK_BREAK) {
            start = behind == FIELD ? start : i;
            behind = FIELD;
            continue;
        }
        bool is_blank = separates && is_in(" \t\n", byte);
        if (behind == FIELD) {
            field_finish(fields, expansion, start, i);
        } else if (separates && !is_blank && behind != BLANK) {
            fields_add(fields, arena_copy(&shell.scratch, "", 0));
        }
        if (mark == MARK_BREAK) {
            behind = START;
        } else if (!is_blank) {
            behind = SEPARATOR;
        } else {
            behind = behind == FIELD ? BLANK : behind;
        }
    }
    if (behind == FIELD) {
        field_finish(fields, expansion, start, expansion->bytes.size);
    }
}
