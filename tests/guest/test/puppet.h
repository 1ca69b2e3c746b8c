/*
 * Another process that does what it is told, one order after the other, and says what came of it: so a test reads from
 * top to bottom although several processes play in it. Events that come to a puppet are counted.
 */
#pragma once

#include <abi/event.h>
#include <abi/process.h>
#include <abi/shared.h>
#include <abi/status.h>

enum puppet_operation {
    PUPPET_OUTCOME,              /* waits until what was begun is done: its outcome */
    PUPPET_EXIT,                 /* size: the code */
    PUPPET_FAULT,                /* it touches what it may not */
    PUPPET_EVENTS,               /* of a kind (flags) since it was last asked: value: how many; second: count of the last one */

    PUPPET_PIPE_JOIN,            /* id, key */
    PUPPET_PIPE_LEAVE,           /* id */
    PUPPET_PIPE_READ,            /* id, size, flags; value: moved. They must be the stream's bytes (stream.h) from `position` on */
    PUPPET_PIPE_WRITE,           /* the same, of the stream */
    PUPPET_PIPE_NOTIFY,          /* id, flags */
    PUPPET_PIPE_STATE,           /* id; value: bytes, second: members */

    PUPPET_SHARED_JOIN,          /* id, key, flags; value: address, second: pages */
    PUPPET_SHARED_LEAVE,         /* id */
    PUPPET_PEEK,                 /* address; value: what is there */
    PUPPET_POKE,                 /* address, size: what to write there */
    PUPPET_FREE,                 /* memory_free: address, size: pages */
    PUPPET_PROTECT,              /* memory_protect: address, size: pages, flags */
    PUPPET_HAND,                 /* calls process `id` with pages: address, size: pages, flags: PAGES_… */
    PUPPET_TAKEN,                /* value: address of the pages that a call has brought last; second: how many */

    PUPPET_ADDRESS_WAIT,         /* address, size: what is expected, deadline_ns */
    PUPPET_ADDRESS_WAKE,         /* address, size: how many at most; value: woken */

    PUPPET_TIMER_SET,            /* id: far in the future */
    PUPPET_TIMER_END,            /* id */
};

struct order {
    uint32_t operation;
    uint32_t id;
    object_key_t key;
    uint32_t address;
    uint32_t size;
    uint32_t flags;
    uint32_t position;
    nanoseconds_t deadline_ns;
};
_Static_assert(sizeof(struct order) <= MESSAGE_INLINE_MAX, "an order comes with its event");

struct outcome {
    status_t status;
    uint32_t value;
    uint32_t second;
};

/* A puppet of the test. Its end is an event, which puppet_end takes. */
process_id_t puppet_start(process_class_t class);

/* One that may not use more than this; 0: as the test itself. */
process_id_t puppet_start_limited(process_class_t class, struct grant limits);

/* It does what it is told; the caller waits for it. */
struct outcome puppet_do(process_id_t puppet, struct order order);

/* The same, and its status must be the expected one. The value. */
uint32_t puppet_expect(process_id_t puppet, status_t expected, struct order order);

/* It does it alone; puppet_outcome waits for the end of that. */
void puppet_begin(process_id_t puppet, struct order order);
struct outcome puppet_outcome(process_id_t puppet);

/* Events of a kind that came to it, and the count of the last one must be these. */
void puppet_expect_events(process_id_t puppet, uint32_t kind, uint32_t number, uint32_t last_count);

/* It exits; no event may come from that but those that the caller takes. */
void puppet_exit(process_id_t puppet, uint32_t code);

/* The same for one that is a member of nothing any more: takes the news of its end. */
void puppet_end(process_id_t puppet);

/* The next event must be this one. */
void event_expect(uint32_t kind, uint32_t id, uint32_t count);

/* And there must be none. */
void event_expect_none(void);
