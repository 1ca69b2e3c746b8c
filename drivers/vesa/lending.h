/* The text screen's driver shares the adapter with this one: it lends it while a mode is set. Main thread. */
#pragma once

#include <stdbool.h>

void lending_open(void);

/* A mode is about to be set; the screen is text again. Without a driver of text nothing is done. */
void lending_begin(void);
void lending_end(void);

/* EVENT_DEVICES: the driver of text may be another, which does not know that it has lent anything. */
void lending_look_again(void);
