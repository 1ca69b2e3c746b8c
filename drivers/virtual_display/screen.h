/*
 * The screen that nobody sees: who has it, the memory that the client draws into, and what flush has brought from there to the screen. One
 * thread only.
 */
#pragma once

#include <stdbool.h>

#include <abi/shared.h>
#include <ternion/display.h>

struct screen {
    const struct display_mode *mode;     /* NULL: text */
    process_id_t owner;                  /* 0: nobody */
    struct shared_handle memory;         /* the client's */
    uint8_t *shown;                      /* as it was when it was brought; as large */
    uint32_t palette[DISPLAY_COLOURS];
    uint32_t line;                       /* that is the first to be seen */
    uint32_t sets, flushes;              /* counted since the driver's start */
    bool tells;                          /* the log, of what is seen behind each flush */
};

/* Has another process the display? One that has died has nothing. */
bool screen_is_taken(struct screen *screen, process_id_t process);

/* Sets a mode for a process. OVER_QUOTA, NO_MEMORY, BAD_ID: nothing has changed. */
[[nodiscard]] status_t screen_set(struct screen *screen, const struct display_mode *mode, bool keep, process_id_t owner);

/* Text again. */
void screen_release(struct screen *screen);

/* Brings what lies within the mode. */
void screen_flush(struct screen *screen, const struct display_call_rectangle *rectangle);

/* Of what is seen: all pixels, as they are, and behind them the palette. */
uint32_t screen_checksum(const struct screen *screen);
