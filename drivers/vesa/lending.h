/* The text screen's driver shares the adapter with this one: it lends it while a mode is set. Main thread. */
#pragma once

#include <stdbool.h>

void lending_open(void);

/*
 * The adapter is about to be touched; the screen is text again. Without a driver of text nothing is done. False: another driver has the adapter, and
 * this one must leave it alone.
 */
[[nodiscard]] bool lending_begin(void);
void lending_end(void);

/* Behind lending_begin: nobody has had the adapter since this driver gave it back. */
bool lending_is_as_left(void);

/* EVENT_DEVICES: the driver of text may be another, which does not know that it has lent anything. False: it has lent the adapter to another driver. */
[[nodiscard]] bool lending_look_again(void);
