#include "utf8.h"

/* Unicode 15, table 3-7, without the finer bounds of the second byte: what is encoded too long is caught by its value. */
uint32_t utf8_read(const char *bytes, size_t size, size_t *length_out)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)bytes[0];
    size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;

    *length_out = 1;
    if (length == 1) {
        return first;
    }
    if (length == 0 || length > size) {
        return UTF8_BAD;
    }
    uint32_t character = first & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if (!utf8_continues(bytes[i])) {
            return UTF8_BAD;
        }
        character = character << 6 | ((unsigned char)bytes[i] & 0x3F);
    }
    if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) {
        return UTF8_BAD;
    }
    *length_out = length;
    return character;
}

size_t utf8_count(const char *bytes, size_t size)
{
    size_t count = 0;

    for (size_t at = 0, length; at < size; at += length) {
        (void)utf8_read(bytes + at, size - at, &length);
        count++;
    }
    return count;
}
