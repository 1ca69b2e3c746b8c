/* Colours as a mode has them, by integers alone. Portable. */
#include <ternion/display.h>

#define TEXT_COLOURS 16U

/* What text has: EGA's colours as the palette of mode 3 makes them. */
static const uint32_t text_colours[TEXT_COLOURS] = {
    0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
    0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF,
};

static uint32_t red_of(uint32_t colour)
{
    return colour >> 16 & 0xFF;
}

static uint32_t green_of(uint32_t colour)
{
    return colour >> 8 & 0xFF;
}

static uint32_t blue_of(uint32_t colour)
{
    return colour & 0xFF;
}

/* ---- Palettes ---- */

/* A value of so many bits as one of 0 to 255, rounded. */
static uint32_t widen(uint32_t value, uint32_t bits)
{
    uint32_t most = (1U << bits) - 1;

    return (value * 255 + most / 2) / most;
}

/* A value of 0 to 255 as the nearest of so many bits. */
static uint32_t narrow(uint32_t value, uint32_t bits)
{
    uint32_t most = (1U << bits) - 1;

    return (value * most + 127) / 255;
}

static uint32_t cube_colour(uint32_t index)
{
    return widen(index >> 5 & 7, 3) << 16 | widen(index >> 2 & 7, 3) << 8 | widen(index & 3, 2);
}

uint32_t display_palette(const struct display_mode *mode, uint32_t colours_out[DISPLAY_COLOURS])
{
    if ((mode->flags & DISPLAY_PALETTE) == 0) {
        return 0;
    }
    uint32_t count = mode->bits == 4 ? TEXT_COLOURS : DISPLAY_COLOURS;
    for (uint32_t i = 0; i < count; i++) {
        colours_out[i] = mode->bits == 4 ? text_colours[i] : cube_colour(i);
    }
    return count;
}

static uint32_t square_of_difference(uint32_t left, uint32_t right)
{
    uint32_t difference = left < right ? right - left : left - right;

    return difference * difference;
}

/* Eyes see green best and blue worst: weights 3, 4, 2. The first of several is nearest. */
static uint32_t nearest_text_colour(uint32_t colour)
{
    uint32_t nearest = 0;
    uint32_t least = UINT32_MAX;

    for (uint32_t i = 0; i < TEXT_COLOURS; i++) {
        uint32_t distance = 3 * square_of_difference(red_of(colour), red_of(text_colours[i]))
                          + 4 * square_of_difference(green_of(colour), green_of(text_colours[i]))
                          + 2 * square_of_difference(blue_of(colour), blue_of(text_colours[i]));
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

static uint32_t palette_pixel(const struct display_mode *mode, uint32_t colour)
{
    if (mode->bits == 4) {
        return nearest_text_colour(colour);
    }
    return narrow(red_of(colour), 3) << 5 | narrow(green_of(colour), 3) << 2 | narrow(blue_of(colour), 2);
}

/* ---- Channels. More than 8 bits of one are possible: VBE 3.0, §4.4, has no limit ---- */

static uint32_t channel_pixel(struct display_channel channel, uint32_t value)
{
    uint32_t bits = channel.bits;

    if (bits == 0 || bits + channel.shift > 32) {
        return 0;
    }
    return (bits <= 8 ? value >> (8 - bits) : value << (bits - 8)) << channel.shift;
}

static uint32_t channel_value(struct display_channel channel, uint32_t pixel)
{
    uint32_t bits = channel.bits;

    if (bits == 0 || bits + channel.shift > 32) {
        return 0;
    }
    uint32_t value = pixel >> channel.shift;
    return bits > 8 ? value >> (bits - 8) & 0xFF : widen(value & ((1U << bits) - 1), bits);
}

uint32_t display_pixel(const struct display_mode *mode, uint32_t colour)
{
    if ((mode->flags & DISPLAY_PALETTE) != 0) {
        return palette_pixel(mode, colour);
    }
    return channel_pixel(mode->red, red_of(colour)) | channel_pixel(mode->green, green_of(colour))
         | channel_pixel(mode->blue, blue_of(colour));
}

uint32_t display_colour(const struct display_mode *mode, uint32_t pixel)
{
    if ((mode->flags & DISPLAY_PALETTE) != 0) {
        return mode->bits == 4 ? text_colours[pixel % TEXT_COLOURS] : cube_colour(pixel & 0xFF);
    }
    return channel_value(mode->red, pixel) << 16 | channel_value(mode->green, pixel) << 8 | channel_value(mode->blue, pixel);
}
