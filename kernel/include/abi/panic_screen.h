/*
 * How the kernel writes on a screen in graphics mode when nobody else can: in a panic. The driver that has set the mode describes it
 * here, in two pages of its own that it leaves alone but for the two offsets.
 */
#pragma once

#include <abi/types.h>

#define PANIC_FONT_WIDTH 8U
#define PANIC_FONT_HEIGHT_MAX 16U

struct panic_screen {
    /* Read by panic_screen, and checked. */
    physical_t window;           /* physical address of the framebuffer, or of the window through which a part of it is seen */
    uint32_t window_bytes;       /* in the driver's grant, as a whole */
    uint32_t pitch;              /* bytes from one line to the next */
    uint16_t width, height;      /* pixels */
    uint16_t bytes;              /* of a pixel, 1 to 4; 0: eight pixels in a byte, all planes are written (VGA modes with 16 colours) */
    uint16_t font_height;        /* lines of a character, 8 to PANIC_FONT_HEIGHT_MAX */
    uint32_t ink, paper;         /* pixels of text and of what is behind it, in the lowest bytes; without meaning where `bytes` is 0 */

    /* Read in the panic, whatever they are then: the driver keeps them up to date. */
    uint32_t visible;            /* offset in the framebuffer of what the screen shows first */
    uint32_t window_offset;      /* offset in the framebuffer of the window's first byte */

    uint8_t unused[4096 - 36];
    uint8_t font[256 * PANIC_FONT_HEIGHT_MAX];   /* code page 437; a character's lines one behind the other, its highest bit to the left */
};

_Static_assert(sizeof(struct panic_screen) == 8192, "two pages");
