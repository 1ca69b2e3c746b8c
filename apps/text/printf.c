/* printf: arguments in a form. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/text/escapes.h"

static const char help[] =
    "usage: printf FORMAT [ARGUMENT]...\n"
    "Writes arguments as FORMAT says, and again as long as there are more: %s %c %d %i %u %x %X %o %b (text with \\n and the like), %%,\n"
    "with the flags - and 0, a width and a precision; and \\n \\t \\\\ \\ooo and others.\n";

#define NUMBER_SIZE 72U

struct directive {
    bool is_left, has_zeroes, has_precision;
    int width, precision;
    char letter;
};

static char *const *next;

static const char *take(void)
{
    return *next == NULL ? "" : *next++;
}

static int read_number(const char **at)
{
    int number = 0;

    while (**at >= '0' && **at <= '9' && number < 10000) {
        number = 10 * number + (*(*at)++ - '0');
    }
    return number;
}

static struct directive read_directive(const char **at)
{
    struct directive directive = { 0 };

    for (; **at == '-' || **at == '0'; (*at)++) {
        directive.is_left |= **at == '-';
        directive.has_zeroes |= **at == '0';
    }
    directive.width = read_number(at);
    if (**at == '.') {
        (*at)++;
        directive.has_precision = true;
        directive.precision = read_number(at);
    }
    directive.letter = **at;
    *at += **at != '\0';
    return directive;
}

static void print_padded(const struct directive *directive, const char *sign, int zeroes, const char *text, int size)
{
    int blanks = directive->width - (int)strlen(sign) - zeroes - size;

    output_blanks(directive->is_left ? 0 : blanks);
    output_text(sign);
    for (; zeroes > 0; zeroes--) {
        output_byte('0');
    }
    output_bytes(text, (size_t)size);
    output_blanks(directive->is_left ? blanks : 0);
}

/* A number as C writes it, or a quote and a character. */
static uint64_t number_of(const char *text, bool *is_negative_out)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t number = 0;
    const char *at = text + (*text == '-' || *text == '+');
    unsigned base = at[0] != '0' ? 10 : at[1] == 'x' || at[1] == 'X' ? 16 : 8;

    *is_negative_out = *text == '-';
    if (*text == '"' || *text == '\'') {
        return (unsigned char)text[1];
    }
    at += base == 16 ? 2 : 0;
    for (; *at != '\0'; at++) {
        const char *digit = strchr(digits, *at >= 'A' && *at <= 'F' ? *at + 'a' - 'A' : *at);

        if (digit == NULL || (unsigned)(digit - digits) >= base) {
            command_error("%s: is no number", text);
            break;
        }
        number = base * number + (uint64_t)(digit - digits);
    }
    return number;
}

static void print_number(struct directive *directive)
{
    static const char small[] = "0123456789abcdef", capital[] = "0123456789ABCDEF";
    const char *digits = directive->letter == 'X' ? capital : small;
    unsigned base = directive->letter == 'o' ? 8 : directive->letter == 'x' || directive->letter == 'X' ? 16 : 10;
    bool is_signed = directive->letter == 'd' || directive->letter == 'i', is_negative;
    uint64_t number = number_of(take(), &is_negative);
    char text[NUMBER_SIZE], *at = text + sizeof text;

    number = is_negative && !is_signed ? -number : number;
    for (; number > 0; number /= base) {
        *--at = digits[number % base];
    }
    int size = (int)(text + sizeof text - at), least = directive->has_precision ? directive->precision : 1;
    const char *sign = is_negative && is_signed ? "-" : "";
    if (directive->has_zeroes && !directive->is_left && !directive->has_precision) {
        least = directive->width - (int)strlen(sign) > least ? directive->width - (int)strlen(sign) : least;
    }
    print_padded(directive, sign, size < least ? least - size : 0, at, size);
}

/* False: \c ended all output, or the directive is wrong. */
static bool print_directive(struct directive *directive)
{
    const char *text;

    switch (directive->letter) {
    case '%':
        output_byte('%');
        return true;
    case 'b':
        return escapes_write(take());
    case 'c':
        text = take();
        print_padded(directive, "", 0, text, *text != '\0');
        return true;
    case 's':
        text = take();
        int size = (int)strlen(text);
        print_padded(directive, "", 0, text, directive->has_precision && directive->precision < size ? directive->precision : size);
        return true;
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
        print_number(directive);
        return true;
    }
    command_error("%%%c: there is no such directive", directive->letter);
    return false;
}

static bool print_once(const char *format)
{
    while (*format != '\0') {
        char byte = *format++;

        if (byte == '\\') {
            int escaped = escape_read(&format, false);
            if (escaped == ESCAPE_END) {
                return false;
            }
            byte = escaped == ESCAPE_NONE ? '\\' : (char)escaped;
        } else if (byte == '%') {
            struct directive directive = read_directive(&format);
            if (!print_directive(&directive)) {
                return false;
            }
            continue;
        }
        output_byte(byte);
    }
    return true;
}

int main(int argc, char **argv)
{
    char *const *before;

    command_begin(argc, argv, "+", help);
    (void)command_option();
    command_expect(1, 1000000);
    next = command.operands + 1;
    do {
        before = next;
    } while (print_once(command.operands[0]) && next != before && *next != NULL);
    return command_end();
}
