/* Semaphores: a count of what there is. Any thread may call these; only waiting, and waking somebody, make a system call. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/status.h>
#include <abi/types.h>

/* { .count = N } is a semaphore with N to take. */
struct semaphore {
    uint32_t count;
    uint32_t waiting; /* threads */
};

/* Takes one; blocks while there is none. */
void semaphore_take(struct semaphore *semaphore);

/* The same until deadline_ns (since boot). Statuses: TIMED_OUT. */
[[nodiscard]] status_t semaphore_take_before(struct semaphore *semaphore, nanoseconds_t deadline_ns);

/* Takes one if there is one. Does not block. */
[[nodiscard]] bool semaphore_try(struct semaphore *semaphore);

/* Gives one, and wakes a thread that waits for it. Does not block. */
void semaphore_give(struct semaphore *semaphore);
