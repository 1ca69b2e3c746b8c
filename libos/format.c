/* Text from a template: see format.h for what it can. */
#include <stdbool.h>
#include <stdint.h>

#include <ternion/format.h>
#include <ternion/string.h>

#define DIGITS_MAX 20 /* of UINT64_MAX in decimal */

struct output {
    char *buffer;
    size_t size;   /* bytes of buffer, the NUL included */
    size_t length; /* of the text so far, whether it fitted or not */
};

/* One directive, between its % and its letter. */
struct directive {
    bool left;
    bool zeroes;
    bool has_precision;
    size_t width;
    size_t precision;
    unsigned longs; /* how many l; z counts as one */
};

static void put(struct output *output, char character)
{
    if (output->length + 1 < output->size) {
        output->buffer[output->length] = character;
    }
    output->length++;
}

static void put_padding(struct output *output, char character, size_t width, size_t length)
{
    for (; length < width; length++) {
        put(output, character);
    }
}

/* Puts prefix and body, padded to the width; zeroes go between them. */
static void put_field(struct output *output, const struct directive *directive,
                      const char *prefix, const char *body, size_t body_size)
{
    size_t length = strlen(prefix) + body_size;
    bool zeroes = directive->zeroes && !directive->left;

    if (!directive->left && !zeroes) {
        put_padding(output, ' ', directive->width, length);
    }
    while (*prefix != '\0') {
        put(output, *prefix++);
    }
    if (zeroes) {
        put_padding(output, '0', directive->width, length);
    }
    for (size_t i = 0; i < body_size; i++) {
        put(output, body[i]);
    }
    if (directive->left) {
        put_padding(output, ' ', directive->width, length);
    }
}

static void put_number(struct output *output, const struct directive *directive,
                       const char *prefix, uint64_t value, unsigned base, const char *digits)
{
    char text[DIGITS_MAX];
    size_t at = DIGITS_MAX;

    /* Most numbers fit a register, where a division costs a tenth. */
    for (; value > UINT32_MAX; value /= base) {
        text[--at] = digits[value % base];
    }
    uint32_t rest = (uint32_t)value;
    do {
        text[--at] = digits[rest % base];
        rest /= base;
    } while (rest != 0);
    put_field(output, directive, prefix, text + at, DIGITS_MAX - at);
}

static void put_string(struct output *output, const struct directive *directive, const char *text)
{
    if (text == NULL) {
        text = "(null)";
    }
    size_t size = directive->has_precision ? strnlen(text, directive->precision) : strlen(text);
    put_field(output, &(struct directive){ .left = directive->left, .width = directive->width },
              "", text, size);
}

static uint64_t next_unsigned(const struct directive *directive, va_list *values)
{
    return directive->longs > 1 ? va_arg(*values, uint64_t) : va_arg(*values, uint32_t);
}

static int64_t next_signed(const struct directive *directive, va_list *values)
{
    return directive->longs > 1 ? va_arg(*values, int64_t) : va_arg(*values, int32_t);
}

/* Reads a number, or takes it from the values where it is *. A negative one is said through negative_out. */
static const char *read_size(const char *at, va_list *values, size_t *size_out, bool *negative_out)
{
    size_t size = 0;

    *negative_out = false;
    if (*at == '*') {
        int value = va_arg(*values, int);
        *negative_out = value < 0;
        *size_out = value < 0 ? 0U - (unsigned)value : (unsigned)value;
        return at + 1;
    }
    while (*at >= '0' && *at <= '9') {
        size = size * 10 + (size_t)(*at++ - '0');
    }
    *size_out = size;
    return at;
}

/* Reads flags, width, precision and length; returns where the directive's letter stands. */
static const char *read_directive(const char *at, va_list *values, struct directive *directive)
{
    bool negative;

    *directive = (struct directive){ 0 };
    for (;; at++) {
        if (*at == '-') {
            directive->left = true;
        } else if (*at == '0') {
            directive->zeroes = true;
        } else {
            break;
        }
    }
    at = read_size(at, values, &directive->width, &negative);
    directive->left |= negative;
    if (*at == '.') {
        at = read_size(at + 1, values, &directive->precision, &negative);
        directive->has_precision = !negative;
    }
    for (; *at == 'l' || *at == 'z'; at++) {
        directive->longs++;
    }
    return at;
}

static void put_directive(struct output *output, const struct directive *directive, char letter, va_list *values)
{
    switch (letter) {
    case 'd':
    case 'i': {
        int64_t value = next_signed(directive, values);
        put_number(output, directive, value < 0 ? "-" : "",
                   value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, "0123456789");
        break;
    }
    case 'u':
        put_number(output, directive, "", next_unsigned(directive, values), 10, "0123456789");
        break;
    case 'x':
        put_number(output, directive, "", next_unsigned(directive, values), 16, "0123456789abcdef");
        break;
    case 'X':
        put_number(output, directive, "", next_unsigned(directive, values), 16, "0123456789ABCDEF");
        break;
    case 'p':
        put_number(output, directive, "0x", (uintptr_t)va_arg(*values, void *), 16, "0123456789abcdef");
        break;
    case 's':
        put_string(output, directive, va_arg(*values, const char *));
        break;
    case 'c': {
        char character = (char)va_arg(*values, int);
        put_field(output, directive, "", &character, 1);
        break;
    }
    default: /* %% and what it does not know: the letter itself */
        put(output, letter);
    }
}

size_t format_text_list(char *buffer, size_t size, const char *template, va_list values)
{
    struct output output = { .buffer = buffer, .size = size };
    struct directive directive;
    va_list list; /* a copy: a va_list parameter may be an array, whose address is of another type */

    va_copy(list, values);
    while (*template != '\0') {
        if (*template != '%') {
            put(&output, *template++);
            continue;
        }
        template = read_directive(template + 1, &list, &directive);
        if (*template == '\0') {
            break;
        }
        put_directive(&output, &directive, *template++, &list);
    }
    va_end(list);
    if (size != 0) {
        buffer[output.length < size ? output.length : size - 1] = '\0';
    }
    return output.length;
}

size_t format_text(char *buffer, size_t size, const char *template, ...)
{
    va_list values;

    va_start(values, template);
    size_t length = format_text_list(buffer, size, template, values);
    va_end(values);
    return length;
}
