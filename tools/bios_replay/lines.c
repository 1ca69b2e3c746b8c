#include "lines.h"

#include <stdbool.h>
#include <string.h>

#define POSITION_DIGITS_LEAST 6U      /* behind 16 MB there are more */
#define POSITION_DIGITS_MOST 8U

static int digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = character == '\0' ? NULL : strchr(digits, character);

    return at == NULL ? -1 : (int)(at - digits);
}

/* False: no such number stands there. */
static bool number(const char *text, size_t digits, uint32_t *number_out)
{
    *number_out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (digit(text[i]) < 0) {
            return false;
        }
        *number_out = *number_out * 16 + (uint32_t)digit(text[i]);
    }
    return true;
}

/* Is it "~POSITION "? Where what follows begins; NULL: it is not. */
static const char *line_begins(const char *text, uint32_t *position_out)
{
    size_t digits = 0;

    while (digits <= POSITION_DIGITS_MOST && digit(text[1 + digits]) >= 0) {
        digits++;
    }
    bool is_it = digits >= POSITION_DIGITS_LEAST && digits <= POSITION_DIGITS_MOST && text[1 + digits] == ' ' && number(text + 1, digits, position_out);
    return is_it ? text + 1 + digits + 1 : NULL;
}

/* Up to the first character that is none of it. */
static size_t bytes_read(const char *text, uint8_t *bytes)
{
    size_t size = 0;
    uint32_t value;

    for (;;) {
        bool is_run = *text == 'z';
        if (!number(text + is_run, 2, &value)) {
            return size;
        }
        if (is_run) {
            memset(bytes + size, 0, value);
            size += value;
        } else {
            bytes[size++] = (uint8_t)value;
        }
        text += 2 + is_run;
    }
}

size_t lines_read(const char *text, uint8_t *bytes_out, const char **problem_out)
{
    size_t size = 0;
    uint32_t position;

    *problem_out = NULL;
    for (; (text = strchr(text, '~')) != NULL; text++) {
        const char *bytes = line_begins(text, &position);

        if (bytes == NULL) {
            continue;
        }
        if (position == 0) {
            size = 0;                        /* another one begins: the last counts */
        }
        if (position != size) {
            *problem_out = "a line of it is missing";
            return size;
        }
        size += bytes_read(bytes, bytes_out + size);
    }
    return size;
}
