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

#include <abi/message.h>
#include <abi/status.h>
#include <abi/system.h>
#include <abi/types.h>

#include <stdbool.h>

#include "arena.h"
#include "clock.h"
#include "deadline.h"
#include "event.h"
#include "i386/registers.h"
#include "list.h"
#include "scheduler.h"
#include "syscall.h"

struct fpu_state;
struct pipe;
struct process;
struct reply;
struct thread;
struct vm86_state;

/* Ends a system call that slept: its status, or it blocks the thread again. */
typedef status_t continuation_t(struct thread *thread);

/* What a thread sleeps in. */
enum blocked {
    BLOCKED_NOT,
    BLOCKED_CONTINUATION,        /* whoever wakes it knows; thread.continuation goes on */
    BLOCKED_CALLING,             /* its call waits for an answer to *call.reply; see call.h */
    BLOCKED_CALLING_WORDS,       /* its call waits for an answer in registers */
    BLOCKED_CALLING_DIRECT,      /* the same, and it entered by SYSENTER: the answer can switch to it directly */
    BLOCKED_RECEIVING,           /* in its process's receivers: a call can switch to it directly; see call.h */
};

/* A call that waits: the thread itself is the message, nothing is allocated. */
struct call {
    struct event_source source;  /* in the callee's event queue until it is taken */
    uint32_t words[MESSAGE_WORDS];
    uint32_t string;             /* address in the caller's memory, if it is longer than MESSAGE_INLINE_MAX */
    uint32_t string_size;
    uint32_t pages;              /* address of the first page that is given or shared */
    uint32_t page_count;
    uint32_t page_flags;
    uint32_t reply;              /* address of the caller's struct reply, unless the answer comes in registers */
    uint32_t reply_buffer;       /* what it said when the call began */
    uint32_t reply_buffer_size;
    uint8_t inline_string[MESSAGE_INLINE_MAX];
};

/* What a thread reads from a pipe or writes to it: see pipe.c. */
struct transfer {
    struct pipe *pipe;           /* NULL: none */
    const struct member *member; /* of the pipe: the thread's process */
    uint32_t address;            /* of the bytes in its process's memory */
    uint32_t size;
    uint32_t moved;              /* bytes so far */
    uint32_t flags;
    bool writes;
};

/* Who put a thread to sleep. */
#define ASLEEP_ITSELF 1U         /* thread_sleep */
#define ASLEEP_WITH_PROCESS 2U   /* process_sleep */
#define ASLEEP_FROZEN 4U         /* see debug.h */

struct thread {
    thread_id_t id;              /* constant; first, for the arena */

    /* What direct_switch.asm reads and writes. */
    uint32_t blocked;            /* enum blocked */
    uint32_t call_id;            /* of its latest call: see call.h */
    uint32_t callee;             /* BLOCKED_CALLING…: address of the process that has to answer, and CALLEE_NOT_DIRECT */
    message_id_t serves;         /* the call that it took last */
    struct thread *next_receiver;/* BLOCKED_RECEIVING */
    uint32_t blocked_at;         /* tick, the low 32 bits; 0: its sleep is accounted for */
    uint32_t stronger;           /* bits of the levels that run before it; see ready_queue.h */
    physical_t directory;        /* of its address space */
    uint32_t io_map_base;        /* for the task state: which ports it may touch */
    uint32_t barred;             /* whom it may not call directly; see access.h */
    syscall_function_t *const *calls;   /* the table of its class */
    struct process *process;     /* constant */
    struct thread_slot *slot;    /* in its process page, kernel's view */
    uint32_t slot_address;       /* the same, as the process sees it */
    uint32_t *self_address;      /* process_page.self, kernel's view */

    process_id_t sender;         /* of its process, for whom it calls */
    process_class_t sender_class;
    uint32_t asleep;             /* ASLEEP_… bits */

    struct list queue_node;      /* in the ready queue, or in the queue of what it waits for */
    struct list process_node;    /* in process.threads */
    bool wake_pending;           /* by thread_wake while it was awake */
    bool queued;                 /* in the ready queue, at `level` */
    bool deadline_passed;
    uint32_t level;              /* of the ready queue; see ready_queue.h */
    uint32_t slice;              /* ticks left before others of the level have their turn */
    uint32_t burned;             /* ticks run, less what sleeping paid back; see scheduler.c */
    message_id_t donation;       /* the call on whose time it ran at the last tick */

    continuation_t *continuation;
    struct deadline deadline;
    struct event USER *wait_event;       /* of event_wait */
    physical_t waits_at;                 /* of address_wait, and until it runs again; 0: it does not wait */
    struct call call;                    /* BLOCKED_CALLING… */
    struct transfer transfer;

    uint32_t traced_call;        /* its system call that was traced last, and how that goes on: see trace.c */
    continuation_t *traced_continuation;
    struct fpu_state *fpu;       /* NULL until it uses the FPU */

    struct vm86_state *vm86;     /* kernel's view, its frame is held; NULL: none. See i386/vm86.c */

    uint32_t below_registers[4]; /* what enters VM86 mode past the kernel arrives so much lower */
    struct registers registers;  /* last: tss.esp0 points to its end. In VM86 mode there is EFLAGS.VM in it, and the registers are in *vm86 */
};

/* Who runs. NULL while nobody does. Written by direct_switch.asm too. */
extern struct thread *thread_current;

extern struct arena thread_arena;

/*
 * A thread that begins at `entry` with the stack pointer `stack`, `argument` in EAX and zeroes elsewhere;
 * it is ready at once. OK, NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t thread_create(struct process *process, uint32_t entry, uint32_t stack, uint32_t argument, struct thread **thread_out);

/* Ends a thread and frees it, whatever it does. The last one does not end its process. */
void thread_end(struct thread *thread);

/* The running thread sleeps in this way; whoever ends that writes its registers. */
static inline void thread_block_as(struct thread *thread, enum blocked blocked)
{
    thread->blocked = blocked;
    thread->blocked_at = (uint32_t)clock_tick_count;
    scheduler_request();
}

/* The running thread sleeps in its system call until thread_unblock; then `continuation` goes on. */
static inline void thread_block(struct thread *thread, continuation_t *continuation)
{
    thread->continuation = continuation;
    thread_block_as(thread, BLOCKED_CONTINUATION);
}

/* What blocked a thread does so no more. */
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

/* Was it put to sleep, itself or with its process? */
static inline bool thread_is_asleep(const struct thread *thread)
{
    return thread->asleep != 0;
}

/* Can it run? */
static inline bool thread_is_runnable(const struct thread *thread)
{
    return thread->blocked == BLOCKED_NOT && !thread_is_asleep(thread);
}

/* It does not run until it is woken; `why`: ASLEEP_…. */
void thread_put_to_sleep(struct thread *thread, uint32_t why);

/* Puts it into the ready queue or takes it out, after something that thread_is_runnable asks has changed. */
void thread_requeue(struct thread *thread);

/* Takes over what its process is: class, ports, system calls, whom it may call. */
void thread_rights_changed(struct thread *thread);
