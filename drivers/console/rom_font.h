/* The font in the ROM of a VGA's BIOS. */
#pragma once

#include <stdint.h>

#define ROM_FONT_CHARACTERS 256U
#define ROM_FONT_LINES 16U           /* a byte each, its highest bit on the left */
#define ROM_FONT_SIZE (ROM_FONT_CHARACTERS * ROM_FONT_LINES)

/* Where a font for text mode 3 is in these bytes, of code page 437; NULL: nowhere. */
const uint8_t *rom_font_find(const uint8_t *rom, uint32_t size);
