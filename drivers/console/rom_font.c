#include "rom_font.h"

#include <stdbool.h>
#include <stddef.h>

/* What characters look like in each font of this code page, whoever has drawn it. */
#define BLANK_FIRST 0x00U
#define BLANK_SPACE 0x20U
#define BLANK_LAST 0xFFU
#define FULL_BLOCK 0xDBU
#define UPPER_HALF_BLOCK 0xDFU
#define LETTER 'A'
#define HALF_LINES_LEAST 7U          /* of 16: the middle may belong to either half */
#define HALF_LINES_MOST 8U

static bool is_all(const uint8_t *font, uint32_t character, uint8_t value)
{
    const uint8_t *lines = font + character * ROM_FONT_LINES;
    uint32_t line = 0;

    while (line < ROM_FONT_LINES && lines[line] == value) {
        line++;
    }
    return line == ROM_FONT_LINES;
}

static bool is_upper_half(const uint8_t *lines)
{
    uint32_t full = 0, line;

    while (full < ROM_FONT_LINES && lines[full] == 0xFF) {
        full++;
    }
    for (line = full; line < ROM_FONT_LINES && lines[line] == 0; line++) {
    }
    return full >= HALF_LINES_LEAST && full <= HALF_LINES_MOST && line == ROM_FONT_LINES;
}

/* The rarest first: this is asked at each byte of a ROM. */
static bool is_font(const uint8_t *font)
{
    return is_all(font, FULL_BLOCK, 0xFF) && is_all(font, BLANK_FIRST, 0) && is_all(font, BLANK_SPACE, 0) && is_all(font, BLANK_LAST, 0)
        && is_upper_half(font + UPPER_HALF_BLOCK * ROM_FONT_LINES) && !is_all(font, LETTER, 0);
}

const uint8_t *rom_font_find(const uint8_t *rom, uint32_t size)
{
    for (uint32_t at = 0; size >= ROM_FONT_SIZE && at <= size - ROM_FONT_SIZE; at++) {
        if (is_font(rom + at)) {
            return rom + at;
        }
    }
    return NULL;
}
