/*
 * Colours as pixels of a mode that has fewer: what a pixel is too dark or too bright goes to those beside it that are still to come (R. W. Floyd,
 * L. Steinberg: An adaptive algorithm for spatial grey scale, 1976), line by line to the right and to the left in turn. Where a mode has all colours
 * nothing is left over, and nothing changes. Integers alone. Portable.
 */
#pragma once

#include <stdbool.h>

#include <ternion/display.h>

struct dither {
    const struct display_mode *mode;
    uint32_t width;
    bool to_left;                    /* the next line */
    int32_t *here, *below;           /* what is left over, in sixteenths, three for each pixel and one pixel on either side */
};

/* False: there is no memory. The mode stays as it is until dither_end. */
bool dither_begin(struct dither *dither, const struct display_mode *mode, uint32_t width);

/* The pixels of the next line. */
void dither_line(struct dither *dither, const uint32_t *colours, uint8_t *pixels_out);

void dither_end(struct dither *dither);
