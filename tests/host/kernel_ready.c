#include "kernel_ready.h"

#include "heap.h"
#include "scheduler.h"
#include "test.h"
#include "thread.h"

uint32_t reschedule_needed;

static struct list ready = LIST_EMPTY(ready);
static struct thread *ended;

void scheduler_new_thread(struct thread *thread)
{
    thread->slice = SLICE_TICKS;
}

void scheduler_add(struct thread *thread)
{
    CHECK(!thread->queued && thread != thread_current && thread_is_runnable(thread));
    CHECK(list_is_empty(&thread->queue_node));
    list_append(&ready, &thread->queue_node);
    thread->queued = true;
}

void scheduler_remove(struct thread *thread)
{
    CHECK(thread->queued);
    list_remove(&thread->queue_node);
    thread->queued = false;
}

void scheduler_woken(struct thread *thread)
{
    (void)thread;
}

void scheduler_class_changed(struct thread *thread)
{
    (void)thread;
}

void scheduler_process_changed(struct process *process)
{
    (void)process;
}

void scheduler_process_ended(struct process *process)
{
    (void)process;
}

void scheduler_tick(void)
{
}

void scheduler_free_later(struct thread *thread)
{
    CHECK(ended == NULL);
    ended = thread;
}

void ready_leave_kernel(void)
{
    heap_free(ended);
    ended = NULL;
}

bool ready_has(const struct thread *thread)
{
    return thread->queued || thread == thread_current;
}

bool ready_switch_to(struct thread *thread, status_t *status_out)
{
    struct thread *before = thread_current;

    thread_current = NULL;
    if (before != NULL && thread_is_runnable(before)) {
        scheduler_add(before);
    }
    scheduler_remove(thread);
    thread_current = thread;
    continuation_t *continuation = thread->continuation;
    if (continuation == NULL) {
        return false;
    }
    thread->continuation = NULL;
    *status_out = continuation(thread);
    if (!thread->blocked) {
        deadline_cancel(&thread->deadline);
    }
    return true;
}
