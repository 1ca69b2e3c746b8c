#include <ternion/string.h>

#include "words.h"

static bool is_separator(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

/* Bytes from 80h up are fine: a comment may be in any language. */
static bool is_text(char character)
{
    return (unsigned char)character >= ' ' || is_separator(character);
}

void text_open(struct text *text, const char *bytes, size_t size)
{
    *text = (struct text){ .at = bytes, .end = bytes + size };
}

static enum line_kind line_copy(struct text *text, char line[LINE_MAX])
{
    enum line_kind kind = LINE_FINE;
    size_t length = 0;

    text->line++;
    for (; text->at < text->end && *text->at != '\n'; text->at++) {
        if (kind == LINE_FINE && !is_text(*text->at)) {
            kind = LINE_NO_TEXT;
        } else if (kind == LINE_FINE && length == LINE_MAX - 1) {
            kind = LINE_TOO_LONG;
        }
        if (kind == LINE_FINE) {
            line[length++] = *text->at;
        }
    }
    if (text->at < text->end) {
        text->at++;              /* behind the line end */
    }
    line[length] = '\0';
    return kind;
}

bool text_line(struct text *text, char line[LINE_MAX], enum line_kind *kind_out)
{
    while (text->at < text->end) {
        enum line_kind kind = line_copy(text, line);
        const char *first = line;

        while (is_separator(*first)) {
            first++;
        }
        if (*first != '#' && (*first != '\0' || kind != LINE_FINE)) {
            *kind_out = kind;
            return true;
        }
    }
    return false;
}

char *word_next(char **at)
{
    while (is_separator(**at)) {
        (*at)++;
    }
    if (**at == '\0') {
        return NULL;
    }
    char *word = *at;
    while (**at != '\0' && !is_separator(**at)) {
        (*at)++;
    }
    if (**at != '\0') {
        *(*at)++ = '\0';
    }
    return word;
}

char *word_part(char **at)
{
    char *part = *at;

    if (part != NULL) {
        char *comma = strchr(part, ',');
        *at = comma == NULL ? NULL : comma + 1;
        if (comma != NULL) {
            *comma = '\0';
        }
    }
    return part;
}

bool word_decimal(const char *word, uint32_t *number_out)
{
    uint32_t number = 0;

    if (*word == '\0') {
        return false;
    }
    for (; *word != '\0'; word++) {
        if (*word < '0' || *word > '9' || __builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, (uint32_t)(*word - '0'), &number)) {
            return false;
        }
    }
    *number_out = number;
    return true;
}

/* 16: it is no digit. */
static uint32_t digit_value(char character)
{
    if (character >= '0' && character <= '9') {
        return (uint32_t)(character - '0');
    }
    character |= 'a' ^ 'A';
    return character >= 'a' && character <= 'f' ? (uint32_t)(character - 'a') + 10 : 16;
}

bool word_hexadecimal(const char **at, uint32_t *number_out)
{
    const char *behind = word_behind(*at, "0x");
    const char *digits = behind == NULL ? *at : behind;
    const char *end = digits;
    uint32_t number = 0;

    for (; digit_value(*end) < 16; end++) {
        if (number > UINT32_MAX / 16) {
            return false;
        }
        number = number * 16 + digit_value(*end);
    }
    if (end == digits) {
        return false;
    }
    *at = end;
    *number_out = number;
    return true;
}

const char *word_behind(const char *word, const char *mark)
{
    size_t length = strlen(mark);

    return strncmp(word, mark, length) == 0 ? word + length : NULL;
}
