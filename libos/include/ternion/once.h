/* What is to happen once, whichever thread comes first. */
#pragma once

#include <stdint.h>

/* All zeroes: it has not happened. */
struct once {
    uint32_t state; /* of enum once_state */
};

/* Runs the function, unless that was done before; comes back when it is done, whoever does it. Not from within the function. */
void once_run(struct once *once, void (*function)(void));
