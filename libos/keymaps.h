/* The key maps that there are, a file each; keymap.c has the list by which they are found. */
#pragma once

#include <ternion/keymap.h>

extern const struct keymap keymap_us;
extern const struct keymap keymap_de;

/* The letter with an accent, or 0. */
uint16_t keymap_compose(uint16_t accent, uint16_t letter);
