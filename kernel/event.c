#include "event.h"

#include "process.h"
#include "scheduler.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

void event_queue_initialise(struct event_queue *queue)
{
    list_initialise(&queue->sources);
    list_initialise(&queue->waiters);
}

void event_source_initialise(struct event_source *source, const struct event_source_type *type)
{
    list_initialise(&source->node);
    source->type = type;
}

/* Wakes the waiting thread that came first. One that thread_sleep holds would keep the event from the others. */
static void wake_waiter(struct event_queue *queue)
{
    LIST_FOR_EACH(node, &queue->waiters) {
        struct thread *thread = LIST_ENTRY(node, struct thread, queue_node);

        if (!thread->asleep) {
            list_remove(node);
            thread_unblock(thread);
            return;
        }
    }
}

void event_post(struct event_queue *queue, struct event_source *source)
{
    if (list_is_empty(&source->node)) {
        list_append(&queue->sources, &source->node);
    }
    wake_waiter(queue);
}

void event_withdraw(struct event_source *source)
{
    list_remove(&source->node);
}

void event_pass_on(struct event_queue *queue)
{
    if (!list_is_empty(&queue->sources)) {
        wake_waiter(queue);
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
        list_remove(&source->node);
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

status_t sys_event_wait(struct event USER *event_out, nanoseconds_t deadline_ns)
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

status_t sys_event_poll(struct event USER *event_out)
{
    return event_take(event_out);
}
