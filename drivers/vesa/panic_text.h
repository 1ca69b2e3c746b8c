/* How the kernel writes on the screen in a panic: told when a mode is set, and kept up to date. Main thread. */
#pragma once

#include "mode.h"

/* The mode has been set. A kernel that does not take it is told of in the log; nothing else changes. */
void panic_text_begin(const struct mode *mode);

/* The screen begins with this byte of the framebuffer; the window shows it from there on. */
void panic_text_show(uint32_t offset);
void panic_text_set_window(uint32_t offset);

/* Colours of the mode's palette are others now: 256 of them, 00RRGGBBh. */
void panic_text_set_colours(const uint32_t *colours);

/* The screen is text, whoever set the mode before it. */
void panic_text_end(void);
