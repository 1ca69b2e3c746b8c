/* expr: calculates and compares what its arguments say, as older scripts have it done. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/format.h>

#include "apps/command/command.h"
#include "apps/command/help.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: expr EXPRESSION\n"
    "Writes the value of an expression, each part of which is an argument; those further down bind more closely:\n"
    "  A | B      A, if it is neither empty nor 0, else B    A & B   A, if neither is empty or 0, else 0\n"
    "  A < B      1 or 0; also <= = == != >= >: as numbers if both are, else as text\n"
    "  A + B      also -                                     A * B   also / %\n"
    "  A : B      how much of the beginning of A the basic regular expression B is, or what its \\( \\) is\n"
    "  length A   index A BYTES   substr A FROM SIZE         ( A )   + A: A, even if it is a word as these\n"
    "Exit code 0; 1: the value is empty or 0; 2: the expression is wrong.\n";

#define NUMBER_SIZE 24U
#define DEPTH_MAX 500U

static char **at;                    /* the next argument */
static unsigned depth;

static char *any(void);

static bool is_next(const char *word)
{
    return *at != NULL && strcmp(*at, word) == 0;
}

static bool take(const char *word)
{
    bool is_it = is_next(word);

    at += is_it;
    return is_it;
}

/* ---- Values are texts ---- */

static bool to_number(const char *text, long long *number_out)
{
    const char *digits = text + (*text == '-');
    unsigned long long number = 0;

    if (*digits == '\0') {
        return false;
    }
    for (const char *digit = digits; *digit != '\0'; digit++) {
        unsigned long long next = number * 10 + (unsigned long long)(*digit - '0');
        if (*digit < '0' || *digit > '9') {
            return false;
        }
        if (number > INT64_MAX / 10 || next > INT64_MAX) {
            command_misused("%s: the number is too large", text);
        }
        number = next;
    }
    *number_out = *text == '-' ? -(long long)number : (long long)number;
    return true;
}

static long long number_of(const char *text)
{
    long long number;

    if (!to_number(text, &number)) {
        command_misused("%s is no number", text);
    }
    return number;
}

static char *from_number(long long number)
{
    char *text = command_memory(NUMBER_SIZE);

    (void)format_text(text, NUMBER_SIZE, "%lld", number);
    return text;
}

static bool is_null(const char *text)
{
    const char *digits = text + (*text == '-');

    return *text == '\0' || (*digits != '\0' && strspn(digits, "0") == strlen(digits));
}

/* ---- From what binds most closely on ---- */

static char *next_argument(void)
{
    if (*at == NULL) {
        command_misused("an argument is missing at the end");
    }
    return *at++;
}

static char *substring(const char *text, const char *from_text, const char *size_text)
{
    long long from, size, length = (long long)strlen(text);

    if (!to_number(from_text, &from) || !to_number(size_text, &size) || from < 1 || size < 1 || from > length) {
        return command_copy("");
    }
    char *part = command_copy(text + from - 1);
    if (size < length - from + 1) {
        part[size] = '\0';
    }
    return part;
}

static char *single(void)
{
    if (++depth > DEPTH_MAX) {
        command_misused("it is nested too deeply");
    }
    char *value;
    if (take("(")) {
        value = any();
        if (!take(")")) {
            command_misused("a ( has no )");
        }
    } else if (take("+")) {
        value = next_argument();
    } else if (take("length")) {
        value = from_number((long long)strlen(single()));
    } else if (take("index")) {
        const char *text = single(), *bytes = single();
        size_t before = strcspn(text, bytes);
        value = from_number(text[before] == '\0' ? 0 : (long long)before + 1);
    } else if (take("substr")) {
        const char *text = single(), *from = single(), *size = single();
        value = substring(text, from, size);
    } else {
        value = next_argument();
    }
    depth--;
    return value;
}

static char *match(const char *text, const char *pattern)
{
    regex_t expression;
    regmatch_t parts[2];
    bool is_there;

    if (regcomp(&expression, *pattern != '\0' ? pattern : "^", 0) != 0) {
        command_misused("%s is no regular expression", pattern);
    }
    is_there = regexec(&expression, text, 2, parts, 0) == 0 && parts[0].rm_so == 0;
    if (expression.re_nsub == 0) {
        return from_number(is_there ? parts[0].rm_eo : 0);
    }
    char *part = command_copy(is_there && parts[1].rm_so >= 0 ? text + parts[1].rm_so : "");
    if (is_there && parts[1].rm_so >= 0) {
        part[parts[1].rm_eo - parts[1].rm_so] = '\0';
    }
    return part;
}

static char *matched(void)
{
    char *value = single();

    while (take(":")) {
        value = match(value, single());
    }
    return value;
}

static char *product(void)
{
    char *value = matched();

    while (is_next("*") || is_next("/") || is_next("%")) {
        char sign = **at++;
        long long left = number_of(value), right = number_of(matched()), result;

        if (sign != '*' && right == 0) {
            command_misused("it divides by zero");
        }
        bool is_too_large = sign == '*' ? __builtin_mul_overflow(left, right, &result) : sign == '/' && left == INT64_MIN && right == -1;
        if (is_too_large) {
            command_misused("the result is too large");
        }
        value = from_number(sign == '*' ? result : sign == '/' ? left / right : right == -1 ? 0 : left % right);
    }
    return value;
}

static char *sum(void)
{
    char *value = product();

    while (is_next("+") || is_next("-")) {
        bool adds = **at++ == '+';
        long long left = number_of(value), right = number_of(product()), result;

        if (adds ? __builtin_add_overflow(left, right, &result) : __builtin_sub_overflow(left, right, &result)) {
            command_misused("the result is too large");
        }
        value = from_number(result);
    }
    return value;
}

static bool holds(const char *sign, const char *left, const char *right)
{
    long long a, b;
    bool are_numbers = to_number(left, &a) && to_number(right, &b);
    int order = are_numbers ? (a > b) - (a < b) : strcmp(left, right);

    switch (sign[0]) {
    case '<': return sign[1] == '=' ? order <= 0 : order < 0;
    case '>': return sign[1] == '=' ? order >= 0 : order > 0;
    case '!': return order != 0;
    default: return order == 0;
    }
}

static char *comparison(void)
{
    char *value = sum();

    while (is_next("<") || is_next("<=") || is_next("=") || is_next("==") || is_next("!=") || is_next(">=") || is_next(">")) {
        const char *sign = *at++;
        value = from_number(holds(sign, value, sum()));
    }
    return value;
}

static char *both(void)
{
    char *value = comparison();

    while (take("&")) {
        char *other = comparison();
        value = is_null(value) || is_null(other) ? from_number(0) : value;
    }
    return value;
}

static char *any(void)
{
    char *value = both();

    while (take("|")) {
        char *other = both();
        value = !is_null(value) ? value : !is_null(other) ? other : from_number(0);
    }
    return value;
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    command.name = "expr";
    at = argv + (argc > 0);
    if (is_next("--")) {
        at++;
    }
    const char *value = any();
    if (*at != NULL) {
        command_misused("%s is an argument too much", *at);
    }
    output_text(value);
    output_byte('\n');
    int code = command_end();
    return code != EXIT_DONE ? EXIT_MISUSED : is_null(value) ? EXIT_FAILED : EXIT_DONE;
}
