#include "pattern.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

#define CLASS_NAME_MAX 8U

/* A [ without a ] behind it is none: the command [ would be looked for in the directory each time. */
bool pattern_has_wildcards(const struct pattern *pattern)
{
    bool is_open = false;

    for (size_t i = 0; i < pattern->size; i++) {
        char byte = pattern->quoted[i] ? '\0' : pattern->bytes[i];
        if (byte == '*' || byte == '?' || (byte == ']' && is_open)) {
            return true;
        }
        is_open = is_open || byte == '[';
    }
    return false;
}

/* Is there this character, and not in quotes? */
static bool is_plain(const struct pattern *pattern, size_t at, char byte)
{
    return at < pattern->size && pattern->bytes[at] == byte && !pattern->quoted[at];
}

static bool is_between(uint32_t character, char first, char last)
{
    return character >= (unsigned char)first && character <= (unsigned char)last;
}

/* The classes of the locale C. */
static bool is_in_class(uint32_t character, const char *name)
{
    bool upper = is_between(character, 'A', 'Z'), lower = is_between(character, 'a', 'z'), digit = is_between(character, '0', '9');
    bool graph = is_between(character, '!', '~');
    const struct {
        char name[CLASS_NAME_MAX];
        bool is_in;
    } classes[] = {
        { "alpha", upper || lower }, { "digit", digit }, { "alnum", upper || lower || digit }, { "upper", upper }, { "lower", lower },
        { "space", character == ' ' || is_between(character, '\t', '\r') }, { "blank", character == ' ' || character == '\t' },
        { "punct", graph && !upper && !lower && !digit }, { "graph", graph }, { "print", graph || character == ' ' },
        { "cntrl", character < ' ' || character == 127 },
        { "xdigit", digit || is_between(character, 'a', 'f') || is_between(character, 'A', 'F') },
    };

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strcmp(name, classes[i].name) == 0) {
            return classes[i].is_in;
        }
    }
    return false;
}

/* [:name:] inside brackets. How many bytes it takes, 0: there is none here. */
static size_t class_read(const struct pattern *pattern, size_t at, uint32_t character, bool *is_in_out)
{
    char name[CLASS_NAME_MAX] = "";
    size_t length = 0;

    if (!is_plain(pattern, at, '[') || !is_plain(pattern, at + 1, ':')) {
        return 0;
    }
    while (at + 2 + length < pattern->size && pattern->bytes[at + 2 + length] >= 'a' && pattern->bytes[at + 2 + length] <= 'z'
           && length < CLASS_NAME_MAX - 1) {
        name[length] = pattern->bytes[at + 2 + length];
        length++;
    }
    if (!is_plain(pattern, at + 2 + length, ':') || !is_plain(pattern, at + 3 + length, ']')) {
        return 0;
    }
    *is_in_out = is_in_class(character, name);
    return length + 4;
}

/*
 * Brackets, behind the [. How many bytes they take; 0: they are not closed, and the [ stands for itself.
 */
static size_t brackets_read(const struct pattern *pattern, size_t start, uint32_t character, bool *fits_out)
{
    size_t at = start, length;
    bool is_not = is_plain(pattern, at, '!') || is_plain(pattern, at, '^');
    bool found = false;

    at += is_not;
    for (size_t first = at; at < pattern->size && (at == first || !is_plain(pattern, at, ']'));) {
        bool is_in = false;
        length = class_read(pattern, at, character, &is_in);
        if (length > 0) {
            found = found || is_in;
            at += length;
            continue;
        }
        uint32_t low = utf8_read(pattern->bytes + at, pattern->size - at, &length), high = low;
        at += length;
        if (is_plain(pattern, at, '-') && at + 1 < pattern->size && !is_plain(pattern, at + 1, ']')) {
            high = utf8_read(pattern->bytes + at + 1, pattern->size - at - 1, &length);
            at += 1 + length;
        }
        found = found || (character >= low && character <= high);
    }
    if (at >= pattern->size) {
        return 0;
    }
    *fits_out = found != is_not;
    return at + 1 - start;
}

/*
 * Does one element of the pattern, which is no *, fit one character? How many bytes of the pattern it takes; 0: it does not
 * fit.
 */
static size_t element_fits(const struct pattern *pattern, size_t at, const char *text, size_t size, size_t *length_out)
{
    uint32_t character = utf8_read(text, size, length_out);
    bool fits = false;

    if (is_plain(pattern, at, '?')) {
        return 1;
    }
    if (is_plain(pattern, at, '[')) {
        size_t taken = brackets_read(pattern, at + 1, character, &fits);
        if (taken > 0) {
            return fits ? taken + 1 : 0;
        }
    }
    *length_out = 1;
    return pattern->bytes[at] == *text;
}

/* When something does not fit behind a *, that takes one more character: only the last * needs to be remembered. */
bool pattern_fits(const struct pattern *pattern, const char *text, size_t size)
{
    size_t at = 0, done = 0, star_at = SIZE_MAX, star_done = 0;

    for (;;) {
        size_t length = 0, taken;
        if (is_plain(pattern, at, '*')) {
            star_at = ++at;
            star_done = done;
            continue;
        }
        if (done == size && at == pattern->size) {
            return true;
        }
        taken = done < size && at < pattern->size ? element_fits(pattern, at, text + done, size - done, &length) : 0;
        if (taken > 0) {
            at += taken;
            done += length;
            continue;
        }
        if (star_at == SIZE_MAX || star_done == size) {
            return false;
        }
        (void)utf8_read(text + star_done, size - star_done, &length);
        star_done += length;
        done = star_done;
        at = star_at;
    }
}
