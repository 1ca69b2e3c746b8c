/*
 * Calls that are started now and answered later. A protocol's functions NAME_start begin them (protocol.h);
 * request, reply and payload are the caller's, and must stay untouched until the call is done.
 *
 *     static struct async_call call = { .flags = ASYNC_EVENT };
 *
 *     MUST(calculator_add_start(&call, server, &request, &reply));
 *     …
 *     MUST(async_wait(&call, FOREVER));                    -- here, or
 *
 *     while ((done = async_take(&event)) != NULL) {        -- in the event loop, behind an EVENT_MESSAGE
 *         … done == &call, done->status, reply …
 *     }
 *
 * However it ends, it is done: with PEER_DIED too. Calls are made by threads of libos, started when they are needed, at
 * most as many as async_threads says; more calls than that wait for their turn, first come, first served. They are charged to the
 * process's threads. Any thread may call these functions.
 */
#pragma once

#include <stdbool.h>

#include <abi/event.h>
#include <abi/status.h>

#define ASYNC_EVENT 1U           /* flags: an event tells when it is done; async_take must take it then */

struct operation_shape;
struct payload;

/* All zeroes, or what was left of a call that is done, is a fresh one. */
struct async_call {
    uint32_t flags;              /* ASYNC_EVENT or 0 */
    void *context;               /* for the caller's own use */
    status_t status;             /* what the call would have returned; has a meaning once it is done */
    /* The rest is libos' own. */
    uint32_t state;
    thread_id_t thread;
    struct async_call *next;
    process_id_t server;
    const struct operation_shape *shape;
    const void *request;
    void *reply;
    struct payload *payload;
};

/* How many calls can be on their way at once: 16, if a program says nothing else. Threads that are there stay. */
extern uint32_t async_threads;

/* Begins a call; see protocol.h. Does not block. Statuses: BUSY (it is on its way), NO_MEMORY, OVER_QUOTA (there is no thread for it). */
[[nodiscard]] status_t async_start(struct async_call *call, process_id_t server, const struct operation_shape *shape,
                                   const void *request, void *reply, struct payload *payload);

/* Whether it is on its way: started, and neither taken nor waited for nor cancelled. Does not block. */
bool async_is_pending(const struct async_call *call);

/* Waits until it is done: call->status is how. Blocks until deadline_ns (since boot). Statuses: TIMED_OUT; NOTHING: it was not started. */
[[nodiscard]] status_t async_wait(struct async_call *call, nanoseconds_t deadline_ns);

/*
 * The next call with ASYNC_EVENT that is done, or NULL. Call it again until then: one event may stand for several calls,
 * and, after waiting or cancelling, for none. NULL also for events that say nothing of calls. Does not block.
 */
struct async_call *async_take(const struct event *event);

/* Whether an event says that calls are done. Nobody else needs to look at it, or to answer it. */
bool async_rings(const struct event *event);

/*
 * Ends a call early; request, reply and payload are free again. The server may or may not have done what it was asked for; it
 * is not told. Does not block. Statuses: OK; EXISTS: it was done already, and call->status and the reply hold; NOTHING: it was not started.
 */
status_t async_cancel(struct async_call *call);
