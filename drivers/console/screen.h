/*
 * The text screen of a VGA or an older adapter: brings the cells and the cursor of a terminal to it. One thread only.
 *
 * The adapter may be lent: until it is taken back nothing here touches it, and what is to be shown stays in the terminal.
 *
 * The screen begins where the adapter's memory does: what prints when nothing else can any more, the kernel in a panic,
 * writes there. So text is scrolled by writing it anew, but only cells that change are written.
 */
#pragma once

#include "terminal.h"

/* What it can do; a string for the log and for device_describe. */
struct screen_information {
    enum palette palette;
    const char *description;
};

/* Looks for the adapter and sets it up; if that shows graphics it is as lent from the beginning. False: there is none. */
bool screen_open(struct screen_information *information_out);

/* Does the adapter show graphics? */
bool screen_shows_graphics(void);

void screen_lend(void);

/* Sets text mode by registers, whatever the adapter shows; it remains lent. False: it is not known how (text_mode.h), and nothing was done. */
[[nodiscard]] bool screen_set_text_mode(void);

/* Sets the adapter up as at the start, and shows all of the terminal. False: it still shows graphics, and remains lent. */
bool screen_take_back(struct terminal *terminal);

/* Takes over what the adapter shows, as it is after screen_open. */
void screen_take_over(struct terminal *terminal);

/* Takes over again if somebody else has written since screen_show: the kernel does, before a\log is up. */
void screen_resume(struct terminal *terminal);

/* Brings what has changed, and the cursor, to the adapter. */
void screen_show(struct terminal *terminal);
