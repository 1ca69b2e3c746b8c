/*
 * Text mode 3 of a VGA for colour, set by registers, for when nobody else brings it back. Its font and colours are those that were there when the
 * adapter was lent first. One thread.
 */
#pragma once

#include <stdbool.h>

/* The adapter shows text, and is about to be lent: keeps font and colours, the first time. */
void text_mode_keep(void);

/*
 * Sets the mode: registers, colours, font; what VBE has set beside them is switched off where that is known how to do. If nothing was kept the
 * font is the one of the adapter's ROM. False: there is no font, or the adapter's memory is not this driver's; nothing was done.
 */
[[nodiscard]] bool text_mode_set(void);
