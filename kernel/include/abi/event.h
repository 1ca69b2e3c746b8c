/* Events: the one thing that a process waits for. A message is an event. */
#pragma once

#include <abi/message.h>

enum event_kind {
    EVENT_NONE,
    EVENT_MESSAGE,        /* id: message, sender, sender_class, words, string */
    EVENT_IRQ,            /* id: line; count: interrupts since the last event */
    EVENT_PROCESS_EXITED, /* id: the process that was watched; count: its exit code, see process.h */
    EVENT_SAVE_STATE,     /* deadline_ns: when the machine goes down */
    EVENT_TIMER,          /* id: the timer; count: how often it was due since the last event */
    EVENT_PIPE_RELEASED,  /* id: a pipe that another member has left; count: members left */
    EVENT_PIPE_READY,     /* id: a pipe, as pipe_notify asked; count: PIPE_READABLE and PIPE_WRITABLE, as it is by now, asked for or not */
    EVENT_SHARED_RELEASED,/* id: shared memory that another member has left; count: members left */
    EVENT_DEVICES,        /* id: what device_watch gave; count: changes since the last event: look again */
    EVENT_TRACE,          /* trace_read has something to give */
    EVENT_PROCESS_FROZEN, /* id: a process that made a mistake and waits for debug_release; count: its exit code */
    EVENT_KIND_COUNT,
};

/* message_reply_wait_words gives an event of the kernel's in registers: EBX is its kind times this (a call's ID is odd), ESI id, EDI count. */
#define EVENT_IN_REGISTERS 2U

#define EVENT_WANTS_REPLY 1U /* flags: the sender of this message waits for message_reply */

struct event {
    uint32_t kind;
    uint32_t flags;
    uint32_t id;
    process_id_t sender;       /* KERNEL_PROCESS: the kernel says it */
    process_class_t sender_class;
    uint32_t count;
    nanoseconds_t deadline_ns;
    uint32_t words[MESSAGE_WORDS];
    uint32_t page_count;       /* of a call that carries pages: message_take_pages gets them */
    uint32_t string_size;      /* bytes of the whole string; over MESSAGE_INLINE_MAX: message_receive gets it */
    uint8_t string[MESSAGE_INLINE_MAX]; /* written as far as the string goes, to a whole word */
};
