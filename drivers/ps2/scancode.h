/*
 * Scan codes of keyboards, decoded: set 1 (the XT's, and what the controller's translation makes of set 2) and set 2 (the AT's).
 * Portable; a decoder knows nothing of which keys are held. It takes any bytes: what is no scan code is skipped.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum scancode_set { SCANCODE_SET_1, SCANCODE_SET_2 };

enum scancode_prefix {
    PREFIX_NONE,
    PREFIX_E0,
    PREFIX_E1,           /* Pause: two codes follow */
    PREFIX_E1_CONTROL,   /* the first of them was there */
};

/* All zeroes decode set 1. */
struct scancode_decoder {
    enum scancode_set set;
    enum scancode_prefix prefix;
    bool is_release;     /* set 2: F0 was there */
};

struct scancode {
    uint8_t key;         /* usage number, ternion/keys.h */
    bool is_pressed;     /* or released */
};

/* Forgets what has begun. */
void scancode_reset(struct scancode_decoder *decoder, enum scancode_set set);

/* Takes a byte. True: a key's code is complete. A key that is held and repeats is pressed again each time. */
bool scancode_take(struct scancode_decoder *decoder, uint8_t byte, struct scancode *scancode_out);
