/* Numbers that look random and are the same in every run. */
#pragma once

#include <stdint.h>

struct dice {
    uint32_t state;
};

/* The same seed gives the same numbers; it is told to the log, beside the test's name. Not 0. */
struct dice dice_take(uint32_t seed);

/* A number below `sides`. */
uint32_t dice_throw(struct dice *dice, uint32_t sides);

/* One from `least` to `most`. */
uint32_t dice_between(struct dice *dice, uint32_t least, uint32_t most);
