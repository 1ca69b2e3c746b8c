/*
 * Mutual exclusion between the threads of one process. Who waits sleeps, and a holder may sleep too. A lock that
 * nobody else wants is taken and released without a system call. It is not recursive.
 *
 * Threads may be ended by others (thread_terminate): one that holds a lock then holds it for ever.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/status.h>
#include <abi/types.h>

/* All zeroes is a free lock. */
struct lock {
    uint32_t state; /* of enum lock_state */
};

/* Blocks until the lock is the caller's. */
void lock_acquire(struct lock *lock);

/* Takes the lock if it is free. Does not block. */
[[nodiscard]] bool lock_try(struct lock *lock);

/* Blocks until the lock is the caller's, or until deadline_ns (since boot). Statuses: TIMED_OUT. */
[[nodiscard]] status_t lock_acquire_before(struct lock *lock, nanoseconds_t deadline_ns);

/* The holder gives it back. */
void lock_release(struct lock *lock);

/* For a holder that has ended a thread which may have waited for this lock: nobody else misses its turn by that. */
void lock_pass_on(struct lock *lock);
