/*
 * The real scheduler under a clock that ticks when told. A thread "runs" while it is thread_current.
 * After each step the strongest thread that can run must run.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>

#include "kernel_machine.h"
#include "process.h"
#include "ready_queue.h"
#include "scheduler.h"
#include "thread.h"

#define THREADS_MAX 24U

extern struct thread *threads[THREADS_MAX];  /* 0 is `idle` */
extern uint32_t ran[THREADS_MAX];            /* ticks of each */
extern uint32_t thread_count;

/* Runs when nobody else can: so the scheduler never has to halt the processor that the test runs on. */
extern struct thread *idle;

/* Once per test. */
void begin(void);

/* A process with one thread; the thread is among `threads`. */
struct thread *thread_new(process_class_t class);

uint32_t index_of(const struct thread *thread);

/* May the thread that runs touch the ports? */
bool ports_are_open(void);

/* The way out of the kernel, as entry.asm goes it. Behind whatever a test does in it. */
void leave(void);

/* The clock ticks; the kernel is left. */
void tick(void);
void ticks(uint32_t count);

/* The running thread sleeps; a thread that sleeps so wakes, any other stays as it is. */
void block_current(void);
void wake(struct thread *thread);
