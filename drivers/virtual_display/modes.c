#include "modes.h"

#include <stddef.h>

#include <ternion/memory.h>

#define RGB555 { 5, 10 }, { 5, 5 }, { 5, 0 }
#define RGB565 { 5, 11 }, { 6, 5 }, { 5, 0 }
#define RGB888 { 8, 16 }, { 8, 8 }, { 8, 0 }
#define BGR888 { 8, 0 }, { 8, 8 }, { 8, 16 }
#define NO_CHANNELS { 0, 0 }, { 0, 0 }, { 0, 0 }

/*
 * Lines that are longer than what is seen, more lines than are seen, three bytes a pixel, red in the lowest byte: adapters do all of that, so
 * what runs here is ready for it.
 */
const struct display_mode modes[MODE_COUNT] = {
    /* number, flags, width, height, pitch, bits, bytes, channels, lines */
    { 0x013, DISPLAY_PALETTE | DISPLAY_FALLBACK, 320, 200, 320, 8, 1, NO_CHANNELS, 200 },
    { 0x012, DISPLAY_PALETTE | DISPLAY_FALLBACK, 640, 480, 640, 4, 1, NO_CHANNELS, 480 },
    { 0x101, DISPLAY_PALETTE | DISPLAY_START, 640, 480, 640, 8, 1, NO_CHANNELS, 960 },
    { 0x10E, DISPLAY_START, 320, 200, 640, 16, 2, RGB565, 600 },
    { 0x10F, 0, 320, 200, 1280, 32, 4, BGR888, 200 },
    { 0x110, 0, 640, 480, 1280, 15, 2, RGB555, 480 },
    { 0x111, 0, 640, 480, 1280, 16, 2, RGB565, 480 },
    { 0x112, 0, 640, 480, 1920, 24, 3, RGB888, 480 },
    { 0x129, DISPLAY_PREFERRED, 640, 480, 2560, 32, 4, RGB888, 480 },
    { 0x114, DISPLAY_BANKED, 800, 600, 1664, 16, 2, RGB565, 600 },
    { 0x118, 0, 1024, 768, 4096, 32, 4, RGB888, 768 },
};

const struct display_mode *mode_of(uint32_t number)
{
    for (uint32_t i = 0; i < MODE_COUNT; i++) {
        if (modes[i].mode == number) {
            return &modes[i];
        }
    }
    return NULL;
}

uint32_t mode_colours(const struct display_mode *mode)
{
    return (mode->flags & DISPLAY_PALETTE) == 0 ? 0 : 1U << mode->bits;
}

uint32_t mode_pages(const struct display_mode *mode)
{
    return PAGES(mode->pitch * mode->lines);
}
