/*
 * Condition variables: threads wait until something that a lock protects has become true.
 *
 *     lock_acquire(&lock);                             lock_acquire(&lock);
 *     while (queue_is_empty()) {                       queue_append(item);
 *         condition_wait(&filled, &lock);              condition_signal(&filled);
 *     }                                                lock_release(&lock);
 *     item = queue_take();
 *     lock_release(&lock);
 *
 * A thread may wake without a signal: look again, always. A signal without a thread that waits makes no system call.
 */
#pragma once

#include <ternion/lock.h>

/* All zeroes is a condition for which nobody waits. */
struct condition {
    uint32_t sequence;  /* changes with every signal */
    uint32_t waiting;   /* threads */
};

/* Releases the lock, which the caller holds, sleeps until a signal, and takes the lock again. No signal in between is lost. */
void condition_wait(struct condition *condition, struct lock *lock);

/* The same until deadline_ns (since boot). TIMED_OUT; the lock is the caller's again in any case. */
[[nodiscard]] status_t condition_wait_before(struct condition *condition, struct lock *lock, nanoseconds_t deadline_ns);

/* Wakes one thread that waits, if there is one. The caller may hold the lock or not. Does not block. */
void condition_signal(struct condition *condition);

/* Wakes all threads that wait. */
void condition_broadcast(struct condition *condition);
