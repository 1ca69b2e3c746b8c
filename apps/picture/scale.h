/*
 * A picture in another size, line by line. Smaller, each pixel is the mean of all that it covers, parts of pixels by their share; larger, what lies
 * between two pixels is between their colours. Integers alone. Portable.
 */
#pragma once

#include <stdbool.h>

#include "picture.h"

struct scale {
    const struct picture *picture;
    uint32_t width, height;
    uint64_t *sums;                  /* of a line, three for each pixel */
};

/* The largest size with the same sides that fits there; at least one pixel. */
void scale_fit(const struct picture *picture, uint32_t room_width, uint32_t room_height, uint32_t *width_out, uint32_t *height_out);

/*
 * Begins.
 *   picture   stays as it is until scale_end
 *   width, height   1 to 65535, both smaller than the picture's or both larger, as scale_fit makes them
 * False: there is no memory.
 */
bool scale_begin(struct scale *scale, const struct picture *picture, uint32_t width, uint32_t height);

/* Colours 00RRGGBBh of a line, as many as it is wide. */
void scale_line(struct scale *scale, uint32_t y, uint32_t *colours_out);

void scale_end(struct scale *scale);
