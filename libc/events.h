/*
 * The events of the process, as far as the C library takes them: waitpid and poll wait for events, and any thread may be
 * in them. One thread at a time sleeps in event_wait and gives each event to whom it concerns; the others wait for it.
 * Events that are nobody's go to the program's handler (ternion/libc.h).
 */
#pragma once

#include <stdbool.h>

#include <abi/event.h>
#include <abi/types.h>

/* How many events were handed out so far: look at what you wait for after asking, and before event_pump. */
uint32_t event_pump_count(void);

/* As if an event had been handed out: who waits looks again. */
void event_pump_wake(void);

/* Shows events to this function, too; true: it was one for who waits. There is one such. */
void events_also_for(bool (*take)(const struct event *event));

/*
 * Sleeps until an event was handed out since event_pump_count gave `seen`, or until deadline_ns (since boot). Look at what you wait
 * for again: the event may have been another's.
 */
void event_pump(uint32_t seen, nanoseconds_t deadline_ns);
