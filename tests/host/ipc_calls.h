/*
 * Random system calls of a running thread, on the kernel and on the model, which says what must come of them.
 * Pointers, IDs and sizes are mostly good, and bad in all ways.
 */
#pragma once

#include "ipc_model.h"

typedef void call_t(struct model_thread *self);

call_t call_event_poll, call_event_wait, call_message_send, call_message_call, call_message_reply, call_message_receive,
    call_message_discard;
call_t call_process_watch, call_process_unwatch, call_irq_listen, call_irq_acknowledge, call_irq_ignore;
call_t call_thread_create, call_thread_exit, call_thread_terminate, call_thread_sleep, call_thread_wake, call_thread_delay;
call_t call_spawn, call_process_exit, call_process_terminate, call_process_sleep, call_process_wake, call_process_downgrade;

/* A process that the kernel starts, with a thread. */
void start_process(process_class_t class, const char *name);

/* The thread goes on with the call in which it slept. */
void call_continues(struct model_thread *self, status_t status);

/* An ID to try: mostly of somebody living; or of somebody dead, SELF, or nobody's. */
process_id_t some_process_id(void);
thread_id_t some_thread_id(void);

/* The address itself, or seldom one that leads to `size` bytes that are not all the process's; *is_good_out says which. */
void *some_pointer(const struct model_thread *self, void *good, uint32_t size, bool *is_good_out);

/* FOREVER, past, or soon; and: is it past? */
nanoseconds_t some_deadline(bool *is_past_out);
