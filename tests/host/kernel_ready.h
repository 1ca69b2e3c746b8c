/* In place of the scheduler: any thread that can run may run next, as the test likes. */
#pragma once

#include <abi/status.h>

#include <stdbool.h>

struct thread;

/* Is it ready: in the queue, or running already? */
bool ready_has(const struct thread *thread);

/*
 * The thread runs, and whoever ran does not. If it slept in a system call, that goes on: true, with its
 * status if it has come to its end.
 */
bool ready_switch_to(struct thread *thread, status_t *status_out);

/* The kernel is left: a thread that ended is freed. After each system call. */
void ready_leave_kernel(void);
