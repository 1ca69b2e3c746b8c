#include "arithmetic.h"

#include <string.h>

#include "lexer.h"
#include "shell.h"
#include "stack.h"
#include "variables.h"

/* An expression that is being worked out. */
struct calculation {
    const char *text;       /* all of it */
    const char *at;
    unsigned skipping;      /* this part only has to be right: && || and ?: have decided already */
    bool has_failed;
};

enum operator {
    LOGICAL_OR, LOGICAL_AND, BIT_OR, BIT_XOR, BIT_AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL,
    SHIFT_LEFT, SHIFT_RIGHT, PLUS, MINUS, TIMES, DIVIDE, REMAINDER,
};

/* Those of two characters come before those that they begin with. Higher ones bind first. */
static const struct {
    char text[3];
    enum operator operator;
    unsigned binding;
} operators[] = {
    { "||", LOGICAL_OR, 1 }, { "&&", LOGICAL_AND, 2 }, { "==", EQUAL, 6 }, { "!=", NOT_EQUAL, 6 }, { "<<", SHIFT_LEFT, 8 },
    { ">>", SHIFT_RIGHT, 8 }, { "<=", LESS_EQUAL, 7 }, { ">=", GREATER_EQUAL, 7 }, { "|", BIT_OR, 3 }, { "^", BIT_XOR, 4 },
    { "&", BIT_AND, 5 }, { "<", LESS, 7 }, { ">", GREATER, 7 }, { "+", PLUS, 9 }, { "-", MINUS, 9 }, { "*", TIMES, 10 },
    { "/", DIVIDE, 10 }, { "%", REMAINDER, 10 },
};

#define OPERATOR_COUNT (sizeof operators / sizeof operators[0])

static int64_t assignment(struct calculation *calculation);

static int64_t fail(struct calculation *calculation, const char *what)
{
    if (!calculation->has_failed) {
        give_up("$((%s)): %s", calculation->text, what);
    }
    calculation->has_failed = true;
    return 0;
}

static void skip_blanks(struct calculation *calculation)
{
    calculation->at += strspn(calculation->at, " \t\n");
}

/* Takes a character if it comes next. */
static bool take(struct calculation *calculation, char character)
{
    skip_blanks(calculation);
    if (*calculation->at != character) {
        return false;
    }
    calculation->at++;
    return true;
}

/* ---- Numbers and names ---- */

static int digit_value(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    character |= 0x20;
    return character >= 'a' && character <= 'z' ? character - 'a' + 10 : 99;
}

/*
 * Digits up to the first character that is none, with or without 0 or 0x before. NULL: no digits. Too many of them wrap around.
 */
static const char *read_digits(const char *at, int64_t *value_out)
{
    int base = 10;
    uint64_t value = 0;

    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    } else if (at[0] == '0') {
        base = 8;
    }
    const char *start = at;
    while (digit_value(*at) < base) {
        value = value * (uint64_t)base + (uint64_t)digit_value(*at++);
    }
    *value_out = (int64_t)value;
    return at > start ? at : NULL;
}

static bool read_number(const char *text, bool is_decimal, int64_t *value_out)
{
    int64_t value;

    text += strspn(text, " \t\n");
    bool is_negative = *text == '-';
    text += *text == '-' || *text == '+';
    while (is_decimal && text[0] == '0' && text[1] >= '0' && text[1] <= '9') {
        text++;
    }
    const char *end = is_decimal && (text[1] == 'x' || text[1] == 'X') ? NULL : read_digits(text, &value);
    if (end == NULL || end[strspn(end, " \t\n")] != '\0') {
        return false;
    }
    *value_out = is_negative ? (int64_t)-(uint64_t)value : value;
    return true;
}

bool number_read(const char *text, int64_t *value_out)
{
    return read_number(text, true, value_out);
}

bool number_read_constant(const char *text, int64_t *value_out)
{
    return read_number(text, false, value_out);
}

/* Not set and empty are 0. */
static int64_t variable_number(struct calculation *calculation, const char *name)
{
    const char *text = variable_value(name);
    int64_t value = 0;

    if (text == NULL && shell_has(OPTION_NO_UNSET) && calculation->skipping == 0) {
        return fail(calculation, "a variable in it is not set");
    }
    if (text != NULL && text[strspn(text, " \t\n")] != '\0' && !number_read_constant(text, &value) && calculation->skipping == 0) {
        return fail(calculation, "a variable in it is not a number");
    }
    return value;
}

static int64_t assign(struct calculation *calculation, const char *name, int64_t value)
{
    if (calculation->skipping == 0 && !calculation->has_failed && !variable_set_number(name, value)) {
        calculation->has_failed = true;
        shell.status = STATUS_MISTAKE;
        shell.leaving = LEAVING_COMMAND;
    }
    return value;
}

/* ---- Operators ---- */

static int64_t divide(struct calculation *calculation, enum operator operator, int64_t left, int64_t right)
{
    if (right == 0) {
        return calculation->skipping > 0 ? 0 : fail(calculation, "it divides by zero");
    }
    if (right == -1) { /* the least number has no opposite */
        return operator == DIVIDE ? (int64_t)-(uint64_t)left : 0;
    }
    return operator == DIVIDE ? left / right : left % right;
}

static int64_t apply(struct calculation *calculation, enum operator operator, int64_t left, int64_t right)
{
    switch (operator) {
    case LOGICAL_OR:
        return left != 0 || right != 0;
    case LOGICAL_AND:
        return left != 0 && right != 0;
    case BIT_OR:
        return left | right;
    case BIT_XOR:
        return left ^ right;
    case BIT_AND:
        return left & right;
    case EQUAL:
        return left == right;
    case NOT_EQUAL:
        return left != right;
    case LESS:
        return left < right;
    case LESS_EQUAL:
        return left <= right;
    case GREATER:
        return left > right;
    case GREATER_EQUAL:
        return left >= right;
    case SHIFT_LEFT:
        return (int64_t)((uint64_t)left << (right & 63));
    case SHIFT_RIGHT:
        return left >> (right & 63);
    case PLUS:
        return (int64_t)((uint64_t)left + (uint64_t)right);
    case MINUS:
        return (int64_t)((uint64_t)left - (uint64_t)right);
    case TIMES:
        return (int64_t)((uint64_t)left * (uint64_t)right);
    default:
        return divide(calculation, operator, left, right);
    }
}

/* The binary operator that comes next, which stays; one with = behind it is an assignment's. */
static unsigned operator_find(struct calculation *calculation)
{
    skip_blanks(calculation);
    for (unsigned i = 0; i < OPERATOR_COUNT; i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(calculation->at, operators[i].text, length) == 0) {
            return i;
        }
    }
    return OPERATOR_COUNT;
}

/* ---- From the inside out ---- */

/* ++ or -- before a name or behind it. */
static int step_of(struct calculation *calculation)
{
    skip_blanks(calculation);
    const char *at = calculation->at;
    return at[0] == '+' && at[1] == '+' ? 1 : at[0] == '-' && at[1] == '-' ? -1 : 0;
}

/* A name of a variable, and = or the like behind it. */
static int64_t name(struct calculation *calculation)
{
    size_t length = name_length(calculation->at);
    const char *name = arena_copy(&shell.scratch, calculation->at, length);

    calculation->at += length;
    int step = step_of(calculation);
    if (step != 0) {
        calculation->at += 2;
        int64_t value = variable_number(calculation, name);
        (void)assign(calculation, name, apply(calculation, PLUS, value, step));
        return value;
    }
    unsigned index = operator_find(calculation);
    size_t size = index < OPERATOR_COUNT ? strlen(operators[index].text) : 0;
    bool compares = index < OPERATOR_COUNT && operators[index].binding >= 6 && operators[index].binding <= 7;
    bool assigns = calculation->at[size] == '=' && !compares && (size > 0 || calculation->at[1] != '=');
    if (!assigns || (index < OPERATOR_COUNT && operators[index].binding <= 2)) {
        return variable_number(calculation, name);
    }
    calculation->at += size + 1;
    int64_t right = assignment(calculation);
    if (index < OPERATOR_COUNT) {
        right = apply(calculation, operators[index].operator, variable_number(calculation, name), right);
    }
    return assign(calculation, name, right);
}

static int64_t primary(struct calculation *calculation)
{
    int64_t value = 0;

    if (take(calculation, '(')) {
        value = assignment(calculation);
        return take(calculation, ')') ? value : fail(calculation, ") is missing");
    }
    if (name_length(calculation->at) > 0) {
        return name(calculation);
    }
    const char *end = read_digits(calculation->at, &value);
    if (end == NULL || name_length(end) > 0 || (*end >= '0' && *end <= '9')) {
        bool is_end = *calculation->at == '\0';
        return fail(calculation, is_end ? "a number is missing at the end" : "a number is missing, or not well written");
    }
    calculation->at = end;
    return value;
}

static int64_t unary(struct calculation *calculation)
{
    if (stack_is_short()) {
        return fail(calculation, "nested too deeply");
    }
    int step = step_of(calculation);
    size_t blanks = step == 0 ? 0 : strspn(calculation->at + 2, " \t\n");
    if (step != 0 && name_length(calculation->at + 2 + blanks) > 0) {
        calculation->at += 2 + blanks;
        size_t length = name_length(calculation->at);
        const char *variable = arena_copy(&shell.scratch, calculation->at, length);
        calculation->at += length;
        return assign(calculation, variable, apply(calculation, PLUS, variable_number(calculation, variable), step));
    }
    if (take(calculation, '-')) {
        return (int64_t)-(uint64_t)unary(calculation);
    }
    if (take(calculation, '+')) {
        return unary(calculation);
    }
    if (take(calculation, '~')) {
        return ~unary(calculation);
    }
    if (take(calculation, '!')) {
        return unary(calculation) == 0;
    }
    return primary(calculation);
}

/* Operands, and operators between them that bind at least so much. */
static int64_t binary(struct calculation *calculation, unsigned binding)
{
    int64_t left = unary(calculation);

    while (!calculation->has_failed) {
        unsigned index = operator_find(calculation);
        if (index == OPERATOR_COUNT || operators[index].binding < binding) {
            break;
        }
        calculation->at += strlen(operators[index].text);
        enum operator operator = operators[index].operator;
        bool decided = (operator == LOGICAL_OR && left != 0) || (operator == LOGICAL_AND && left == 0);
        calculation->skipping += decided;
        int64_t right = binary(calculation, operators[index].binding + 1);
        calculation->skipping -= decided;
        left = apply(calculation, operator, left, right);
    }
    return left;
}

static int64_t assignment(struct calculation *calculation)
{
    int64_t condition = binary(calculation, 1);

    if (calculation->has_failed || !take(calculation, '?')) {
        return condition;
    }
    bool is_true = condition != 0;
    calculation->skipping += !is_true;
    int64_t left = assignment(calculation);
    calculation->skipping -= !is_true;
    if (!take(calculation, ':')) {
        return fail(calculation, ": is missing behind ?");
    }
    calculation->skipping += is_true;
    int64_t right = assignment(calculation);
    calculation->skipping -= is_true;
    return is_true ? left : right;
}

bool arithmetic(const char *text, int64_t *value_out)
{
    struct calculation calculation = { .text = text, .at = text };

    skip_blanks(&calculation);
    *value_out = 0;
    if (*calculation.at == '\0') {
        return true;
    }
    int64_t value = assignment(&calculation);
    skip_blanks(&calculation);
    if (!calculation.has_failed && *calculation.at != '\0') {
        (void)fail(&calculation, "something stands behind its end");
    }
    *value_out = value;
    return !calculation.has_failed;
}
