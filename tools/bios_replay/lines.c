#include "lines.h"

#include <stdbool.h>
#include <string.h>

#define POSITION_DIGITS 6U

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

/* Is it "~POSITION "? */
static bool line_begins(const char *text, uint32_t *position_out)
{
    return *text == '~' && number(text + 1, POSITION_DIGITS, position_out) && text[1 + POSITION_DIGITS] == ' ';
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
        if (!line_begins(text, &position)) {
            continue;
        }
        if (position == 0) {
            size = 0;                        /* another one begins: the last counts */
        }
        if (position != size) {
            *problem_out = "a line of it is missing";
            return size;
        }
        size += bytes_read(text + 1 + POSITION_DIGITS + 1, bytes_out + size);
    }
    return size;
}
