#include "style.h"

#include <stddef.h>

#define LIGHT_GREY 7U
#define CYAN 3U
#define BRIGHT 8U             /* of a foreground; also of a background where nothing blinks */
#define BLINK 0x80U

/* Attributes of the IBM Monochrome Display Adapter: a foreground of 1 is underlined; the rest is light on dark or 70h. */
#define MONOCHROME_NORMAL 0x07U
#define MONOCHROME_UNDERLINED 0x01U
#define MONOCHROME_REVERSED 0x70U

/* ANSI counts colours red, green, blue from the lowest bit; the adapter the other way round. */
static uint8_t adapter_colour(unsigned ansi)
{
    static const uint8_t colours[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

    return (uint8_t)((ansi & BRIGHT) | colours[ansi & 7]);
}

void style_reset(struct style *style)
{
    *style = (struct style){ .foreground = LIGHT_GREY };
}

/* ---- Colours that this adapter has not: the nearest one that it has ---- */

struct rgb {
    uint8_t red, green, blue;
};

/* IBM VGA, the palette that its BIOS loads in text modes. */
static const struct rgb adapter_colours[16] = {
    { 0x00, 0x00, 0x00 }, { 0x00, 0x00, 0xAA }, { 0x00, 0xAA, 0x00 }, { 0x00, 0xAA, 0xAA },
    { 0xAA, 0x00, 0x00 }, { 0xAA, 0x00, 0xAA }, { 0xAA, 0x55, 0x00 }, { 0xAA, 0xAA, 0xAA },
    { 0x55, 0x55, 0x55 }, { 0x55, 0x55, 0xFF }, { 0x55, 0xFF, 0x55 }, { 0x55, 0xFF, 0xFF },
    { 0xFF, 0x55, 0x55 }, { 0xFF, 0x55, 0xFF }, { 0xFF, 0xFF, 0x55 }, { 0xFF, 0xFF, 0xFF },
};

static unsigned distance(struct rgb left, struct rgb right)
{
    int red = left.red - right.red;
    int green = left.green - right.green;
    int blue = left.blue - right.blue;

    return (unsigned)(red * red + green * green + blue * blue);
}

static uint8_t nearest(struct rgb wanted)
{
    uint8_t best = 0;

    for (uint8_t colour = 1; colour < 16; colour++) {
        if (distance(adapter_colours[colour], wanted) < distance(adapter_colours[best], wanted)) {
            best = colour;
        }
    }
    return best;
}

/* Of the 256 colours of xterm: 16 to 231 are a cube of six levels a side, 232 to 255 greys. */
static uint8_t colour_of_256(unsigned number)
{
    static const uint8_t levels[6] = { 0, 95, 135, 175, 215, 255 };

    if (number < 16) {
        return adapter_colour(number);
    }
    if (number >= 232) {
        uint8_t grey = (uint8_t)(8 + 10 * (number - 232));
        return nearest((struct rgb){ grey, grey, grey });
    }
    number -= 16;
    return nearest((struct rgb){ levels[number / 36], levels[number / 6 % 6], levels[number % 6] });
}

/*
 * What stands behind a 38 or 48: 5 and a number, or 2 and red, green, blue (ISO/IEC 8613-6, 13.1.8). Returns how many
 * parameters that is; *colour is untouched if they make no sense.
 */
static unsigned colour_extended(const unsigned parameters[], unsigned count, uint8_t *colour)
{
    if (count >= 2 && parameters[0] == 5) {
        if (parameters[1] < 256) {
            *colour = colour_of_256(parameters[1]);
        }
        return 2;
    }
    if (count >= 4 && parameters[0] == 2) {
        if (parameters[1] < 256 && parameters[2] < 256 && parameters[3] < 256) {
            *colour = nearest((struct rgb){ (uint8_t)parameters[1], (uint8_t)parameters[2], (uint8_t)parameters[3] });
        }
        return 4;
    }
    return count;
}

/* ---- ESC [ … m ---- */

static void select_colour(struct style *style, unsigned number)
{
    if (number >= 30 && number <= 37) {
        style->foreground = adapter_colour(number - 30);
    } else if (number == 39) {
        style->foreground = LIGHT_GREY;
    } else if (number >= 40 && number <= 47) {
        style->background = adapter_colour(number - 40);
    } else if (number == 49) {
        style->background = 0;
    } else if (number >= 90 && number <= 97) {
        style->foreground = adapter_colour(BRIGHT + number - 90);
    } else if (number >= 100 && number <= 107) {
        style->background = adapter_colour(BRIGHT + number - 100);
    }
}

static void select(struct style *style, unsigned number)
{
    switch (number) {
    case 0:
        style_reset(style);
        break;
    case 1:
        style->bold = true;
        break;
    case 2:
        style->dim = true;
        break;
    case 4:
    case 21:
        style->underlined = true;
        break;
    case 5:
    case 6:
        style->blinking = true;
        break;
    case 7:
        style->reversed = true;
        break;
    case 22:
        style->bold = style->dim = false;
        break;
    case 24:
        style->underlined = false;
        break;
    case 25:
        style->blinking = false;
        break;
    case 27:
        style->reversed = false;
        break;
    default:
        select_colour(style, number);
    }
}

void style_select(struct style *style, const unsigned parameters[], unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (parameters[i] == 38) {
            i += colour_extended(parameters + i + 1, count - i - 1, &style->foreground);
        } else if (parameters[i] == 48) {
            i += colour_extended(parameters + i + 1, count - i - 1, &style->background);
        } else {
            select(style, parameters[i]);
        }
    }
}

/* ---- Attributes ---- */

static uint8_t monochrome_attribute(const struct style *style)
{
    bool dark_on_light = style->reversed != (style->background != 0);
    uint8_t attribute = dark_on_light ? MONOCHROME_REVERSED : style->underlined ? MONOCHROME_UNDERLINED : MONOCHROME_NORMAL;

    if ((style->bold || style->foreground >= BRIGHT) && !style->dim) {
        attribute |= BRIGHT;
    }
    return style->blinking ? attribute | BLINK : attribute;
}

/* A colour adapter can underline nothing: cyan stands for it. What is dim is not bright; light grey, which is not, gets dark. */
static uint8_t shown_foreground(const struct style *style)
{
    uint8_t colour = style->foreground;

    if (style->underlined) {
        colour = (uint8_t)((colour & BRIGHT) | CYAN);
    }
    if (style->dim) {
        return colour == LIGHT_GREY ? BRIGHT : colour & 7;
    }
    return style->bold ? colour | BRIGHT : colour;
}

uint8_t style_attribute(const struct style *style, enum palette palette)
{
    if (palette == PALETTE_MONOCHROME) {
        return monochrome_attribute(style);
    }
    uint8_t foreground = shown_foreground(style);
    uint8_t background = style->background;

    if (style->reversed) {
        uint8_t swapped = foreground;
        foreground = background;
        background = swapped;
    }
    if (palette == PALETTE_16_8) {
        background &= 7;
    }
    if (style->blinking) {
        background |= BRIGHT;
    }
    return (uint8_t)(background << 4 | foreground);
}

uint8_t style_blank(const struct style *style, enum palette palette)
{
    /* The adapter's cursor has the foreground of its cell: it shall be seen. */
    struct style plain = { .foreground = style->background == LIGHT_GREY ? 0 : LIGHT_GREY, .background = style->background };

    return style_attribute(&plain, palette);
}
