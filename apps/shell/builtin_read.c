/* read: a line of standard input, into variables. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "fields.h"
#include "lexer.h"
#include "output.h"
#include "script.h"
#include "shell.h"
#include "variables.h"

/* A line without its newline; what a backslash stands before is quoted. False: the end came before the newline. */
static bool read_line(struct expansion *line, bool is_raw)
{
    char byte;

    for (;;) {
        if (script_read_byte(STDIN_FILENO, &byte) <= 0) {
            return false;
        }
        if (byte == '\n') {
            return true;
        }
        if (byte == '\\' && !is_raw) {
            if (script_read_byte(STDIN_FILENO, &byte) <= 0) {
                return false;
            }
            if (byte != '\n') {
                expansion_add(line, byte, MARK_QUOTED);
            }
        } else if (byte != '\0') {
            expansion_add(line, byte, MARK_SPLIT);
        }
    }
}

/* What of a line is not in variables yet. */
struct rest {
    const struct expansion *line;
    size_t at;
    size_t end;
};

static bool separates(const struct rest *rest, size_t at, bool is_blank)
{
    char byte = rest->line->bytes.bytes[at];
    bool blank = byte == ' ' || byte == '\t' || byte == '\n';

    return rest->line->marks.bytes[at] == MARK_SPLIT && blank == is_blank && strchr(field_separators(), byte) != NULL;
}

static void skip_blanks(struct rest *rest)
{
    while (rest->at < rest->end && separates(rest, rest->at, true)) {
        rest->at++;
    }
}

static char *part(const struct rest *rest, size_t start, size_t end)
{
    return arena_copy(&shell.scratch, rest->line->bytes.bytes + start, end - start);
}

/* The next field. */
static char *next_field(struct rest *rest)
{
    skip_blanks(rest);
    size_t start = rest->at;
    while (rest->at < rest->end && !separates(rest, rest->at, true) && !separates(rest, rest->at, false)) {
        rest->at++;
    }
    size_t end = rest->at;
    skip_blanks(rest);
    if (rest->at < rest->end && separates(rest, rest->at, false)) {
        rest->at++;
        skip_blanks(rest);
    }
    return part(rest, start, end);
}

/* All that is left, without blanks at its ends; if that is one field with its separator, without that. */
static char *last_field(struct rest *rest)
{
    struct rest after = *rest;
    char *field = next_field(&after);

    if (after.at == after.end) {
        return field;
    }
    skip_blanks(rest);
    while (rest->end > rest->at && separates(rest, rest->end - 1, true)) {
        rest->end--;
    }
    return part(rest, rest->at, rest->end);
}

int builtin_read(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "rp", &letters);
    static char reply[] = "REPLY";
    char *usual[] = { reply };

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    if ((letters & 2) != 0) {
        if (at == count) {
            return builtin_usage("read");
        }
        (void)write_all(STDERR_FILENO, arguments[at], strlen(arguments[at]));
        at++;
    }
    char **names = at < count ? arguments + at : usual;
    int names_count = at < count ? count - at : 1;
    struct expansion line;
    expansion_begin(&line);
    bool is_whole = read_line(&line, (letters & 1) != 0);
    struct rest rest = { &line, 0, line.bytes.size };
    for (int i = 0; i < names_count; i++) {
        if (name_length(names[i]) == 0 || name_length(names[i]) != strlen(names[i])) {
            complain("read: %s is no name of a variable", names[i]);
            return STATUS_MISTAKE;
        }
        if (!variable_set(names[i], i + 1 < names_count ? next_field(&rest) : last_field(&rest))) {
            return STATUS_MISTAKE;
        }
    }
    return is_whole ? 0 : 1;
}
