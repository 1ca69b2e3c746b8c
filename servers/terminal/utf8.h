/* UTF-8 (RFC 3629): characters of bytes that anybody may have sent. Each byte that is part of no character counts as one of its own. Portable. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4U              /* bytes of a character */

/* Writes a character; returns its bytes. What is no character of Unicode is none: 0. */
uint32_t utf8_encode(uint32_t unicode, uint8_t bytes[UTF8_MAX]);

/* Bytes of the last character of a text that is not empty. */
uint32_t utf8_last(const uint8_t *text, uint32_t size);

/* Is the end of a text the begin of a character, whose other bytes may follow? How many bytes; 0: it is not. */
uint32_t utf8_unfinished(const uint8_t *text, uint32_t size);

/* A text as it comes, in pieces. All zeroes: at its begin. */
struct utf8_reader {
    uint8_t bytes[UTF8_MAX];     /* of a character that is not whole yet */
    uint32_t count;
};

/*
 * Takes the next byte, and gives each character that is whole by it: a broken one as UTF8_BROKEN, once for each of its bytes.
 * Returns how many characters that are, at most UTF8_MAX.
 */
#define UTF8_BROKEN 0xFFFDU
uint32_t utf8_read(struct utf8_reader *reader, uint8_t byte, uint32_t characters_out[UTF8_MAX]);
