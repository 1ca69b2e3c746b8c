#include "shadow.h"

#include <ternion/string.h>
#include <ternion/vga.h>

#include "planes.h"
#include "banks.h"

#define LINE_BYTES_MAX 1024U             /* of a plane: 8192 pixels */

/* To one place of the framebuffer, by as many banks as it lies in. */
static status_t copy(uint32_t offset, const uint8_t *from, uint32_t size)
{
    while (size != 0) {
        uint32_t part;
        uint8_t *to;

        status_t status = banks_reach(offset, &to, &part);
        if (status != OK) {
            return status;
        }
        part = part < size ? part : size;
        memcpy(to, from, part);
        offset += part;
        from += part;
        size -= part;
    }
    return OK;
}

static status_t flush_bytes(const struct mode *mode, const uint8_t *pixels, const struct display_call_rectangle *rectangle)
{
    uint32_t left = rectangle->x * mode->shown.bytes;
    uint32_t size = rectangle->width * mode->shown.bytes;
    status_t status = OK;

    for (uint32_t y = rectangle->y; status == OK && y < rectangle->y + rectangle->height; y++) {
        status = copy(y * mode->pitch + left, pixels + y * mode->shown.pitch + left, size);
    }
    return status;
}

static status_t flush_planes(const struct mode *mode, const uint8_t *pixels, const struct display_call_rectangle *rectangle)
{
    uint32_t left = rectangle->x / 8;
    uint32_t count = (rectangle->x + rectangle->width + 7U) / 8 - left;
    uint8_t line[LINE_BYTES_MAX];
    status_t status = OK;

    for (uint32_t y = rectangle->y; y < rectangle->y + rectangle->height; y++) {
        for (uint32_t plane = 0; status == OK && plane < MODE_PLANES; plane++) {
            planes_convert(pixels + y * mode->shown.pitch + left * 8, plane, line, count);
            vga_choose_planes((uint8_t)(1U << plane));
            status = copy(y * mode->pitch + left, line, count);
        }
    }
    return status;
}

status_t shadow_flush(const struct mode *mode, const uint8_t *pixels, const struct display_call_rectangle *rectangle)
{
    if (rectangle->width == 0) {
        return OK;
    }
    return mode->kind == MODE_PLANAR ? flush_planes(mode, pixels, rectangle) : flush_bytes(mode, pixels, rectangle);
}
