/* The modes of the virtual display: each format that a display can have, numbered as VBE does where it has such a mode. */
#pragma once

#include <stdint.h>

#include <ternion/display.h>

#define MODE_COUNT 11U

extern const struct display_mode modes[MODE_COUNT];

/* NULL: there is none of this number. */
const struct display_mode *mode_of(uint32_t number);

/* Colours of its palette; 0: it has none. */
uint32_t mode_colours(const struct display_mode *mode);

/* Pages of a client's memory. */
uint32_t mode_pages(const struct display_mode *mode);
