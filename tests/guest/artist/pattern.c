#include "pattern.h"

#include <ternion/string.h>

#define LINE_BYTES 65536U        /* of a line that is made before it is copied: memory of adapters is slow to write a byte at a time */
#define PERIOD 256U              /* columns that are so far apart are alike */
#define ROWS 256U                /* so many are different from each other */
#define BYTES_MAX 4U             /* of a pixel */

static uint8_t line[LINE_BYTES];
static struct {
    bool is_made;
    uint8_t bytes[PERIOD * BYTES_MAX];
} rows[ROWS];
static uint32_t reds[256], greens[256], blues[256];      /* each as a pixel of the mode that is drawn in */

/* Lines that are a power of two apart differ: banks that are mixed up are seen. */
static uint32_t index_at(const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t seed)
{
    return (x + 5 * y + y / 37 + seed) & ((1U << mode->bits) - 1);
}

static uint32_t pixel_at(uint32_t x, uint32_t y, uint32_t seed)
{
    return reds[(7 * x + 3 * y + seed) & 0xFF] | greens[(x ^ y ^ seed) & 0xFF] | blues[(x + 5 * y + 11 * seed) & 0xFF];
}

uint32_t pattern_palette(uint32_t index, uint32_t seed)
{
    uint32_t red = (5 * index + seed) & 0xFF;
    uint32_t green = (index ^ 0x5A ^ seed) & 0xFF;
    uint32_t blue = (255 - 3 * index) & 0xFF;

    return red << 16 | green << 8 | blue;
}

static void begin(const struct display_mode *mode)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i].is_made = false;
    }
    for (uint32_t value = 0; value < 256; value++) {
        reds[value] = display_pixel(mode, value << 16);
        greens[value] = display_pixel(mode, value << 8);
        blues[value] = display_pixel(mode, value);
    }
}

static void make_row(uint8_t *to, const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t seed)
{
    for (uint32_t column = x; column < x + PERIOD; column++) {
        uint32_t pixel = mode->flags & DISPLAY_PALETTE ? index_at(mode, column, y, seed) : pixel_at(column, y, seed);

        for (uint32_t byte = 0; byte < mode->bytes; byte++) {
            *to++ = (uint8_t)(pixel >> 8 * byte);
        }
    }
}

static void make_line(const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t width, uint32_t seed)
{
    uint32_t row = (mode->flags & DISPLAY_PALETTE ? 5 * y + y / 37 : y) % ROWS;  /* those with the same are alike */
    uint32_t size = width * mode->bytes < LINE_BYTES ? width * mode->bytes : LINE_BYTES;

    if (!rows[row].is_made) {
        make_row(rows[row].bytes, mode, x, y, seed);
        rows[row].is_made = true;
    }
    for (uint32_t made = 0, part; made < size; made += part) {
        part = PERIOD * mode->bytes < size - made ? PERIOD * mode->bytes : size - made;
        memcpy(line + made, rows[row].bytes, part);
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

    begin(mode);
    for (uint32_t y = 0; y < mode->height; y++) {
        make_line(mode, 0, y, mode->width, seed);
        copy(display->pixels + (top + y) * mode->pitch, mode->width * mode->bytes);
    }
}

void pattern_draw_rectangle(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t seed)
{
    const struct display_mode *mode = &display->mode;

    begin(mode);
    for (uint32_t row = y; row < y + height; row++) {
        make_line(mode, x, row, width, seed);
        copy(display->pixels + row * mode->pitch + x * mode->bytes, width * mode->bytes);
    }
}
