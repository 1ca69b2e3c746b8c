#include "format.h"

#include <stdbool.h>
#include <stddef.h>


#define DIGITS_MAX 20U           /* of a 64-bit number in decimal */

struct output {
    char *text;
    uint32_t size;               /* with the NUL */
    uint32_t used;
};

struct conversion {
    bool left;
    bool zeroes;
    uint32_t width;
    uint32_t precision;          /* UINT32_MAX: none */
    uint32_t longs;              /* number of l */
};

static void put(struct output *output, char character)
{
    if (output->used + 1 < output->size) {
        output->text[output->used++] = character;
    }
}

static void put_padded(struct output *output, const struct conversion *conversion, const char *bytes, uint32_t size)
{
    uint32_t padding = conversion->width > size ? conversion->width - size : 0;

    for (uint32_t i = 0; !conversion->left && i < padding; i++) {
        put(output, conversion->zeroes ? '0' : ' ');
    }
    for (uint32_t i = 0; i < size; i++) {
        put(output, bytes[i]);
    }
    for (uint32_t i = 0; conversion->left && i < padding; i++) {
        put(output, ' ');
    }
}

static void put_number(struct output *output, struct conversion *conversion, uint64_t number, bool negative, uint32_t base)
{
    char digits[DIGITS_MAX + 1];
    uint32_t first = sizeof digits;

    do {
        digits[--first] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    if (negative && conversion->zeroes) {
        put(output, '-');
        conversion->width -= conversion->width > 0;
    } else if (negative) {
        digits[--first] = '-';
    }
    put_padded(output, conversion, digits + first, (uint32_t)sizeof digits - first);
}

static uint32_t string_size(const char *string, uint32_t most)
{
    uint32_t size = 0;

    while (size < most && string[size] != '\0') {
        size++;
    }
    return size;
}

static uint32_t read_number(const char **format, va_list *arguments)
{
    uint32_t number = 0;

    if (**format == '*') {
        (*format)++;
        return (uint32_t)va_arg(*arguments, int);
    }
    while (**format >= '0' && **format <= '9') {
        number = number * 10 + (uint32_t)(*(*format)++ - '0');
    }
    return number;
}

static struct conversion read_conversion(const char **format, va_list *arguments)
{
    struct conversion conversion = { .precision = UINT32_MAX };

    for (; **format == '-' || **format == '0'; (*format)++) {
        conversion.left |= **format == '-';
        conversion.zeroes |= **format == '0';
    }
    conversion.width = read_number(format, arguments);
    if ((int32_t)conversion.width < 0) {
        conversion.left = true;  /* as in C: a negative width, which only an argument can have, means left */
        conversion.width = -conversion.width;
    }
    if (**format == '.') {
        (*format)++;
        conversion.precision = read_number(format, arguments);
    }
    for (; **format == 'l' || **format == 'z'; (*format)++) {
        conversion.longs += **format == 'l';
    }
    return conversion;
}

static void put_signed(struct output *output, struct conversion *conversion, va_list *arguments)
{
    int64_t number = conversion->longs >= 2 ? va_arg(*arguments, long long) : va_arg(*arguments, int);

    put_number(output, conversion, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0, 10);
}

static void put_unsigned(struct output *output, struct conversion *conversion, va_list *arguments, uint32_t base)
{
    uint64_t number = conversion->longs >= 2 ? va_arg(*arguments, unsigned long long) : va_arg(*arguments, unsigned int);

    put_number(output, conversion, number, false, base);
}

static void put_conversion(struct output *output, const char **format, va_list *arguments)
{
    struct conversion conversion = read_conversion(format, arguments);
    const char *string;
    char character;

    switch (*(*format)++) {
    case 's':
        string = va_arg(*arguments, const char *);
        put_padded(output, &conversion, string, string_size(string, conversion.precision));
        break;
    case 'c':
        character = (char)va_arg(*arguments, int);
        put_padded(output, &conversion, &character, 1);
        break;
    case 'd':
        put_signed(output, &conversion, arguments);
        break;
    case 'u':
        put_unsigned(output, &conversion, arguments, 10);
        break;
    case 'p':
        put(output, '0');
        put(output, 'x');
        conversion = (struct conversion){ .zeroes = true, .width = 8 };
        put_number(output, &conversion, (uintptr_t)va_arg(*arguments, void *), false, 16);
        break;
    case 'x':
        put_unsigned(output, &conversion, arguments, 16);
        break;
    case '%':
        put(output, '%');
        break;
    default:
        (*format)--;             /* the compiler checks formats; end at worst */
        break;
    }
}

uint32_t format_text_list(char *text, uint32_t size, const char *format, va_list arguments)
{
    struct output output = { .text = text, .size = size };
    va_list rest;

    va_copy(rest, arguments);
    while (*format != '\0') {
        if (*format != '%') {
            put(&output, *format++);
            continue;
        }
        format++;
        put_conversion(&output, &format, &rest);
    }
    va_end(rest);
    text[output.used] = '\0';
    return output.used;
}

uint32_t format_text(char *text, uint32_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    uint32_t used = format_text_list(text, size, format, arguments);
    va_end(arguments);
    return used;
}
