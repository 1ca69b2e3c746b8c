#include "apps/text/escapes.h"

#include <string.h>

#include "apps/command/output.h"

static int digit(char character, int base)
{
    int value = character >= '0' && character <= '9' ? character - '0'
        : character >= 'a' && character <= 'f' ? character - 'a' + 10
        : character >= 'A' && character <= 'F' ? character - 'A' + 10 : base;

    return value < base ? value : -1;
}

static int number(const char **at, int base, int most)
{
    int value = 0;

    for (; most > 0 && digit(**at, base) >= 0; most--) {
        value = base * value + digit(*(*at)++, base);
    }
    return value & 0xFF;
}

int escape_read(const char **at, bool zero_leads)
{
    static const char letters[] = "abefnrtv\\", bytes[] = "\a\b\033\f\n\r\t\v\\";
    const char *letter = **at == '\0' ? NULL : strchr(letters, **at);

    if (letter != NULL) {
        (*at)++;
        return bytes[letter - letters];
    }
    if (**at == 'c') {
        (*at)++;
        return ESCAPE_END;
    }
    if (**at == 'x' && digit((*at)[1], 16) >= 0) {
        (*at)++;
        return number(at, 16, 2);
    }
    if (zero_leads ? **at == '0' : digit(**at, 8) >= 0) {
        *at += zero_leads;
        return number(at, 8, 3);
    }
    return ESCAPE_NONE;
}

bool escapes_write(const char *text)
{
    while (*text != '\0') {
        char character = *text++;
        int byte = character == '\\' ? escape_read(&text, true) : character;

        if (byte == ESCAPE_END) {
            return false;
        }
        output_byte(byte == ESCAPE_NONE ? '\\' : (char)byte);
    }
    return true;
}
