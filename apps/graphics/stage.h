/* A display for a program that shows one picture after the other: its modes, and a picture held for a while. What fails is told to the log. */
#pragma once

#include <ternion/display.h>

struct stage {
    struct display display;
    struct display_mode modes[DISPLAY_MODES_MAX];
    uint32_t mode_count;
};

/* Opens a display; NULL: the usual one. False: there is none, or none that answers. */
bool stage_open(struct stage *stage, const char *name);

/* Sets a mode, with display_palette as its palette. */
bool stage_set(struct stage *stage, const struct display_mode *mode);

/* All that was drawn is seen when this comes back. */
bool stage_flush(struct stage *stage);

/* Text again. */
bool stage_release(struct stage *stage);

#define STAGE_UNTIL_KEY UINT32_MAX

/*
 * Holds the picture until a key is pressed, for so many seconds at most. The picture comes back should the display's driver die meanwhile; if
 * it does not, false. STAGE_UNTIL_KEY: as long as it takes; but without a keyboard ten seconds.
 */
bool stage_hold(struct stage *stage, uint32_t seconds);
