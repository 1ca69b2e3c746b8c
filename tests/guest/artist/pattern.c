#include "pattern.h"

#include <ternion/string.h>

#define LINE_BYTES 65536U        /* of a line that is made before it is copied: memory of adapters is slow to write a byte at a time */

static uint8_t line[LINE_BYTES];

uint32_t pattern_colour(uint32_t x, uint32_t y, uint32_t seed)
{
    uint32_t red = (7 * x + 3 * y + seed) & 0xFF;
    uint32_t green = (x ^ y ^ seed) & 0xFF;
    uint32_t blue = (x + 5 * y + 11 * seed) & 0xFF;

    return red << 16 | green << 8 | blue;
}

/* Lines that are a power of two apart differ: banks that are mixed up are seen. */
uint32_t pattern_index(const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t seed)
{
    return (x + 5 * y + y / 37 + seed) & ((1U << mode->bits) - 1);
}

uint32_t pattern_palette(uint32_t index, uint32_t seed)
{
    uint32_t red = (5 * index + seed) & 0xFF;
    uint32_t green = (index ^ 0x5A ^ seed) & 0xFF;
    uint32_t blue = (255 - 3 * index) & 0xFF;

    return red << 16 | green << 8 | blue;
}

/* Columns that are PERIOD apart are alike. */
#define PERIOD 256U

static void make_line(const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t width, uint32_t seed)
{
    uint32_t size = width * mode->bytes < LINE_BYTES ? width * mode->bytes : LINE_BYTES;
    uint32_t made = 0;

    for (uint32_t column = x; made < size && made < PERIOD * mode->bytes; column++) {
        uint32_t pixel = mode->flags & DISPLAY_PALETTE ? pattern_index(mode, column, y, seed)
                                                       : display_pixel(mode, pattern_colour(column, y, seed));
        for (uint32_t byte = 0; byte < mode->bytes; byte++) {
            line[made++] = (uint8_t)(pixel >> 8 * byte);
        }
    }
    for (uint32_t part; made < size; made += part) {
        part = made < size - made ? made : size - made;
        memcpy(line + made, line, part);
    }
}

/* By words: what is read or written of an adapter costs the same for each access. */
static void copy(uint8_t *to, uint32_t bytes)
{
    volatile uint32_t *words = (volatile uint32_t *)(void *)to;
    uint32_t at = 0;

    if (((uint32_t)(uintptr_t)to & 3) == 0) {
        for (; at + 4 <= bytes; at += 4) {
            words[at / 4] = *(const uint32_t *)(const void *)(line + at);
        }
    }
    for (; at < bytes; at++) {
        ((volatile uint8_t *)to)[at] = line[at];
    }
}

void pattern_draw(struct display *display, uint32_t top, uint32_t seed)
{
    const struct display_mode *mode = &display->mode;

    for (uint32_t y = 0; y < mode->height; y++) {
        make_line(mode, 0, y, mode->width, seed);
        copy(display->pixels + (top + y) * mode->pitch, mode->width * mode->bytes);
    }
}

void pattern_draw_rectangle(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t seed)
{
    const struct display_mode *mode = &display->mode;

    for (uint32_t row = y; row < y + height; row++) {
        make_line(mode, x, row, width, seed);
        copy(display->pixels + row * mode->pitch + x * mode->bytes, width * mode->bytes);
    }
}
