#include "paint.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "dither.h"
#include "scale.h"

/* In each format black is the pixel 0. */
static void make_black(const struct display *display)
{
    for (uint32_t line = 0; line < display->mode.height; line++) {
        memset(display->pixels + line * display->mode.pitch, 0, (uint32_t)display->mode.width * display->mode.bytes);
    }
}

static void paint_lines(const struct display *display, struct scale *scale, struct dither *dither, uint32_t *colours)
{
    const struct display_mode *mode = &display->mode;
    uint32_t left = (mode->width - scale->width) / 2;
    uint32_t top = (mode->height - scale->height) / 2;

    for (uint32_t y = 0; y < scale->height; y++) {
        scale_line(scale, y, colours);
        dither_line(dither, colours, display->pixels + (top + y) * mode->pitch + left * mode->bytes);
    }
}

bool paint(const struct display *display, const struct picture *picture)
{
    const struct display_mode *mode = &display->mode;
    struct scale scale = { 0 };
    struct dither dither = { 0 };
    uint32_t width, height;

    make_black(display);
    scale_fit(picture, mode->width, mode->height, &width, &height);
    uint32_t *colours = malloc(width * sizeof colours[0]);
    bool has_memory = colours != NULL && scale_begin(&scale, picture, width, height) && dither_begin(&dither, mode, width);
    if (has_memory) {
        paint_lines(display, &scale, &dither, colours);
        dither_end(&dither);
    }
    scale_end(&scale);
    free(colours);
    return has_memory;
}
