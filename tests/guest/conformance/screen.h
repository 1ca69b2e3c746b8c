/* Displays as the checks of their type use them: requests of the protocol, and what is drawn. One display at a time. */
#pragma once

#include <ternion/display.h>

#include "check.h"

#define TAKE_NS (10 * SECOND)        /* a mode set by a BIOS in an emulator takes a second at most */
#define LOOK_AGAIN_NS (2 * MILLISECOND)

/* Number of a client that finds the display taken: for client_use. */
#define REFUSED 101U

/* Number of a client that leaves a picture wherever it can. */
#define PAINTER 102U

/* ---- Requests ---- */

struct display_information screen_information(struct device *device);

/* Modes from an index on, as one request gives them; they stay until the next request. */
const struct display_mode *screen_modes_from(struct device *device, uint32_t first, uint32_t *count_out);

/* What screen_read_modes has read: all of them. */
extern struct display_mode modes[DISPLAY_MODES_MAX];
extern uint32_t mode_count;
void screen_read_modes(struct device *device);

/* The smallest of those whose flags are these, of those in the mask. NULL: there is none. */
const struct display_mode *screen_mode_with(uint32_t mask, uint32_t flags);

/* The one with most memory. */
const struct display_mode *screen_largest_mode(void);

status_t screen_set(struct device *device, uint32_t mode, uint32_t flags, struct display_call_set_reply *reply_out);
status_t screen_flush(struct device *device, uint32_t x, uint32_t y, uint32_t width, uint32_t height);
status_t screen_show(struct device *device, uint32_t line, uint32_t wait);
status_t screen_set_colours(struct device *device, uint32_t first, uint32_t count, uint32_t bytes);
status_t screen_release(struct device *device);

/* ---- Pixels ---- */

/* What the driver said of the mode that is set, and the pages that are mapped. */
extern struct display_call_set_reply current;
extern uint32_t pixel_pages;

void screen_map(void);
void screen_unmap(void);

/* Sets a mode and maps it; and the reverse. */
void screen_take(struct device *device, const struct display_mode *mode);
void screen_give_back(struct device *device);

/* The same, but BIOSes list modes that their adapters cannot do. False: it is one of those, and nothing is set. */
bool screen_try(struct device *device, const struct display_mode *mode);

void screen_draw(uint32_t width, uint32_t height);

/* Is it what screen_draw has drawn? */
bool screen_is_drawn(uint32_t width, uint32_t height);
bool screen_is_black(void);

/* Is all that is mapped zero, to the end of the last page? */
bool screen_is_empty(void);

/* ---- Clients ---- */

/* What clients do, by their number. */
void screen_use(struct device *device, uint32_t client, uint32_t turn);

/* Starts a client that has the display when this comes back. */
process_id_t screen_start_holder(struct device *device);
