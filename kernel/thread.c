#include "thread.h"

#include "account.h"
#include "clock.h"
#include "fpu.h"
#include "heap.h"
#include "i386/traps.h"
#include "message.h"
#include "panic.h"
#include "process.h"
#include "scheduler.h"
#include "syscall_handlers.h"

struct thread *thread_current;
struct id_table thread_table;

bool thread_is_runnable(const struct thread *thread)
{
    return !thread->blocked && !thread->asleep && !thread->process->asleep;
}

void thread_requeue(struct thread *thread)
{
    if (thread_is_runnable(thread)) {
        if (!thread->queued && thread != thread_current) {
            scheduler_add(thread);
        }
    } else if (thread->queued) {
        scheduler_remove(thread);
    } else if (thread == thread_current) {
        scheduler_request();
    }
}

status_t thread_create(struct process *process, uint32_t entry, uint32_t stack, uint32_t argument, struct thread **thread_out)
{
    status_t status = account_charge(&process->account, RESOURCE_THREADS, 1);
    if (status != OK) {
        return status;
    }
    struct thread *thread = heap_allocate(sizeof *thread, process->space.reserve);
    if (thread == NULL || !id_table_add(&thread_table, thread, &thread->id)) {
        heap_free(thread);
        account_release(&process->account, RESOURCE_THREADS, 1);
        return NO_MEMORY;
    }

    list_initialise(&thread->queue_node);
    list_initialise(&thread->deadline.node);
    thread->process = process;
    /* A new thread goes on where its maker's budget stands: making threads buys no time. */
    thread->burned = thread_current == NULL ? 0 : thread_current->burned;
    thread->registers = (struct registers){
        .eax = argument,
        .vector = VECTOR_SYSTEM_CALL,
        .eip = entry,
        .cs = SEGMENT_USER_CODE,
        .eflags = EFLAGS_ALWAYS | EFLAGS_INTERRUPT,
        .esp = stack,
        .ss = SEGMENT_USER_DATA,
    };
    list_append(&process->threads, &thread->process_node);
    process->thread_count++;
    scheduler_new_thread(thread);
    thread_requeue(thread);
    *thread_out = thread;
    return OK;
}

void thread_end(struct thread *thread)
{
    struct process *process = thread->process;

    id_table_remove(&thread_table, thread->id);
    deadline_cancel(&thread->deadline);
    if (thread->queued) {
        scheduler_remove(thread);
    }
    list_remove(&thread->queue_node);
    message_caller_ended(thread);
    fpu_forget(thread);
    list_remove(&thread->process_node);
    process->thread_count--;
    account_release(&process->account, RESOURCE_THREADS, 1);
    if (thread == thread_current) {
        thread_current = NULL;
        scheduler_free_later(thread);
    } else {
        heap_free(thread);
    }
    event_pass_on(&process->events);
}

void thread_block(struct thread *thread, continuation_t *continuation)
{
    thread->blocked = true;
    thread->blocked_at = clock_ticks();
    thread->continuation = continuation;
    scheduler_request();
}

void thread_unblock(struct thread *thread)
{
    thread->blocked = false;
    scheduler_woken(thread);
    thread_requeue(thread);
}

bool thread_set_deadline(struct thread *thread, nanoseconds_t deadline_ns)
{
    thread->deadline_passed = false;
    return clock_set_deadline(&thread->deadline, deadline_ns);
}

static void thread_put_to_sleep(struct thread *thread)
{
    if (thread->wake_pending) {
        thread->wake_pending = false;
        return;
    }
    thread->asleep = true;
    thread->blocked_at = clock_ticks();
    thread_requeue(thread);
    event_pass_on(&thread->process->events);
}

/* The thread with this ID, if the running process may end it or put it to sleep. */
static status_t thread_look_up(thread_id_t id, struct thread **thread_out)
{
    struct thread *thread = id_table_find(&thread_table, id);

    if (thread == NULL) {
        return BAD_ID;
    }
    if (thread->process != thread_current->process && !process_may_control(thread_current->process, thread->process)) {
        return NOT_ALLOWED;
    }
    *thread_out = thread;
    return OK;
}

status_t sys_thread_create(uint32_t entry, uint32_t stack, uint32_t argument, thread_id_t *id_out)
{
    struct thread *thread;

    if (entry >= USER_END || stack > USER_END) {
        return BAD_ARGUMENT;
    }
    status_t status = thread_create(thread_current->process, entry, stack, argument, &thread);
    if (status == OK) {
        *id_out = thread->id;
    }
    return status;
}

/* A process without threads is over. */
static void thread_end_for_good(struct thread *thread, uint32_t code)
{
    struct process *process = thread->process;

    if (process->thread_count == 1) {
        process_end(process, code);
    } else {
        thread_end(thread);
    }
}

status_t sys_thread_exit(void)
{
    thread_end_for_good(thread_current, 0);
    return OK;
}

status_t sys_thread_terminate(thread_id_t id)
{
    struct thread *thread;
    status_t status = thread_look_up(id, &thread);

    if (status == OK) {
        thread_end_for_good(thread, thread == thread_current ? 0 : EXIT_TERMINATED);
    }
    return status;
}

status_t sys_thread_sleep(thread_id_t id)
{
    struct thread *thread = thread_current;
    status_t status = id == 0 ? OK : thread_look_up(id, &thread);

    if (status == OK) {
        thread_put_to_sleep(thread);
    }
    return status;
}

status_t sys_thread_wake(thread_id_t id)
{
    struct thread *thread;
    status_t status = thread_look_up(id, &thread);

    if (status != OK) {
        return status;
    }
    if (!thread->asleep) {
        thread->wake_pending = true;
        return OK;
    }
    thread->asleep = false;
    scheduler_woken(thread);
    thread_requeue(thread);
    event_pass_on(&thread->process->events);
    return OK;
}

status_t sys_thread_yield(void)
{
    thread_current->slice = 0;
    scheduler_request();
    return OK;
}

static status_t delay_continue(struct thread *thread)
{
    (void)thread;
    return OK;
}

status_t sys_thread_delay(nanoseconds_t deadline_ns)
{
    if (thread_set_deadline(thread_current, deadline_ns)) {
        thread_block(thread_current, delay_continue);
    }
    return OK;
}

status_t sys_thread_set_pointer(uint32_t pointer)
{
    thread_current->pointer = pointer;
    process_show_thread(thread_current);
    return OK;
}
