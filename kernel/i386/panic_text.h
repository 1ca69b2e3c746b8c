/* A VGA's registers, as a panic needs them. Called with interrupts off. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Does the adapter show text? Leaves its registers, and the index of whoever is writing one, as they are. */
[[nodiscard]] bool panic_text_is_shown(void);

/*
 * Sets 80 by 25 characters, empty, from whatever mode a VGA, an adapter of Bochs' and QEMU's kind, or one of Cirrus Logic's is in.
 * font: 256 characters of code page 437, `lines` (8 to 16) bytes each, which are stretched to 16.
 */
void panic_text_set(const uint8_t *font, uint32_t lines);

/* Makes pixel 0 black, and 255, or 15 in modes with planes, white; where there are planes all are written by each byte. */
void panic_text_black_and_white(bool has_planes);
