#include "apps/text/sort_key.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "apps/command/command.h"

#define KEYS_MAX 8U
#define FIELDS_MAX 100000U

struct manner {
    bool skips_blanks, folds, by_number, reverse;
};

struct key {
    size_t first, last;          /* fields, from 1 on; last 0: to the end of the line */
    size_t first_byte, last_byte; /* of the field, from 1 on; 0: all of it */
    struct manner manner;
    bool has_manner;
};

static struct manner usual;
static struct key keys[KEYS_MAX];
static size_t key_count;
static char separator;           /* NUL: blanks */

static bool set_letter(struct manner *manner, char letter)
{
    switch (letter) {
    case 'b': manner->skips_blanks = true; return true;
    case 'f': manner->folds = true; return true;
    case 'n': manner->by_number = true; return true;
    case 'r': manner->reverse = true; return true;
    }
    return false;
}

void sort_option(char letter)
{
    (void)set_letter(&usual, letter);
}

void sort_separator(const char *text)
{
    if (text[0] == '\0' || text[1] != '\0') {
        command_misused("-t: %s is not one character", text);
    }
    separator = text[0];
}

static size_t read_number(const char **at)
{
    size_t number = 0;

    while (**at >= '0' && **at <= '9' && number <= FIELDS_MAX) {
        number = 10 * number + (size_t)(*(*at)++ - '0');
    }
    return number;
}

/* FIELD[.BYTE][LETTERS] */
static bool read_place(const char **at, size_t *field_out, size_t *byte_out, struct key *key)
{
    *field_out = read_number(at);
    if (**at == '.') {
        (*at)++;
        *byte_out = read_number(at);
    }
    while (set_letter(&key->manner, **at)) {
        key->has_manner = true;
        (*at)++;
    }
    return *field_out > 0;
}

void sort_key(const char *text)
{
    struct key key = { 0 };
    const char *at = text;
    bool is_right = read_place(&at, &key.first, &key.first_byte, &key);

    if (is_right && *at == ',') {
        at++;
        is_right = read_place(&at, &key.last, &key.last_byte, &key);
    }
    if (!is_right || *at != '\0') {
        command_misused("-k: %s is no key", text);
    }
    if (key_count == KEYS_MAX) {
        command_misused("-k: %u keys are the most", KEYS_MAX);
    }
    keys[key_count++] = key;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* The end of the field that begins at a place. Without a separator the blanks in front of a field are a part of it. */
static const char *field_end(const char *at, const char *end)
{
    if (separator != '\0') {
        const char *found = memchr(at, separator, (size_t)(end - at));
        return found == NULL ? end : found;
    }
    while (at < end && is_blank(*at)) {
        at++;
    }
    while (at < end && !is_blank(*at)) {
        at++;
    }
    return at;
}

static const char *field_begin(const char *at, const char *end, size_t field)
{
    for (; field > 1 && at < end; field--) {
        at = field_end(at, end);
        at += at < end && separator != '\0';
    }
    return field > 1 ? end : at;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at)) {
        at++;
    }
    return at;
}

/* The part of a line that a key says. */
static const char *part_of(const struct sort_line *line, const struct key *key, const struct manner *manner, size_t *size_out)
{
    const char *end = line->text + line->size, *first = field_begin(line->text, end, key->first), *last = end;

    if (key->last != 0) {
        last = field_begin(line->text, end, key->last);
        if (key->last_byte != 0) {
            last = manner->skips_blanks ? skip_blanks(last, end) : last;
            last = (size_t)(end - last) < key->last_byte ? end : last + key->last_byte;
        } else {
            last = field_end(last, end);
        }
    }
    if (manner->skips_blanks) {
        first = skip_blanks(first, end);
    }
    if (key->first_byte > 1) {
        first = (size_t)(end - first) < key->first_byte - 1 ? end : first + key->first_byte - 1;
    }
    *size_out = last > first ? (size_t)(last - first) : 0;
    return first;
}

/* Numbers of any length: the sign, then the digits before the point, then those behind it. */
struct number {
    bool is_negative;
    const char *whole, *part;    /* digits, without zeroes in front */
    size_t whole_size, part_size;
};

static struct number read_decimal(const char *at, const char *end)
{
    struct number number = { 0 };

    at = skip_blanks(at, end);
    number.is_negative = at < end && *at == '-';
    at += number.is_negative;
    while (at < end && *at == '0') {
        at++;
    }
    for (number.whole = at; at < end && *at >= '0' && *at <= '9'; at++) {
        number.whole_size++;
    }
    at += at < end && *at == '.';
    for (number.part = at; at < end && *at >= '0' && *at <= '9'; at++) {
        number.part_size = *at != '0' ? (size_t)(at - number.part) + 1 : number.part_size;
    }
    number.is_negative &= number.whole_size + number.part_size > 0;
    return number;
}

static int compare_bytes(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t least = left_size < right_size ? left_size : right_size;
    int result = memcmp(left, right, least);

    return result != 0 ? result : (left_size > right_size) - (left_size < right_size);
}

static int compare_numbers(const char *left, size_t left_size, const char *right, size_t right_size)
{
    struct number a = read_decimal(left, left + left_size), b = read_decimal(right, right + right_size);
    int result;

    if (a.is_negative != b.is_negative) {
        return a.is_negative ? -1 : 1;
    }
    if (a.whole_size != b.whole_size) {
        result = a.whole_size > b.whole_size ? 1 : -1;
    } else {
        result = memcmp(a.whole, b.whole, a.whole_size);
        if (result == 0) {
            result = compare_bytes(a.part, a.part_size, b.part, b.part_size);
        }
    }
    return a.is_negative ? -result : result;
}

static int compare_folded(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t least = left_size < right_size ? left_size : right_size;

    for (size_t i = 0; i < least; i++) {
        int a = (unsigned char)left[i], b = (unsigned char)right[i];
        a -= a >= 'a' && a <= 'z' ? 'a' - 'A' : 0;
        b -= b >= 'a' && b <= 'z' ? 'a' - 'A' : 0;
        if (a != b) {
            return a - b;
        }
    }
    return (left_size > right_size) - (left_size < right_size);
}

static int compare_key(const struct sort_line *left, const struct sort_line *right, const struct key *key)
{
    const struct manner *manner = key->has_manner ? &key->manner : &usual;
    size_t left_size, right_size;
    const char *left_part = part_of(left, key, manner, &left_size), *right_part = part_of(right, key, manner, &right_size);

    int result = manner->by_number ? compare_numbers(left_part, left_size, right_part, right_size)
        : manner->folds ? compare_folded(left_part, left_size, right_part, right_size)
        : compare_bytes(left_part, left_size, right_part, right_size);
    return manner->reverse ? -result : result;
}

int sort_compare(const struct sort_line *left, const struct sort_line *right, bool only_keys)
{
    static const struct key whole = { .first = 1 };
    int result = 0;

    for (size_t i = 0; i < key_count && result == 0; i++) {
        result = compare_key(left, right, &keys[i]);
    }
    if (key_count == 0) {
        result = compare_key(left, right, &whole);
    }
    if (result == 0 && !only_keys) {
        result = compare_bytes(left->text, left->size, right->text, right->size);
        result = usual.reverse ? -result : result;
    }
    return result;
}
