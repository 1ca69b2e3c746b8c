#include "card.h"

#define FRAMES 8U
#define WHITE 0xFFFFFFU
#define BLACK 0x000000U
#define BARS 8U
#define STEPS 16U

static uint32_t smaller(uint32_t one, uint32_t other)
{
    return one < other ? one : other;
}

static uint32_t grey(uint32_t value)
{
    return value << 16 | value << 8 | value;
}

/* Pixels to the nearest edge. */
static uint32_t distance_to_edge(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    return smaller(smaller(x, width - 1 - x), smaller(y, height - 1 - y));
}

/* Doubled coordinates, so that the centre may lie between pixels. */
static int is_on_circle(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    int64_t right = 2 * (int64_t)x - (width - 1);
    int64_t down = 2 * (int64_t)y - (height - 1);
    int64_t radius = 4 * (int64_t)smaller(width, height) / 5;
    int64_t off = right * right + down * down - radius * radius;

    return off > -4 * radius && off < 4 * radius;
}

/* What is within the frames; x and y count from there. */
static uint32_t field_pixel(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    static const uint32_t bars[BARS] = { 0xFFFFFF, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0x000000 };
    uint32_t ramp = width == 1 ? 0 : x * 255 / (width - 1);

    switch (y * 8 / height) {
    case 0:
    case 1:
        return bars[x * BARS / width];
    case 2:
        return grey(ramp);
    case 3:
        return grey(x * STEPS / width * 255 / (STEPS - 1));
    case 4:
        return ramp << 16;
    case 5:
        return ramp << 8;
    case 6:
        return ramp;
    default:
        return ((x < width / 2 ? x : x ^ y) & 1) != 0 ? WHITE : BLACK;
    }
}

uint32_t card_pixel(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    uint32_t distance = distance_to_edge(x, y, width, height);

    if (distance < FRAMES) {
        return distance % 2 == 0 ? WHITE : BLACK;
    }
    if (is_on_circle(x, y, width, height)) {
        return WHITE;
    }
    return field_pixel(x - FRAMES, y - FRAMES, width - 2 * FRAMES, height - 2 * FRAMES);
}
