#include "edid.h"

/* Offsets of section 3. */
#define VERSION 18
#define WIDTH_CM 21
#define HEIGHT_CM 22
#define FIRST_TIMING 54          /* the preferred one, a detailed timing descriptor: section 3.10.2 */

/* Within that descriptor. */
#define TIMING_CLOCK 0           /* two bytes, 10 kHz; 0: the descriptor is another */
#define TIMING_WIDTH 2           /* the lower eight bits; the upper four are in the upper half of byte 4 */
#define TIMING_HEIGHT 5          /* the same, and byte 7 */
#define TIMING_MM 12             /* width, height, the upper halves of both */
#define TIMING_FLAGS 17
#define TIMING_INTERLACED 0x80U  /* height is that of a field: half of the lines */

static const uint8_t beginning[8] = { 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 };

static bool is_edid(const uint8_t *bytes)
{
    uint8_t sum = 0;

    for (uint32_t i = 0; i < sizeof beginning; i++) {
        if (bytes[i] != beginning[i]) {
            return false;
        }
    }
    for (uint32_t i = 0; i < EDID_SIZE; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    return sum == 0 && bytes[VERSION] == 1;
}

static uint16_t twelve_bits(uint8_t low, uint32_t high)
{
    return (uint16_t)(low | (high & 0x0F) << 8);
}

static void read_timing(const uint8_t *timing, struct edid *edid)
{
    uint16_t width = twelve_bits(timing[TIMING_WIDTH], timing[4] >> 4);
    uint16_t height = twelve_bits(timing[TIMING_HEIGHT], timing[7] >> 4);

    if ((timing[TIMING_CLOCK] | timing[TIMING_CLOCK + 1]) == 0 || width == 0 || height == 0) {
        return;
    }
    edid->width = width;
    edid->height = (uint16_t)(timing[TIMING_FLAGS] & TIMING_INTERLACED ? height * 2 : height);
    edid->width_mm = twelve_bits(timing[TIMING_MM], timing[TIMING_MM + 2] >> 4);
    edid->height_mm = twelve_bits(timing[TIMING_MM + 1], timing[TIMING_MM + 2]);
}

bool edid_read(const uint8_t bytes[EDID_SIZE], struct edid *edid_out)
{
    struct edid edid = { 0 };

    if (!is_edid(bytes)) {
        return false;
    }
    read_timing(bytes + FIRST_TIMING, &edid);
    /* One of the two alone is an aspect ratio, and says no size. */
    if ((edid.width_mm == 0 || edid.height_mm == 0) && bytes[WIDTH_CM] != 0 && bytes[HEIGHT_CM] != 0) {
        edid.width_mm = (uint16_t)(bytes[WIDTH_CM] * 10);
        edid.height_mm = (uint16_t)(bytes[HEIGHT_CM] * 10);
    }
    if (edid.width_mm == 0 || edid.height_mm == 0) {
        edid.width_mm = edid.height_mm = 0;
    }
    *edid_out = edid;
    return true;
}
