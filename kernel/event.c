#include "event.h"

#include "call.h"
#include "i386/traps.h"
#include "panic.h"
#include "process.h"
#include "scheduler.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "trace.h"
#include "user_memory.h"

void event_queue_initialise(struct event_queue *queue)
{
    queue->count = 0;
    queue->receivers = NULL;
    list_initialise(&queue->sources);
    list_initialise(&queue->waiters);
}

void event_source_initialise(struct event_source *source, const struct event_source_type *type)
{
    list_initialise(&source->node);
    source->queue = NULL;
    source->type = type;
}

static status_t receive_continue(struct thread *thread);

#define EVENT_FIELDS_SIZE offsetof(struct event, string)

/* A thread that waits and is not put to sleep, out of the queue's lists; or NULL. */
static struct thread *waiter_take(struct event_queue *queue)
{
    LIST_FOR_EACH(node, &queue->waiters) {
        struct thread *thread = LIST_ENTRY(node, struct thread, queue_node);

        if (!thread_is_asleep(thread)) {
            list_remove(node);
            return thread;
        }
    }
    struct thread *thread = queue->receivers;
    if (thread != NULL) {
        queue->receivers = thread->next_receiver;
        thread->continuation = receive_continue;
    }
    return thread;
}

void event_pass_on(struct event_queue *queue)
{
    struct thread *thread = queue->count == 0 ? NULL : waiter_take(queue);

    if (thread != NULL) {
        thread_unblock(thread);
    }
}

/* A small event as message_reply_wait_words gives it, EAX left to the caller. The source is in no queue. */
static inline void event_to_registers(struct event_source *source, struct thread *thread)
{
    struct event event;

    source->type->describe(source, &event);
    thread->registers.ebx = event.kind * EVENT_IN_REGISTERS;
    thread->registers.esi = event.id;
    thread->registers.edi = event.count;
    source->type->delivered(source);
}

/* If a thread waits in message_reply_wait_words, and the event is the only one and small: it has it at once. */
static bool event_hand_over(struct event_queue *queue, struct event_source *source)
{
    struct thread *thread = queue->receivers;

    if (thread == NULL || queue->count != 0 || !source->type->is_small || !list_is_empty(&queue->waiters)) {
        return false;
    }
    queue->receivers = thread->next_receiver;
    event_to_registers(source, thread);
    thread->registers.eax = OK;
    thread_unblock(thread);
    return true;
}

void event_post(struct event_queue *queue, struct event_source *source)
{
    if (source->queue == NULL) {
        if (event_hand_over(queue, source)) {
            return;
        }
        source->queue = queue;
        list_append(&queue->sources, &source->node);
        queue->count++;
    }
    event_pass_on(queue);
}

void event_withdraw(struct event_source *source)
{
    if (source->queue != NULL) {
        source->queue->count--;
        source->queue = NULL;
        list_remove(&source->node);
    }
}

/* The event, for the running process: its fields, and of the string what there is, to a whole word. OK or BAD_ADDRESS. */
static status_t event_write(const struct event_source *source, struct event USER *event_out)
{
    struct event event;

    memset(&event, 0, EVENT_FIELDS_SIZE);
    source->type->describe(source, &event);
    uint32_t inline_size = event.string_size <= MESSAGE_INLINE_MAX ? event.string_size : 0;
    while (inline_size % sizeof(uint32_t) != 0) {
        event.string[inline_size++] = 0;
    }
    return user_write(event_out, &event, EVENT_FIELDS_SIZE + inline_size);
}

static inline void trace_taken(const struct event_source *source)
{
    if ((thread_current->process->traced & TRACE_EVENTS) != 0) {
        trace_event(source);
    }
}

/* Gives the first event of the running thread's process to it. OK, NOTHING or BAD_ADDRESS. */
static status_t event_take(struct event USER *event_out)
{
    struct event_queue *queue = &thread_current->process->events;

    if (queue->count == 0) {
        return NOTHING;
    }
    struct event_source *source = LIST_ENTRY(queue->sources.next, struct event_source, node);
    status_t status = event_write(source, event_out);
    if (status == OK) {
        trace_taken(source);
        event_withdraw(source);
        source->type->delivered(source);
    }
    return status;
}

/* The thread waits again, or for the first time; it goes on in event_continue. */
static status_t event_sleep(struct thread *thread);

/* Runs when a waiting thread was woken: by an event, which another thread may have taken meanwhile, or by its deadline. */
static status_t event_continue(struct thread *thread)
{
    status_t status = event_take(thread->wait_event);

    if (status == BAD_ADDRESS) {
        event_pass_on(&thread->process->events);   /* it could not take what it was woken for */
    }
    if (status != NOTHING) {
        return status;
    }
    return thread_deadline_passed(thread) ? TIMED_OUT : event_sleep(thread);
}

static status_t event_sleep(struct thread *thread)
{
    list_append(&thread->process->events.waiters, &thread->queue_node);
    thread_block(thread, event_continue);
    return OK;
}

status_t event_wait_for(struct event USER *event_out, nanoseconds_t deadline_ns)
{
    struct thread *self = thread_current;
    status_t status = event_take(event_out);

    if (status != NOTHING) {
        return status;
    }
    if (!thread_set_deadline(self, deadline_ns)) {
        return TIMED_OUT;
    }
    self->wait_event = event_out;
    return event_sleep(self);
}

/*
 * message_reply_wait_words leaves the address of its struct event on the caller's stack,
 * above its return address: all registers have other work.
 */
static status_t event_take_to_stack(struct thread *thread)
{
    struct event USER *event_out;
    status_t status = user_read(&event_out, (const void USER *)(thread->registers.esp + sizeof(uint32_t)), sizeof event_out);

    thread->registers.ebx = 0;   /* not a call in registers: the event is in memory */
    return status == OK ? event_take(event_out) : status;
}

/* What message_reply_wait_words answers: a call's first word, or the status of an event in memory. False: no event is there. */
static bool event_receive_now(struct thread *thread, status_t *answer_out)
{
    const struct event_queue *queue = &thread->process->events;
    struct event_source *source = LIST_ENTRY(queue->sources.next, struct event_source, node);
    uint32_t word;

    if (queue->count == 0) {
        return false;
    }
    if (source->type->is_small) {
        trace_taken(source);
        event_withdraw(source);
        event_to_registers(source, thread);
        *answer_out = OK;
    } else if (call_take_words(source, &word)) {
        *answer_out = (status_t)word;
    } else {
        *answer_out = event_take_to_stack(thread);
    }
    return true;
}

static status_t receive_continue(struct thread *thread)
{
    status_t answer = event_receive();

    if (answer == BAD_ADDRESS && thread->registers.ebx == 0 && thread->blocked == BLOCKED_NOT) {
        event_pass_on(&thread->process->events);   /* it could not take what it was woken for */
    }
    return answer;
}

status_t event_receive(void)
{
    struct thread *self = thread_current;
    status_t answer;

    if (event_receive_now(self, &answer)) {
        return answer;
    }
    self->process->was_called = true;    /* by a direct switch, which does not say so */
    if (self->registers.vector != VECTOR_SYSENTER || self->process->traced != 0) {
        list_append(&self->process->events.waiters, &self->queue_node);
        thread_block(self, receive_continue);
        return OK;
    }
    self->next_receiver = self->process->events.receivers;
    self->process->events.receivers = self;
    thread_block_as(self, BLOCKED_RECEIVING);
    return OK;
}

void event_receiver_withdraw(struct thread *thread, bool goes_on_waiting)
{
    struct thread **link = &thread->process->events.receivers;

    if (thread->blocked != BLOCKED_RECEIVING) {
        return;
    }
    while (*link != thread) {
        ASSERT(*link != NULL);
        link = &(*link)->next_receiver;
    }
    *link = thread->next_receiver;
    if (goes_on_waiting) {
        thread->blocked = BLOCKED_CONTINUATION;
        thread->continuation = receive_continue;
        thread->registers.vector = VECTOR_SYSENTER;
        list_append(&thread->process->events.waiters, &thread->queue_node);
    }
}

status_t sys_event_wait(struct event USER *event_out, nanoseconds_t deadline_ns)
{
    return event_wait_for(event_out, deadline_ns);
}

status_t sys_event_poll(struct event USER *event_out)
{
    return event_take(event_out);
}
