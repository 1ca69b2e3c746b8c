/* What the artist draws: tests/system/artist.py says the same of each pixel. */
#pragma once

#include <ternion/display.h>

#include <stdint.h>

/* The colour of a pixel, 00RRGGBBh, in modes without a palette. */
uint32_t pattern_colour(uint32_t x, uint32_t y, uint32_t seed);

/* The index of a pixel in modes with one. */
uint32_t pattern_index(const struct display_mode *mode, uint32_t x, uint32_t y, uint32_t seed);

/* Colour `index` of a palette, 00RRGGBBh. */
uint32_t pattern_palette(uint32_t index, uint32_t seed);

/* Draws a rectangle `top` lines down in the memory; coordinates of the pattern begin with it at 0. Flushes nothing. */
void pattern_draw(struct display *display, uint32_t top, uint32_t seed);
void pattern_draw_rectangle(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t seed);
