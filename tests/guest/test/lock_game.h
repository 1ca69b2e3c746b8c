/* What the players of address_locks.c have in common, in one page of shared memory. */
#pragma once

#include <stdint.h>

/* U. Drepper, "Futexes are tricky" (2011), the second mutex: 0 free, 1 taken, 2 taken and perhaps waited for. */
struct mutex {
    uint32_t state;
};

/* Lies in memory that all who play have. */
struct game {
    struct mutex mutex;
    uint32_t counter;            /* protected by the mutex, and written in two halves */
    uint32_t shadow;
    uint32_t sleeps;             /* how often somebody waited */
    uint32_t turn;               /* of ping-pong: whose it is */
    uint32_t done;               /* players that have finished */
};
