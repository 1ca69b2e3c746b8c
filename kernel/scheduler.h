/*
 * Who runs next: a thread of the strongest class that has one ready; threads of
 * one class in turn.
 *
 * A thread that runs too much without sleeping goes behind the applications until it has slept
 * enough. And whatever starves although it is ready has a tick in each TURN_EVERY: so neither one driver or server
 * nor many together can take the machine. Called with interrupts off.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>
#include <stdint.h>

struct process;
struct ready_queue;
struct thread;

/* Ticks that a driver's or server's thread may run without sleeping. */
#define BUDGET_TICKS 500U
/* A tick of sleep pays back this many: so what is left to others is at least one part in 17. */
#define SLEEP_PAYS_BACK 16U
/* A level that starves has one tick in this many. */
#define TURN_EVERY 10U
/* Ticks that a thread runs before others of its class have their turn. */
#define SLICE_TICKS 10U

/* Not 0: the running thread should be chosen anew on the way out of the kernel. Read by entry.asm. */
extern uint32_t reschedule_needed;

/* Who could run, and whose memory the processor uses. Read, and the latter written, by entry.asm. */
extern struct ready_queue ready_queue;
extern physical_t active_directory;

void scheduler_initialise(void);

/* A thread's level and slice before it is first ready. */
void scheduler_new_thread(struct thread *thread);

/* Into the ready queue and out of it: for thread.c. */
void scheduler_add(struct thread *thread);
void scheduler_remove(struct thread *thread);

/* A thread has slept: its budget is better. */
void scheduler_woken(struct thread *thread);

/* The same, and it is ready if nothing else keeps it. */
void scheduler_wake(struct thread *thread);

/* The class of the thread's process has changed. */
void scheduler_class_changed(struct thread *thread);

/* The memory of a process is about to go. */
void scheduler_process_ended(const struct process *process);

/* The running thread has ended: it is freed when the kernel, which was entered onto its registers, is left. */
void scheduler_free_later(struct thread *thread);

/* Another thread may have to run. */
static inline void scheduler_request(void)
{
    reschedule_needed = 1;
}

/* The clock has ticked. */
void scheduler_tick(void);

/* Leaves the kernel to the thread that should run. */
[[gnu::noreturn]] void scheduler_leave(void);

uint32_t scheduler_switches(void);

/* The level that has this tick although stronger ones are ready; LEVELS: none, the strongest runs. */
uint32_t scheduler_turn(void);
