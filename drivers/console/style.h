/* How the characters that follow look: what ESC [ … m says, as an attribute of the adapter. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What the eighth bit of an attribute is on this adapter, and whether it has colours. */
enum palette {
    PALETTE_16,           /* 16 foregrounds and 16 backgrounds: a VGA that does not blink */
    PALETTE_16_8,         /* 16 foregrounds and 8 backgrounds, and characters can blink: colour adapters before the VGA */
    PALETTE_MONOCHROME,   /* bright, underlined, blinking, dark on light */
};

/* Colours as the adapter counts them: bit 0 blue, 1 green, 2 red, 3 bright. */
struct style {
    uint8_t foreground;
    uint8_t background;
    bool bold, dim, underlined, blinking, reversed;
};

/* Light grey on black. */
void style_reset(struct style *style);

/* Does what the parameters of ESC [ … m say; those that are not known are skipped. */
void style_select(struct style *style, const unsigned parameters[], unsigned count);

/* The attribute of a character. */
uint8_t style_attribute(const struct style *style, enum palette palette);

/* The attribute of an erased cell: the background alone counts, be it reversed or not. */
uint8_t style_blank(const struct style *style, enum palette palette);
