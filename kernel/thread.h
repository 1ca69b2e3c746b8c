/*
 * Threads. The kernel has one stack and no thread has one of its own in it: a
 * thread that does not run is its registers, and, if it sleeps in a system
 * call, a continuation: a function that goes on with the call when the thread runs
 * next, with its address space active.
 *
 * A thread can run if nothing blocks it (a system call), it was not put to sleep
 * (thread_sleep) and neither was its process. Called with interrupts off.
 */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

#include <stdbool.h>

#include "deadline.h"
#include "i386/registers.h"
#include "id_table.h"
#include "list.h"

struct event;
struct fpu_state;
struct process;
struct queued_message;
struct reply;
struct thread;

/* Ends a system call that slept: its status, or it blocks the thread again. */
typedef status_t continuation_t(struct thread *thread);

struct thread {
    struct list queue_node;      /* in the ready queue, or in the queue of what it waits for */
    struct list process_node;    /* in process.threads */
    struct process *process;     /* constant */
    thread_id_t id;              /* constant */

    bool blocked;                /* in a system call that sleeps */
    bool asleep;                 /* by thread_sleep */
    bool wake_pending;           /* by thread_wake while it was awake */
    bool queued;                 /* in the ready queue, at `level` */
    bool deadline_passed;
    uint32_t level;              /* of the ready queue; see ready_queue.h */
    uint32_t slice;              /* ticks left before others of the level have their turn */
    uint32_t burned;             /* ticks run, less what sleeping paid back; see scheduler.c */
    uint64_t blocked_at;         /* tick */

    continuation_t *continuation;
    struct deadline deadline;
    struct event USER *wait_event;       /* of event_wait */
    struct queued_message *call;         /* of message_call: the message that waits for its reply */
    struct reply USER *call_reply;
    status_t call_status;

    uint32_t pointer;            /* thread_set_pointer */
    struct fpu_state *fpu;       /* NULL until it uses the FPU */

    struct registers registers;  /* last: tss.esp0 points to its end */
};

/* Who runs. NULL while nobody does. */
extern struct thread *thread_current;

extern struct id_table thread_table;

/*
 * A thread that begins at `entry` with the stack pointer `stack`, `argument` in EAX and zeroes elsewhere;
 * it is ready at once. OK, NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t thread_create(struct process *process, uint32_t entry, uint32_t stack, uint32_t argument, struct thread **thread_out);

/* Ends a thread and frees it, whatever it does. The last one does not end its process. */
void thread_end(struct thread *thread);

/* The running thread sleeps in its system call until thread_unblock; then `continuation` goes on. */
void thread_block(struct thread *thread, continuation_t *continuation);
void thread_unblock(struct thread *thread);

/*
 * The deadline of the call in which the thread is about to sleep. False if it is past. It is forgotten
 * when the call ends.
 */
[[nodiscard]] bool thread_set_deadline(struct thread *thread, nanoseconds_t deadline_ns);

static inline bool thread_deadline_passed(const struct thread *thread)
{
    return thread->deadline_passed;
}

/* Can it run? */
bool thread_is_runnable(const struct thread *thread);

/* Puts it into the ready queue or takes it out, after something that thread_is_runnable asks has changed. */
void thread_requeue(struct thread *thread);
