/*
 * Things that are due at a clock tick: a wheel of 256 lists, one per tick. Adding
 * and removing is O(1); a tick looks at one list.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <stdint.h>

#include "list.h"

#define DEADLINE_SLOTS 256U

struct deadline {
    struct list node;
    uint64_t tick;
    void (*expired)(struct deadline *deadline);  /* what happens then; it is in no wheel by then */
};

struct deadline_wheel {
    struct list slots[DEADLINE_SLOTS];
    struct list due;             /* of the tick that was looked at last */
    uint64_t looked_at;
};

void deadlines_initialise(struct deadline_wheel *wheel);

static inline void deadline_initialise(struct deadline *deadline, void (*expired)(struct deadline *deadline))
{
    list_initialise(&deadline->node);
    deadline->expired = expired;
}

/* Makes a deadline known. It must be in no wheel, its node initialised, its tick after the last one expired. */
void deadline_add(struct deadline_wheel *wheel, struct deadline *deadline, uint64_t tick);

/* Forgets a deadline; one that is in no wheel is fine. */
void deadline_cancel(struct deadline *deadline);

/* Takes out one deadline that is due at this tick, or returns NULL. Called until NULL for every tick in turn. */
struct deadline *deadline_expire(struct deadline_wheel *wheel, uint64_t tick);
