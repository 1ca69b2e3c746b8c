/* A picture in memory. */
#pragma once

#include <stdint.h>

struct picture {
    uint32_t width, height;
    uint32_t *colours;               /* 00RRGGBBh, line by line */
};

#define PICTURE_SIDE_MAX 8192U       /* pixels: more are refused */
