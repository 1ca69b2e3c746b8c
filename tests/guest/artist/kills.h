/* Deaths of the display's driver in the middle of mode sets. */
#pragma once

#include <ternion/display.h>

/* Kills the driver `kills` times, each time later in a mode set, and expects the mode to be set all the same. Tells how many were not. */
void kills_run(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t kills);
