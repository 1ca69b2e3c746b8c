#include "event.h"

#include "call.h"
#include "i386/traps.h"
#include "panic.h"
#include "process.h"
#include "scheduler.h"
#include "syscall_handlers.h"
#include "thread.h"
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

void event_post(struct event_queue *queue, struct event_source *source)
{
    if (source->queue == NULL) {
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

/* Gives the first event of the running thread's process to it. OK, NOTHING or BAD_ADDRESS. */
static status_t event_take(struct event USER *event_out)
{
    struct event_queue *queue = &thread_current->process->events;
    struct event event = { .kind = EVENT_NONE };

    if (list_is_empty(&queue->sources)) {
        return NOTHING;
    }
    struct event_source *source = LIST_ENTRY(queue->sources.next, struct event_source, node);
    source->type->describe(source, &event);
    status_t status = user_write(event_out, &event, sizeof event);
    if (status == OK) {
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
    uint32_t word;

    if (queue->count == 0) {
        return false;
    }
    if (call_take_words(LIST_ENTRY(queue->sources.next, struct event_source, node), &word)) {
        *answer_out = (status_t)word;
    } else {
        *answer_out = event_take_to_stack(thread);
    }
    return true;
}

static status_t receive_continue(struct thread *thread)
{
    (void)thread;
    return event_receive();
}

status_t event_receive(void)
{
    struct thread *self = thread_current;
    status_t answer;

    if (event_receive_now(self, &answer)) {
        return answer;
    }
    self->process->was_called = true;    /* by a direct switch, which does not say so */
    if (self->registers.vector != VECTOR_SYSENTER) {
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
