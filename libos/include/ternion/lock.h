/*
 * Mutual exclusion between the threads of one process, for a few instructions at a
 * time: who holds a lock must not sleep. Waiting threads let the others run, so all must be of one
 * class, which the threads of a process are.
 */
#pragma once

#include <stdbool.h>

/* All zeroes is a free lock. */
struct lock {
    bool held;
};

void lock_acquire(struct lock *lock);
void lock_release(struct lock *lock);
