/* The screen: text, or a mode with memory that a client draws into. */
#pragma once

#include <abi/shared.h>
#include <ternion/display.h>

#include <stdbool.h>

void screen_open(void);

/* NULL: text */
const struct display_mode *screen_mode(void);

/*
 * Sets a mode, black unless what is in the adapter's memory is to be kept, and makes the client's memory: its handle. FAULT, NO_MEMORY,
 * OVER_QUOTA: the screen is text.
 */
[[nodiscard]] status_t screen_set(const struct display_mode *mode, bool keep, struct shared_handle *memory_out);
void screen_set_text(void);
[[nodiscard]] status_t screen_flush(const struct display_call_rectangle *part);

/* The text screen's driver may be another now. */
void screen_lend_again(void);

/* Until when a mode that this driver's predecessor set is left alone; FOREVER: there is none. */
nanoseconds_t screen_grace_end(void);
