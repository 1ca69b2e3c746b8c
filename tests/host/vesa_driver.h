/* d\vesa in the world of vesa_world.h, as its tests use it. */
#pragma once

#include <abi/shared.h>
#include <abi/status.h>
#include <ternion/display.h>

#include "adapter.h"

extern struct options driver_options;            /* that it is started with */
extern struct display_mode driver_shown;         /* of the mode that was set last */
extern struct shared_handle driver_memory;

/* A world with modes. 101h: 640 by 480 with 8 bits; 102h: 800 by 600 planar; 112h, 115h: 640 by 480 and 800 by 600 with 32. */
void driver_add_modes(void);

/* Starts it in a world that is there; in that one; in the same with windows, whose positions are so many KB apart. */
void driver_start(void);
void driver_begin(void);
void driver_begin_with_banks(uint16_t granularity);

/* Sets a mode that it knows. */
status_t driver_set(uint16_t number, bool keep);

/* The screen is text, and nothing of a mode is left. */
void driver_expect_text(void);

/* Draws a pattern in the mode's memory: byte i is driver_pattern(i). What was drawn. */
uint8_t driver_pattern(uint32_t i);
uint8_t *driver_draw(void);

/* The planes show the pattern from left and top to right and bottom, in whole bytes, and are black beside it. pitch: bytes of a line in a plane. */
void driver_expect_planes(uint32_t left, uint32_t top, uint32_t right, uint32_t bottom, uint32_t pitch);
