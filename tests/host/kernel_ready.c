#include "kernel_ready.h"

#include "arena.h"
#include "clock.h"
#include "process.h"
#include "ready_queue.h"
#include "scheduler.h"
#include "test.h"
#include "thread.h"

uint32_t reschedule_needed;
struct ready_queue ready_queue;
physical_t active_directory;

static bool begun;
static struct thread *ended;

/* The levels are the classes; the budget is of no account here. */
static void level_set(struct thread *thread)
{
    thread->level = thread->process->class;
    thread->stronger = (1U << thread->level) - 1;
}

void scheduler_new_thread(struct thread *thread)
{
    if (!begun) {
        ready_queue_initialise(&ready_queue);
        begun = true;
    }
    level_set(thread);
    thread->slice = SLICE_TICKS;
}

void scheduler_add(struct thread *thread)
{
    CHECK(!thread->queued && thread != thread_current && thread_is_runnable(thread));
    CHECK(list_is_empty(&thread->queue_node));
    ready_queue_append(&ready_queue, &thread->queue_node, thread->level);
    thread->queued = true;
}

void scheduler_remove(struct thread *thread)
{
    CHECK(thread->queued);
    ready_queue_remove(&ready_queue, &thread->queue_node, thread->level);
    thread->queued = false;
}

void scheduler_woken(struct thread *thread)
{
    thread->blocked_at = 0;
}

void scheduler_wake(struct thread *thread)
{
    scheduler_woken(thread);
    thread_requeue(thread);
}

void scheduler_class_changed(struct thread *thread)
{
    bool queued = thread->queued;

    if (queued) {
        scheduler_remove(thread);
    }
    level_set(thread);
    if (queued) {
        scheduler_add(thread);
    }
}

void scheduler_process_ended(const struct process *process)
{
    if (process->space.directory_physical == active_directory) {
        active_directory = 0;
    }
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
    if (ended != NULL) {
        arena_remove(&thread_arena, ended);
        ended = NULL;
    }
}

bool ready_has(const struct thread *thread)
{
    return thread->queued || thread == thread_current;
}

bool ready_switch_to(struct thread *thread, status_t *status_out)
{
    struct thread *before = thread_current;

    ready_leave_kernel();
    thread_current = NULL;
    if (before != NULL && thread_is_runnable(before)) {
        scheduler_add(before);
    }
    scheduler_remove(thread);
    thread_current = thread;
    active_directory = thread->directory;
    *thread->self_address = thread->slot_address;
    continuation_t *continuation = thread->continuation;
    if (continuation == NULL) {
        return false;
    }
    thread->continuation = NULL;
    thread->registers.eax = continuation(thread);
    *status_out = thread->registers.eax;
    if (thread->blocked == BLOCKED_NOT) {
        deadline_cancel(&thread->deadline);
    }
    return true;
}
