/*
 * What a monitor says of itself: the first 128 bytes of its EDID, none of them believed. Portable.
 * VESA Enhanced EDID Standard, release A2 (EDID 1.4), section 3.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define EDID_SIZE 128U

struct edid {
    uint16_t width, height;          /* pixels of the preferred timing; 0: it has none */
    uint16_t width_mm, height_mm;    /* of the picture; 0: not known */
};

/* False: it is none, for it does not begin as one, its sum is not 0, or it is of another version than 1. edid_out is untouched then. */
bool edid_read(const uint8_t bytes[EDID_SIZE], struct edid *edid_out);
