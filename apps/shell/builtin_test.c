/*
 * test and [. POSIX: what up to four arguments mean is decided by how many there are; more are read as an expression with ! ( )
 * -a -o.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arithmetic.h"
#include "builtins.h"
#include "shell.h"
#include "stack.h"

/* An expression that is being read. */
struct expression {
    char **next;
    int left;
    bool has_failed;    /* which was said */
};

static bool parse_or(struct expression *expression);

static bool fail(struct expression *expression, const char *what, const char *word)
{
    if (!expression->has_failed) {
        complain("test: %s%s", word, what);
    }
    expression->has_failed = true;
    return false;
}

/* ---- Operators ---- */

static bool is_unary(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && word[2] == '\0' && strchr("bcdefghknprstuwxzLS", word[1]) != NULL;
}

static bool test_file(char operator, const char *path)
{
    struct stat description;

    if (operator == 'r' || operator == 'w' || operator == 'x') {
        return access(path, operator == 'r' ? R_OK : operator == 'w' ? W_OK : X_OK) == 0;
    }
    if (operator == 'h' || operator == 'L') {
        return lstat(path, &description) == 0 && (description.st_mode & S_IFMT) == S_IFLNK;
    }
    if (stat(path, &description) != 0) {
        return false;
    }
    switch (operator) {
    case 'b':
        return S_ISBLK(description.st_mode);
    case 'c':
        return S_ISCHR(description.st_mode);
    case 'd':
        return S_ISDIR(description.st_mode);
    case 'f':
        return S_ISREG(description.st_mode);
    case 'p':
        return S_ISFIFO(description.st_mode);
    case 's':
        return description.st_size > 0;
    case 'e':
        return true;
    default: /* what files do not have here */
        return false;
    }
}

static bool number_of(struct expression *expression, const char *text, int64_t *value_out)
{
    return number_read(text, value_out) || fail(expression, " is no number", text);
}

static bool test_unary(struct expression *expression, const char *operator, const char *operand)
{
    int64_t number;

    switch (operator[1]) {
    case 'n':
        return *operand != '\0';
    case 'z':
        return *operand == '\0';
    case 't':
        return number_of(expression, operand, &number) && number >= 0 && number < 64 && isatty((int)number);
    default:
        return test_file(operator[1], operand);
    }
}

static const char *const comparisons[] = { "-eq", "-ne", "-lt", "-le", "-gt", "-ge" };
static const char *const others[] = { "=", "!=", "<", ">", "==", "-nt", "-ot" };

#define COMPARISONS (sizeof comparisons / sizeof comparisons[0])
#define OTHERS (sizeof others / sizeof others[0])

/* Its place in a list; count: it is not there. */
static size_t place_of(const char *word, const char *const *list, size_t count)
{
    size_t place = 0;

    while (place < count && strcmp(word, list[place]) != 0) {
        place++;
    }
    return place;
}

static bool is_binary(const char *word)
{
    return place_of(word, comparisons, COMPARISONS) < COMPARISONS || place_of(word, others, OTHERS) < OTHERS;
}

/* A file that is not there is older than any. */
static bool is_newer(const char *left, const char *right)
{
    struct stat one, other;

    return stat(left, &one) == 0 && (stat(right, &other) != 0 || one.st_mtime > other.st_mtime);
}

static bool compare_numbers(struct expression *expression, const char *left, size_t operator, const char *right)
{
    int64_t one, other;

    if (!number_of(expression, left, &one) || !number_of(expression, right, &other)) {
        return false;
    }
    const bool results[COMPARISONS] = { one == other, one != other, one < other, one <= other, one > other, one >= other };
    return results[operator];
}

static bool test_binary(struct expression *expression, const char *left, const char *operator, const char *right)
{
    size_t place = place_of(operator, comparisons, COMPARISONS);

    if (place < COMPARISONS) {
        return compare_numbers(expression, left, place, right);
    }
    switch (place_of(operator, others, OTHERS)) {
    case 1:
        return strcmp(left, right) != 0;
    case 2:
        return strcmp(left, right) < 0;
    case 3:
        return strcmp(left, right) > 0;
    case 5:
        return is_newer(left, right);
    case 6:
        return is_newer(right, left);
    default:
        return strcmp(left, right) == 0;
    }
}

/* ---- Expressions ---- */

static bool is_at(const struct expression *expression, const char *word)
{
    return expression->left > 0 && strcmp(expression->next[0], word) == 0;
}

static void take(struct expression *expression, int count)
{
    expression->next += count;
    expression->left -= count;
}

static bool parse_primary(struct expression *expression)
{
    char **words = expression->next;

    if (stack_is_short()) {
        return fail(expression, "nested too deeply", "");
    }
    if (expression->left == 0) {
        return fail(expression, "something is missing at the end", "");
    }
    if (expression->left >= 3 && is_binary(words[1])) {
        take(expression, 3);
        return test_binary(expression, words[0], words[1], words[2]);
    }
    if (is_at(expression, "!")) {
        take(expression, 1);
        return !parse_primary(expression);
    }
    if (is_at(expression, "(") && expression->left > 1) {
        take(expression, 1);
        bool result = parse_or(expression);
        if (!is_at(expression, ")")) {
            return fail(expression, ") is missing", "");
        }
        take(expression, 1);
        return result;
    }
    if (expression->left >= 2 && is_unary(words[0])) {
        take(expression, 2);
        return test_unary(expression, words[0], words[1]);
    }
    take(expression, 1);
    return *words[0] != '\0';
}

static bool parse_and(struct expression *expression)
{
    bool result = parse_primary(expression);

    while (is_at(expression, "-a")) {
        take(expression, 1);
        result = parse_primary(expression) && result;
    }
    return result;
}

static bool parse_or(struct expression *expression)
{
    bool result = parse_and(expression);

    while (is_at(expression, "-o")) {
        take(expression, 1);
        result = parse_and(expression) || result;
    }
    return result;
}

/* With few words their number decides, whatever they look like. */
static bool evaluate(struct expression *expression)
{
    char **words = expression->next;
    int count = expression->left;

    if (count == 0) {
        return false;
    }
    if (count == 1) {
        expression->left = 0;
        return *words[0] != '\0';
    }
    bool is_not = strcmp(words[0], "!") == 0 && (count == 2 || (count <= 4 && !is_binary(words[1])));
    if (is_not) {
        take(expression, 1);
        return !evaluate(expression);
    }
    if (count == 2 && !is_unary(words[0])) {
        return fail(expression, " is no operator for one word", words[0]);
    }
    return parse_or(expression);
}

int builtin_test(int count, char **arguments)
{
    struct expression expression = { .next = arguments + 1, .left = count - 1 };

    if (arguments[0][0] == '[') {
        if (count < 2 || strcmp(arguments[count - 1], "]") != 0) {
            complain("[: ] is missing at the end");
            return STATUS_MISTAKE;
        }
        expression.left--;
    }
    bool result = evaluate(&expression);
    if (!expression.has_failed && expression.left > 0) {
        (void)fail(&expression, " is not expected there", expression.next[0]);
    }
    return expression.has_failed ? STATUS_MISTAKE : result ? 0 : 1;
}
