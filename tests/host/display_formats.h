/* Pixels of every kind that displays have, and colours to try with them. */
#pragma once

#include <ternion/display.h>

#include <stdint.h>

#include "test.h"

static const struct display_mode formats[] = {
    { .flags = DISPLAY_PALETTE, .bits = 4, .bytes = 1 },
    { .flags = DISPLAY_PALETTE, .bits = 8, .bytes = 1 },
    { .bits = 15, .bytes = 2, .red = { 5, 10 }, .green = { 5, 5 }, .blue = { 5, 0 } },
    { .bits = 16, .bytes = 2, .red = { 5, 11 }, .green = { 6, 5 }, .blue = { 5, 0 } },
    { .bits = 24, .bytes = 3, .red = { 8, 16 }, .green = { 8, 8 }, .blue = { 8, 0 } },
    { .bits = 32, .bytes = 4, .red = { 8, 0 }, .green = { 8, 8 }, .blue = { 8, 16 } },
    { .bits = 30, .bytes = 4, .red = { 10, 20 }, .green = { 10, 10 }, .blue = { 10, 0 } },
};

static inline int channel_of(uint32_t colour, uint32_t channel)
{
    return (int)(colour >> (16 - 8 * channel) & 0xFF);
}

static inline int distance(int one, int other)
{
    return one < other ? other - one : one - other;
}

static inline uint32_t random_colour(void)
{
    return random_next() & 0xFFFFFF;
}
