/*
 * The vertical retrace: the adapter is about to begin with another picture, and looks where that begins. It is over in a tenth of a millisecond, comes
 * after some seventeen, and few adapters interrupt for it. So its period is measured, once in a mode, and the adapter is watched only around the time
 * when one is due. Main thread.
 */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

/* Another mode is set: nothing is known of it, and nobody waits. */
void retrace_forget(void);

/*
 * Begins to wait for the beginning of the next retrace. False: there is nothing to wait for: it has begun in this call, which measures then, for 50 ms
 * at most; or this screen has none.
 */
[[nodiscard]] bool retrace_await(void);

/* When retrace_look must be called; FOREVER: nobody waits. */
nanoseconds_t retrace_look_time(void);

/* Comes back when the retrace has begun, after 4 ms at most: in any case nobody waits any more. */
void retrace_look(void);
