#include "line.h"

#include <string.h>

#include "utf8.h"

void line_clear(struct line *line)
{
    line->size = 0;
    line->at = 0;
    line->bytes[0] = '\0';
}

void line_set(struct line *line, const char *text)
{
    size_t size = strlen(text);

    if (size > LINE_SIZE_MAX) {
        size = LINE_SIZE_MAX;
        while (size > 0 && utf8_continues(text[size])) {
            size--;
        }
    }
    memcpy(line->bytes, text, size);
    line->bytes[size] = '\0';
    line->size = size;
    line->at = size;
}

bool line_insert(struct line *line, const char *bytes, size_t size)
{
    if (size > LINE_SIZE_MAX - line->size) {
        return false;
    }
    memmove(line->bytes + line->at + size, line->bytes + line->at, line->size - line->at + 1);
    memcpy(line->bytes + line->at, bytes, size);
    line->size += size;
    line->at += size;
    return true;
}

void line_delete(struct line *line, size_t from, size_t to)
{
    memmove(line->bytes + from, line->bytes + to, line->size - to + 1);
    line->size -= to - from;
    line->at = from;
}

static size_t left_of(const struct line *line, size_t at)
{
    size_t left = at;

    while (left > 0 && utf8_continues(line->bytes[left - 1]) && at - left < 3) {
        left--;
    }
    size_t length = 1;
    if (left > 0) {
        (void)utf8_read(line->bytes + left - 1, at - left + 1, &length);
    }
    return at == 0 ? 0 : length == at - left + 1 ? left - 1 : at - 1; /* what is no character goes byte by byte */
}

static size_t right_of(const struct line *line, size_t at)
{
    size_t length = 0;

    if (at < line->size) {
        (void)utf8_read(line->bytes + at, line->size - at, &length);
    }
    return at + length;
}

size_t line_left(const struct line *line)
{
    return left_of(line, line->at);
}

size_t line_right(const struct line *line)
{
    return right_of(line, line->at);
}

static bool is_of_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_'
        || (unsigned char)byte >= 0x80;
}

size_t line_word_left(const struct line *line)
{
    size_t at = line->at;

    while (at > 0 && !is_of_word(line->bytes[at - 1])) {
        at--;
    }
    while (at > 0 && is_of_word(line->bytes[at - 1])) {
        at--;
    }
    return at;
}

size_t line_word_right(const struct line *line)
{
    size_t at = line->at;

    while (at < line->size && !is_of_word(line->bytes[at])) {
        at++;
    }
    while (at < line->size && is_of_word(line->bytes[at])) {
        at++;
    }
    return at;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

size_t line_blank_left(const struct line *line)
{
    size_t at = line->at;

    while (at > 0 && is_blank(line->bytes[at - 1])) {
        at--;
    }
    while (at > 0 && !is_blank(line->bytes[at - 1])) {
        at--;
    }
    return at;
}

void line_swap(struct line *line)
{
    size_t middle = line->at == line->size ? left_of(line, line->at) : line->at;
    size_t left = left_of(line, middle), right = right_of(line, middle);
    char first[4];

    if (left == middle || right == middle) {
        return;
    }
    memcpy(first, line->bytes + left, middle - left);
    memmove(line->bytes + left, line->bytes + middle, right - middle);
    memcpy(line->bytes + left + (right - middle), first, middle - left);
    line->at = right;
}
