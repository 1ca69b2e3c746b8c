/* Many mode sets, and what they leave behind. */
#pragma once

#include <ternion/display.h>

/* sets=N: sets N modes, each of the display's in turn, draws a line in each, gives the display back, and tells of the ledgers. */
void sets_run(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t sets);
