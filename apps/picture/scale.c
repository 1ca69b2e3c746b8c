#include "scale.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#define CHANNELS 3U
#define FRACTION 256U                /* parts of a pixel between two */

static uint32_t channel_of(uint32_t colour, uint32_t channel)
{
    return colour >> (16 - 8 * channel) & 0xFF;
}

void scale_fit(const struct picture *picture, uint32_t room_width, uint32_t room_height, uint32_t *width_out, uint32_t *height_out)
{
    uint32_t width = room_width;
    uint32_t height = (uint32_t)((uint64_t)picture->height * room_width / picture->width);

    if (height > room_height) {
        height = room_height;
        width = (uint32_t)((uint64_t)picture->width * room_height / picture->height);
    }
    *width_out = width == 0 ? 1 : width;
    *height_out = height == 0 ? 1 : height;
}

bool scale_begin(struct scale *scale, const struct picture *picture, uint32_t width, uint32_t height)
{
    *scale = (struct scale){ picture, width, height, calloc(width, CHANNELS * sizeof scale->sums[0]) };
    return scale->sums != NULL;
}

void scale_end(struct scale *scale)
{
    free(scale->sums);
}

/* ---- Smaller. Lengths are counted so that both sides are whole: a pixel of the source is as long as the target has pixels, and the reverse ---- */

struct span {
    uint32_t first, end;
};

static uint32_t overlap(struct span one, struct span other)
{
    uint32_t first = one.first > other.first ? one.first : other.first;
    uint32_t end = one.end < other.end ? one.end : other.end;

    return end > first ? end - first : 0;
}

static struct span span_of(uint32_t index, uint32_t length)
{
    return (struct span){ index * length, (index + 1) * length };
}

/* Adds a line of the source, with its weight, to the sums. */
static void add_line(struct scale *scale, const uint32_t *colours, uint32_t weight)
{
    uint32_t source_width = scale->picture->width;

    for (uint32_t x = 0; x < scale->width; x++) {
        struct span covered = span_of(x, source_width);
        uint32_t sums[CHANNELS] = { 0 };

        for (uint32_t at = covered.first / scale->width; at * scale->width < covered.end; at++) {
            uint32_t share = overlap(covered, span_of(at, scale->width));

            for (uint32_t channel = 0; channel < CHANNELS; channel++) {
                sums[channel] += share * channel_of(colours[at], channel);
            }
        }
        for (uint32_t channel = 0; channel < CHANNELS; channel++) {
            scale->sums[x * CHANNELS + channel] += (uint64_t)weight * sums[channel];
        }
    }
}

static void line_of_means(struct scale *scale, uint32_t y, uint32_t *colours_out)
{
    const struct picture *picture = scale->picture;
    struct span covered = span_of(y, picture->height);
    uint64_t whole = (uint64_t)picture->width * picture->height;

    memset(scale->sums, 0, scale->width * CHANNELS * sizeof scale->sums[0]);
    for (uint32_t at = covered.first / scale->height; at * scale->height < covered.end; at++) {
        add_line(scale, picture->colours + at * picture->width, overlap(covered, span_of(at, scale->height)));
    }
    for (uint32_t x = 0; x < scale->width; x++) {
        uint32_t colour = 0;

        for (uint32_t channel = 0; channel < CHANNELS; channel++) {
            colour = colour << 8 | (uint32_t)((scale->sums[x * CHANNELS + channel] + whole / 2) / whole);
        }
        colours_out[x] = colour;
    }
}

/* ---- Larger ---- */

/* Where the middle of a pixel lies in the source: index of the pixel before it, and the way from there to the next. */
struct place {
    uint32_t at, next;
    uint32_t part;                   /* of FRACTION */
};

static struct place place_of(uint32_t index, uint32_t length, uint32_t source_length)
{
    uint64_t middle = (2 * (uint64_t)index + 1) * source_length * (FRACTION / 2) / length;
    uint32_t from_first = middle < FRACTION / 2 ? 0 : (uint32_t)(middle - FRACTION / 2);
    struct place place = { from_first / FRACTION, from_first / FRACTION + 1, from_first % FRACTION };

    if (place.next >= source_length) {
        place.next = place.at;
    }
    return place;
}

static uint32_t between(uint32_t one, uint32_t other, uint32_t part)
{
    return one * (FRACTION - part) + other * part;
}

static void line_between(const struct scale *scale, uint32_t y, uint32_t *colours_out)
{
    const struct picture *picture = scale->picture;
    struct place row = place_of(y, scale->height, picture->height);
    const uint32_t *upper = picture->colours + row.at * picture->width;
    const uint32_t *lower = picture->colours + row.next * picture->width;

    for (uint32_t x = 0; x < scale->width; x++) {
        struct place column = place_of(x, scale->width, picture->width);
        uint32_t colour = 0;

        for (uint32_t channel = 0; channel < CHANNELS; channel++) {
            uint32_t above = between(channel_of(upper[column.at], channel), channel_of(upper[column.next], channel), column.part);
            uint32_t below = between(channel_of(lower[column.at], channel), channel_of(lower[column.next], channel), column.part);

            colour = colour << 8 | (between(above, below, row.part) + FRACTION * FRACTION / 2) / (FRACTION * FRACTION);
        }
        colours_out[x] = colour;
    }
}

void scale_line(struct scale *scale, uint32_t y, uint32_t *colours_out)
{
    if (scale->width > scale->picture->width || scale->height > scale->picture->height) {
        line_between(scale, y, colours_out);
    } else {
        line_of_means(scale, y, colours_out);
    }
}
