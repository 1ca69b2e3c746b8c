#include "dither.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#define CHANNELS 3
#define WHOLE 16

static size_t size_of(uint32_t width)
{
    return (width + 2) * CHANNELS * sizeof(int32_t);
}

bool dither_begin(struct dither *dither, const struct display_mode *mode, uint32_t width)
{
    *dither = (struct dither){ mode, width, false, calloc(1, size_of(width)), calloc(1, size_of(width)) };
    if (dither->here == NULL || dither->below == NULL) {
        dither_end(dither);
        return false;
    }
    return true;
}

void dither_end(struct dither *dither)
{
    free(dither->here);
    free(dither->below);
}

static int32_t channel_of(uint32_t colour, int channel)
{
    return (int32_t)(colour >> (16 - 8 * channel) & 0xFF);
}

static int32_t limited(int32_t value)
{
    return value < 0 ? 0 : value > 255 ? 255 : value;
}

/* The colour with what was left over for it. */
static uint32_t wanted(uint32_t colour, const int32_t *left_over)
{
    uint32_t result = 0;

    for (int channel = 0; channel < CHANNELS; channel++) {
        int32_t more = (left_over[channel] + (left_over[channel] < 0 ? -WHOLE / 2 : WHOLE / 2)) / WHOLE;

        result = result << 8 | (uint32_t)limited(channel_of(colour, channel) + more);
    }
    return result;
}

/* at: of the pixel, in the lines of what is left over; ahead: to the next pixel there. */
static void spread(struct dither *dither, int32_t at, int32_t ahead, uint32_t colour, uint32_t shown)
{
    for (int channel = 0; channel < CHANNELS; channel++) {
        int32_t error = channel_of(colour, channel) - channel_of(shown, channel);

        dither->here[at + ahead + channel] += 7 * error;
        dither->below[at - ahead + channel] += 3 * error;
        dither->below[at + channel] += 5 * error;
        dither->below[at + ahead + channel] += error;
    }
}

void dither_line(struct dither *dither, const uint32_t *colours, uint8_t *pixels_out)
{
    const struct display_mode *mode = dither->mode;
    int32_t ahead = dither->to_left ? -CHANNELS : CHANNELS;

    for (uint32_t i = 0; i < dither->width; i++) {
        uint32_t x = dither->to_left ? dither->width - 1 - i : i;
        int32_t at = (int32_t)(x + 1) * CHANNELS;
        uint32_t colour = wanted(colours[x], dither->here + at);
        uint32_t pixel = display_pixel(mode, colour);

        display_store(pixels_out + x * mode->bytes, mode->bytes, pixel);
        spread(dither, at, ahead, colour, display_colour(mode, pixel));
    }
    int32_t *done = dither->here;
    dither->here = dither->below;
    dither->below = done;
    memset(done, 0, size_of(dither->width));
    dither->to_left = !dither->to_left;
}
