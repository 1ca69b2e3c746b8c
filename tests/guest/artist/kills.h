/* Deaths of the display's driver in the middle of mode sets. */
#pragma once

#include <ternion/display.h>

/*
 * Kills the driver `kills` times in the middle of a mode set, each time elsewhere, and expects the mode to be set all the same. Tells how often it
 * was not. Eight times within a minute are too often for d\init, so there is a number of the first, for several boots.
 */
void kills_run(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t kills, uint32_t first);
