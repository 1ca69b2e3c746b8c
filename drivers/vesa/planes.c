#include "planes.h"

#include <ternion/string.h>

#define LOWEST_BITS 0x01010101U

/* Bits 0, 8, 16 and 24 are moved to 27, 26, 25 and 24; no two products meet there or below. */
#define GATHER 0x08040201U

static uint32_t four_bits(const uint8_t *pixels, uint32_t plane)
{
    uint32_t word;

    memcpy(&word, pixels, sizeof word);
    return ((word >> plane & LOWEST_BITS) * GATHER) >> 24 & 0x0F;
}

void planes_convert(const uint8_t *pixels, uint32_t plane, uint8_t *to, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        to[i] = (uint8_t)(four_bits(pixels + 8 * i, plane) << 4 | four_bits(pixels + 8 * i + 4, plane));
    }
}
