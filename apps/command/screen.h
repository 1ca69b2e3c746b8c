/*
 * A terminal as a whole screen, for programs that are shown page by page: keys as they are pressed, and its size. It is that of the session
 * (/dev/tty), wherever standard input and output lead.
 */
#pragma once

#include <stdbool.h>

#define KEY_NONE (-1)                /* in time there was none */
#define KEY_END (-2)                 /* there is no terminal any more */
#define KEY_INTERRUPT 3              /* Ctrl+C */

struct screen_size {
    int rows, columns;
};

/* Keys come one by one from now on, until screen_end or the end of the program. False: there is no terminal. */
bool screen_begin(void);
void screen_end(void);

struct screen_size screen_size(void);

/* The next byte that is typed; milliseconds: how long it waits for it, -1 for ever. */
int screen_key(int milliseconds);
