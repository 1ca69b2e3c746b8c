/* Tones that are played one after the other, without a gap. Main thread. */
#pragma once

#include <ternion/server.h>
#include <ternion/tone.h>

/*
 * Puts a tone behind the others; it is answered when it has been played.
 * Statuses: NO_MEMORY: too many wait, of this sender or in all; otherwise what a handler returns.
 */
[[nodiscard]] status_t queue_add(const struct server_call *call, const struct tone_call_play *tone);

/* When queue_go_on is to be called, or FOREVER. */
nanoseconds_t queue_deadline(void);

/* A tone may be over: the next one begins. */
void queue_go_on(void);

/* Silence; who waits gets DISCARDED. */
void queue_stop(void);

/* A process has ended: tones that it waited for are not played any more. */
void queue_forget(process_id_t sender);
