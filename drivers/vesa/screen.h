/*
 * The screen: text, or a mode with the memory into which its client draws. All that must happen in order when that changes. Main thread.
 */
#pragma once

#include <abi/shared.h>
#include <abi/status.h>

#include "mode.h"

/* What a driver before this one left, while the adapter is lent: text, or graphics, which stays for screen_grace_end. */
void screen_open(void);

/* Until when a client of the driver that died may set its mode again, and find its picture; then the screen becomes text. FOREVER: none is awaited. */
nanoseconds_t screen_grace_end(void);

/* The mode that is set; NULL: the screen is text. */
const struct mode *screen_mode(void);

/*
 * Sets a mode.
 *   keep         the adapter's memory stays as it is
 *   shown_out    the mode as it is then: lines and flags may be less than was told
 *   handle_out   memory for the client
 * FAULT: the adapter did not do it; NO_MEMORY, OVER_QUOTA: no memory for the client. The screen is text then. BUSY: another driver has the adapter;
 * nothing was done.
 */
[[nodiscard]] status_t screen_set(const struct mode *mode, bool keep, struct display_mode *shown_out, struct shared_handle *handle_out);

/* Text, whatever it was. */
void screen_set_text(void);

/* Another driver has the adapter: what it shows is none of this one's affair any more. */
void screen_forget(void);

/* While a mode is set. What they are given lies within the mode. Statuses: OK; FAULT: the adapter did not do it; it goes on as it was. */
[[nodiscard]] status_t screen_flush(const struct display_call_rectangle *rectangle);
[[nodiscard]] status_t screen_show(uint16_t line);
[[nodiscard]] status_t screen_set_colours(uint32_t first, uint32_t count, const uint32_t *colours);
