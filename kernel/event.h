/*
 * The queue of events of a process. Whatever can cause an event holds an
 * event_source, made when the event was asked for: so posting one never
 * allocates, never fails, and nothing is lost. A source is queued at most once;
 * what happens meanwhile is counted by its owner.
 *
 * Threads wait in two ways: in event_wait, with a deadline and a place for the event in memory (waiters), and in
 * message_reply_wait_words, where a call can switch to them directly (receivers).
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/event.h>
#include <abi/status.h>

#include <stdbool.h>

#include "list.h"

struct process;
struct thread;
struct event_queue;
struct event_source;

struct event_source_type {
    bool is_small;               /* kind, id and count are all of it: it fits the registers of message_reply_wait_words */
    /* Describes the event. Must not change anything: it may be called again. */
    void (*describe)(const struct event_source *source, struct event *event_out);
    /* The process has it. The source is in no queue and may post itself again, or go. */
    void (*delivered)(struct event_source *source);
};

struct event_source {
    struct list node;            /* in queue->sources */
    struct event_queue *queue;   /* NULL: in none */
    const struct event_source_type *type;
};

struct event_queue {
    uint32_t count;              /* of sources; read by direct_switch.asm */
    struct thread *receivers;    /* BLOCKED_RECEIVING, the last one first; popped and pushed by direct_switch.asm */
    struct list sources;         /* first come, first served */
    struct list waiters;         /* threads in event_wait, through thread.queue_node */
};

void event_queue_initialise(struct event_queue *queue);
void event_source_initialise(struct event_source *source, const struct event_source_type *type);

/* Queues the event, if it is not queued already, and wakes a waiting thread. */
void event_post(struct event_queue *queue, struct event_source *source);

/* Takes a source out of its queue, if it is in one. */
void event_withdraw(struct event_source *source);

/* Wakes a waiting thread if an event is queued: after one that was woken for it will not take it, or one that waits can again. */
void event_pass_on(struct event_queue *queue);

/* The thread receives no more: it ends, or sleeps, in which case it waits for events as a waiter does. */
void event_receiver_withdraw(struct thread *thread, bool goes_on_waiting);

/* The running thread waits for the next event: written where message_reply_wait_words says. A status, or it blocks. */
[[nodiscard]] status_t event_receive(void);

/* The next event of the running thread's process goes to `event_out`; else it waits. As event_wait. */
[[nodiscard]] status_t event_wait_for(struct event USER *event_out, nanoseconds_t deadline_ns);
