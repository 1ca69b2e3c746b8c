/* read: a line of standard input, into variables. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "builtins.h"
#include "fields.h"
#include "interrupt.h"
#include "lexer.h"
#include "output.h"
#include "script.h"
#include "shell.h"
#include "variables.h"

#define LOOK_MS 100             /* how often it looks for Ctrl+C */
#define SECONDS_MAX 1000000
#define STATUS_TIMED_OUT (STATUS_SIGNAL + SIGALRM)

/* What the options say. */
struct wanted {
    bool is_raw;            /* -r */
    const char *prompt;     /* -p, or NULL */
    int64_t time_ms;        /* -t; -1: as long as it takes */
};

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Is there something to read, or the end? Waits until a time; -1: does not wait for it. */
static bool await_input(int64_t end_ms)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

    while (end_ms >= 0) {
        int64_t left = end_ms - now_ms();
        left = left < 0 ? 0 : left;
        if (poll(&input, 1, left < LOOK_MS ? (int)left : LOOK_MS) != 0) {
            return true;
        }
        if (left == 0 || interrupt_is_pending()) {
            return false;
        }
    }
    return true;
}

/* 0; 1: the end, or a failure; STATUS_TIMED_OUT. */
static int read_byte(char *byte_out, int64_t end_ms)
{
    if (!await_input(end_ms)) {
        return STATUS_TIMED_OUT;
    }
    return script_read_byte(STDIN_FILENO, byte_out) > 0 ? 0 : 1;
}

/* A line without its newline; what a backslash stands before is quoted. A status: 0, or what came before the newline. */
static int read_line(struct expansion *line, bool is_raw, int64_t end_ms)
{
    char byte;
    int status;

    while ((status = read_byte(&byte, end_ms)) == 0 && byte != '\n') {
        if (byte == '\\' && !is_raw) {
            status = read_byte(&byte, end_ms);
            if (status != 0) {
                break;
            }
            if (byte != '\n') {
                expansion_add(line, byte, MARK_QUOTED);
            }
        } else if (byte != '\0') {
            expansion_add(line, byte, MARK_SPLIT);
        }
    }
    return status;
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

/* 5, 0.25. */
static bool read_seconds(const char *text, int64_t *ms_out)
{
    int64_t seconds = 0, ms = 0;
    size_t digits = strspn(text, "0123456789");
    const char *fraction = text + digits + (text[digits] == '.');
    size_t decimals = strspn(fraction, "0123456789");

    if (digits + decimals == 0 || fraction[decimals] != '\0') {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        seconds = seconds < SECONDS_MAX ? seconds * 10 + (text[i] - '0') : SECONDS_MAX;
    }
    for (size_t i = 0, unit = 100; i < decimals; i++, unit /= 10) {
        ms += (int64_t)unit * (fraction[i] - '0');
    }
    *ms_out = seconds * 1000 + ms;
    return true;
}

/* -r, -p PROMPT, -t SECONDS; a value may stand in the word of its letter. How many words; -1: they are wrong, which was said. */
static int read_options(int count, char **arguments, struct wanted *wanted)
{
    int at = 1;

    for (; at < count && arguments[at][0] == '-' && arguments[at][1] != '\0'; at++) {
        if (strcmp(arguments[at], "--") == 0) {
            return at + 1;
        }
        const char *letter = arguments[at] + 1;
        for (; *letter == 'r'; letter++) {
            wanted->is_raw = true;
        }
        if (*letter == '\0') {
            continue;
        }
        const char *value = letter[1] != '\0' ? letter + 1 : at + 1 < count ? arguments[++at] : NULL;
        if (value != NULL && *letter == 'p') {
            wanted->prompt = value;
        } else if (value == NULL || *letter != 't' || !read_seconds(value, &wanted->time_ms)) {
            (void)builtin_usage("read");
            return -1;
        }
    }
    return at;
}

static int assign(struct rest *rest, int count, char **names)
{
    for (int i = 0; i < count; i++) {
        if (name_length(names[i]) == 0 || name_length(names[i]) != strlen(names[i])) {
            complain("read: %s is no name of a variable", names[i]);
            return STATUS_MISTAKE;
        }
        if (!variable_set(names[i], i + 1 < count ? next_field(rest) : last_field(rest))) {
            return STATUS_MISTAKE;
        }
    }
    return 0;
}

int builtin_read(int count, char **arguments)
{
    struct wanted wanted = { .time_ms = -1 };
    struct expansion line;
    static char reply[] = "REPLY";
    char *usual[] = { reply };
    int at = read_options(count, arguments, &wanted);

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    if (wanted.prompt != NULL) {
        (void)write_all(STDERR_FILENO, wanted.prompt, strlen(wanted.prompt));
    }
    if (wanted.time_ms == 0) {      /* is there something? It stays there */
        return await_input(0) ? 0 : 1;
    }
    expansion_begin(&line);
    int status = read_line(&line, wanted.is_raw, wanted.time_ms < 0 ? -1 : now_ms() + wanted.time_ms);
    struct rest rest = { &line, 0, line.bytes.size };
    int mistake = at < count ? assign(&rest, count - at, arguments + at) : assign(&rest, 1, usual);
    return mistake != 0 ? mistake : status;
}
