/*
 * Random system calls of a running thread, on the kernel and on the model, which says what must come of them.
 * Pointers, IDs and sizes are mostly good, and bad in all ways.
 */
#pragma once

#include "direct_switch.h"
#include "ipc_model.h"

typedef void call_t(struct model_thread *self);

call_t call_event_poll, call_event_wait, call_message_send, call_message_receive, call_message_discard;
call_t call_message_call, call_message_reply, call_message_reply_wait, call_message_take_pages, call_pages_make;
call_t call_message_call_words, call_message_reply_wait_words;
call_t call_process_watch, call_process_unwatch, call_irq_listen, call_irq_acknowledge, call_irq_ignore;
call_t call_thread_create, call_thread_exit, call_thread_terminate, call_thread_sleep, call_thread_wake, call_thread_delay;
call_t call_spawn, call_process_exit, call_process_terminate, call_process_sleep, call_process_wake, call_process_downgrade;

/* A process that the kernel starts, with a thread. */
void start_process(process_class_t class, const char *name);

/* The thread goes on after it slept in a call, which has come to its end with this status or sleeps again. */
void call_continues(struct model_thread *self, status_t status);
void receive_continues(struct model_thread *self);

/* The thread runs again behind a call that ended while it slept: its registers tell. */
void call_has_ended(struct model_thread *self);
void receive_has_ended(struct model_thread *self);

/* An ID to try: mostly of somebody living; or of somebody dead, SELF, or nobody's. */
process_id_t some_process_id(void);
thread_id_t some_thread_id(void);

/* The ID of a message or a call: mostly one that this process has taken. */
message_id_t some_message_id(const struct model_thread *self);

/* The address itself, or seldom one that leads to `size` bytes that are not all the process's. */
void *some_pointer(const struct model_thread *self, void *good, uint32_t size);

/* FOREVER, past, or soon; and: is it past? */
nanoseconds_t some_deadline(bool *is_past_out);

/* The size of a string, with bytes to come. */
struct model_string some_string(void);

/* A message in the memory of the caller's process. */
struct sent {
    const struct message *pointer;
    const void *string_at;
    struct model_string string;
    struct model_pages pages;
    uint32_t words[MESSAGE_WORDS];
};

/* `with_pages`: perhaps. */
struct sent message_prepare(struct model_thread *self, bool with_pages);

/* What the kernel says to the message as such: OK, BAD_ADDRESS, TOO_BIG, BAD_ARGUMENT. */
status_t message_expect(const struct model_thread *self, const struct sent *sent);

/* Was this event written as it should be? The string goes as far as it goes, to a whole word. */
bool event_is(const struct event *event, const struct event *expected);

/* The thread is about to enter the kernel the usual way. */
void enter_usually(struct model_thread *self);
