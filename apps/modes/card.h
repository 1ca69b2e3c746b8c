/*
 * The test card: what a screen shows wrong, shows here. Portable, integers alone; tests/system/test_card.py is the same once more.
 *
 * At the edges eight frames of single pixels, white and black in turn, the outermost white: a line that is cut off is missed at once. Within,
 * from top to bottom in eighths: eight bars of full colours (two eighths); greys without steps; greys in sixteen steps; red, green and blue from
 * nothing to full; single pixels, as lines to the left, as a chequerboard to the right. Over all a white circle, which is none where pixels are
 * not square.
 */
#pragma once

#include <stdint.h>

/* The colour 00RRGGBBh of the pixel at x, y of a card of that size; x < width, y < height, both at most 65535. */
uint32_t card_pixel(uint32_t x, uint32_t y, uint32_t width, uint32_t height);
