/* echo, pwd, printf. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "arithmetic.h"
#include "builtins.h"
#include "output.h"
#include "shell.h"
#include "utf8.h"

#define DIGITS_MAX 24U
#define WIDTH_MAX 10000

int builtin_echo(int count, char **arguments)
{
    int at = 1;
    bool has_newline = true;

    if (count > 1 && strcmp(arguments[1], "-n") == 0) {
        has_newline = false;
        at++;
    }
    for (const char *blank = ""; at < count; at++, blank = " ") {
        output(blank);
        output(arguments[at]);
    }
    output(has_newline ? "\n" : "");
    return 0;
}

int builtin_pwd(int count, char **arguments)
{
    char path[PATH_MAX];

    (void)count, (void)arguments;
    if (getcwd(path, sizeof path) == NULL) {
        complain("pwd: %s", error_text(errno));
        return 1;
    }
    output(path);
    output("\n");
    return 0;
}

/* ---- printf ---- */

/* A directive: %-08.3d */
struct directive {
    bool is_left, has_sign, has_blank, is_other, has_zeroes;
    int width;
    int precision;      /* -1: none was given */
};

/* What printf goes through. */
struct words {
    char **next;        /* the words behind the format */
    int left;
    int status;
    bool stops;         /* \c */
};

static const char *next_word(struct words *words)
{
    if (words->left == 0) {
        return NULL;
    }
    words->left--;
    return *words->next++;
}

/* 'a is the number of a. */
static int64_t word_number(struct words *words)
{
    const char *text = next_word(words);
    int64_t value = 0;
    size_t length;

    if (text == NULL) {
        return 0;
    }
    if ((*text == '\'' || *text == '"') && text[1] != '\0') {
        return utf8_read(text + 1, strlen(text + 1), &length);
    }
    if (!number_read_constant(text, &value)) {
        complain("printf: %s is no number", text);
        words->status = 1;
    }
    return value;
}

static void pad(char character, int count)
{
    for (; count > 0; count--) {
        output_bytes(&character, 1);
    }
}

static void put_text(const struct directive *directive, const char *text, size_t size)
{
    if (directive->precision >= 0 && size > (size_t)directive->precision) {
        size = (size_t)directive->precision;
    }
    int blanks = directive->width > (int)size ? directive->width - (int)size : 0;
    pad(' ', directive->is_left ? 0 : blanks);
    output_bytes(text, size);
    pad(' ', directive->is_left ? blanks : 0);
}

/* The digits of a number from its end on; how many. */
static unsigned digits_of(uint64_t value, unsigned base, bool upper, char digits[DIGITS_MAX])
{
    unsigned count = 0;

    for (; value > 0; value /= base) {
        digits[count++] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
    }
    return count;
}

static void put_number(const struct directive *directive, char kind, int64_t number)
{
    unsigned base = kind == 'o' ? 8 : kind == 'x' || kind == 'X' ? 16 : 10;
    bool is_signed = kind == 'd' || kind == 'i', is_negative = is_signed && number < 0;
    char digits[DIGITS_MAX];
    unsigned count = digits_of(is_negative ? -(uint64_t)number : (uint64_t)number, base, kind == 'X', digits);
    const char *sign = is_negative ? "-" : is_signed && directive->has_sign ? "+" : is_signed && directive->has_blank ? " " : "";
    const char *prefix = !directive->is_other || number == 0 || base == 10 ? "" : base == 8 ? "0" : kind == 'X' ? "0X" : "0x";
    int least = directive->precision < 0 ? 1 : directive->precision;
    int size = (int)(strlen(sign) + strlen(prefix));
    int zeroes = least > (int)count ? least - (int)count : 0;

    if (directive->has_zeroes && !directive->is_left && directive->precision < 0 && directive->width > size + zeroes + (int)count) {
        zeroes = directive->width - size - (int)count;
    }
    int blanks = directive->width - size - zeroes - (int)count;
    pad(' ', directive->is_left ? 0 : blanks);
    output(sign);
    output(prefix);
    pad('0', zeroes);
    while (count > 0) {
        output_bytes(&digits[--count], 1);
    }
    pad(' ', directive->is_left ? blanks : 0);
}

/* Behind a backslash: adds the character that it stands for. Where the rest begins. zero_first: octal digits follow a 0. */
static const char *put_escape(const char *at, bool zero_first, struct text *text, struct words *words)
{
    static const char letters[] = "abfnrtv\\\"'", values[] = "\a\b\f\n\r\t\v\\\"'";
    const char *found = *at == '\0' ? NULL : strchr(letters, *at);

    if (found != NULL) {
        text_add(text, values[found - letters]);
        return at + 1;
    }
    if (*at == 'c') {
        words->stops = true;
        return at + 1;
    }
    if (*at < '0' || *at > '7') {
        text_add(text, '\\');
        return at;
    }
    unsigned value = 0;
    at += zero_first && *at == '0';
    for (unsigned i = 0; i < 3 && *at >= '0' && *at <= '7'; i++) {
        value = value * 8 + (unsigned)(*at++ - '0');
    }
    text_add(text, (char)value);
    return at;
}

/* %b: a word with backslashes in it. */
static void put_escaped(const struct directive *directive, const char *word, struct words *words)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    while (*word != '\0' && !words->stops) {
        if (*word == '\\') {
            word = put_escape(word + 1, true, &text, words);
        } else {
            text_add(&text, *word++);
        }
    }
    put_text(directive, text_string(&text), text.size);
}

static const char *read_count(const char *at, int *count_out, struct words *words)
{
    int64_t count = 0;

    if (*at == '*') {
        count = word_number(words);
        at++;
    } else {
        for (; *at >= '0' && *at <= '9'; at++) {
            count = count > WIDTH_MAX ? count : count * 10 + (*at - '0');
        }
    }
    *count_out = (int)(count > WIDTH_MAX ? WIDTH_MAX : count < -WIDTH_MAX ? -WIDTH_MAX : count);
    return at;
}

static const char *read_directive(const char *at, struct directive *directive, struct words *words)
{
    *directive = (struct directive){ .precision = -1 };
    for (; *at != '\0' && strchr("-+ #0", *at) != NULL; at++) {
        directive->is_left = directive->is_left || *at == '-';
        directive->has_sign = directive->has_sign || *at == '+';
        directive->has_blank = directive->has_blank || *at == ' ';
        directive->is_other = directive->is_other || *at == '#';
        directive->has_zeroes = directive->has_zeroes || *at == '0';
    }
    at = read_count(at, &directive->width, words);
    if (directive->width < 0) {
        directive->is_left = true;
        directive->width = -directive->width;
    }
    if (*at == '.') {
        at = read_count(at + 1, &directive->precision, words);
    }
    return at;
}

/* Behind the %. Where the rest of the format begins; NULL: that is no directive, which was said. */
static const char *put_directive(const char *at, struct words *words)
{
    struct directive directive;

    at = read_directive(at, &directive, words);
    switch (*at) {
    case '%':
        output("%");
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_number(&directive, *at, word_number(words));
        break;
    case 's':
    case 'b':
    case 'c': {
        const char *word = next_word(words);
        word = word == NULL ? "" : word;
        if (*at == 'b') {
            put_escaped(&directive, word, words);
        } else {
            put_text(&directive, word, *at == 'c' && *word != '\0' ? 1 : strlen(word));
        }
        break;
    }
    default:
        complain("printf: %%%c: it knows %%s %%b %%c %%d %%i %%u %%o %%x %%X and %%%%", *at == '\0' ? ' ' : *at);
        words->status = 1;
        return NULL;
    }
    return at + 1;
}

/* The format, once. False: it is to end here. */
static bool put_format(const char *format, struct words *words)
{
    while (format != NULL && *format != '\0' && !words->stops) {
        struct text text = TEXT_EMPTY(&shell.scratch);
        if (*format == '%') {
            format = put_directive(format + 1, words);
        } else if (*format == '\\') {
            format = put_escape(format + 1, false, &text, words);
            output_bytes(text.bytes, text.size);
        } else {
            size_t length = strcspn(format, "%\\");
            output_bytes(format, length);
            format += length;
        }
    }
    return format != NULL && !words->stops;
}

/* As often as it takes until no word is left; a format that takes none is used once. */
int builtin_printf(int count, char **arguments)
{
    int at = count > 1 && strcmp(arguments[1], "--") == 0 ? 2 : 1;

    if (count <= at) {
        return builtin_usage("printf");
    }
    struct words words = { .next = arguments + at + 1, .left = count - at - 1 };
    int before;
    do {
        before = words.left;
    } while (put_format(arguments[at], &words) && words.left > 0 && words.left < before);
    return words.status;
}
