/* Sleeping until an address is woken: see address_wait in syscall.def. */
#pragma once

/* Before the first process. */
void address_wait_initialise(void);

struct thread;

/* A thread ends: it waits no more. */
void address_wait_thread_ends(struct thread *thread);
