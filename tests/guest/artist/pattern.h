/* What the artist draws: tests/system/artist.py says the same of each pixel. */
#pragma once

#include <ternion/display.h>

#include <stdint.h>

/* Colour `index` of a palette, 00RRGGBBh. */
uint32_t pattern_palette(uint32_t index, uint32_t seed);

/* Draws a rectangle `top` lines down in the memory; coordinates of the pattern begin with it at 0. Flushes nothing. */
void pattern_draw(struct display *display, uint32_t top, uint32_t seed);
void pattern_draw_rectangle(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t seed);
