/* Characters in UTF-8. Bytes that are none count as a character each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_BAD 0xFFFDU /* U+FFFD: stands for what is no character */

/* The character that begins at a text of at least one byte, and how many bytes it takes. */
uint32_t utf8_read(const char *bytes, size_t size, size_t *length_out);

/* Characters in a text. */
size_t utf8_count(const char *bytes, size_t size);

/* Is this a byte in the middle of a character? */
static inline bool utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}
