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

void event_post(struct event_queue *queue, struct event_source *source)
{
    if (list_is_empty(&source->node)) {
        list_append(&queue->sources, &source->node);
    }
    struct list *waiter = list_take_first(&queue->waiters);
    if (waiter != NULL) {
        thread_unblock(LIST_ENTRY(waiter, struct thread, queue_node));
    }
}

void event_withdraw(struct event_source *source)
{
    list_remove(&source->node);
}

void event_pass_on(struct event_queue *queue)
{
    if (!list_is_empty(&queue->sources) && !list_is_empty(&queue->waiters)) {
        thread_unblock(LIST_ENTRY(list_take_first(&queue->waiters), struct thread, queue_node));
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

    if (status != NOTHING) {
        if (status != OK) {
            event_pass_on(&thread->process->events);   /* it could not take what it was woken for */
        }
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

static bool waits(const struct thread *thread)
{
    return thread->blocked && thread->continuation == event_continue;
}

void event_waiter_sleeps(struct thread *thread)
{
    if (waits(thread)) {
        list_remove(&thread->queue_node);
    }
    event_pass_on(&thread->process->events);
}

void event_waiter_wakes(struct thread *thread)
{
    if (waits(thread)) {
        list_append(&thread->process->events.waiters, &thread->queue_node);
        event_pass_on(&thread->process->events);
    }
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
