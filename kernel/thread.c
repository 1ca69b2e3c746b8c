#include "thread.h"

#include "account.h"
#include "address_wait.h"
#include "call.h"
#include "clock.h"
#include "fpu.h"
#include "i386/segments.h"
#include "i386/trace_calls.h"
#include "i386/traps.h"
#include "panic.h"
#include "pipe.h"
#include "process.h"
#include "scheduler.h"
#include "syscall_handlers.h"
#include "trace.h"
#include "vm86.h"

struct thread *thread_current;
struct arena thread_arena;

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

/* A free slot of the process page: what the thread can read about itself. False if there is none. */
[[gnu::cold]] static bool slot_take(struct thread *thread)
{
    struct process_page *page = thread->process->page;

    for (uint32_t i = 0; i < THREAD_SLOTS; i++) {
        if (page->slots[i].thread == 0) {
            page->slots[i].thread = thread->id;
            thread->slot = &page->slots[i];
            thread->slot_address = PROCESS_PAGE + (uint32_t)((uint8_t *)&page->slots[i] - (uint8_t *)page);
            thread->self_address = &page->self;
            return true;
        }
    }
    return false;
}

[[gnu::cold]] void thread_rights_changed(struct thread *thread)
{
    thread->calls = (thread->process->traced & TRACE_CALLS) != 0 ? trace_calls : thread->process->calls;
    thread->sender = thread->process->id;
    thread->sender_class = thread->process->class;
    thread->io_map_base = segments_io_map_base(thread->process->class == CLASS_DRIVER && thread->process->space.has_ports && (thread->process->traced & TRACE_PORTS) == 0);
    thread->barred = thread->process->traced != 0 ? BARRED_FROM_ALL : access_barred(&thread->process->access);
}

/* A thread in the arena, not yet in any list. OK, NO_MEMORY, OVER_QUOTA. */
[[gnu::cold]] static status_t thread_allocate(struct process *process, struct thread **thread_out)
{
    status_t status = account_charge(&process->account, RESOURCE_THREADS, 1);
    if (status != OK) {
        return status;
    }
    struct thread *thread = arena_add(&thread_arena, process->space.reserve);
    if (thread == NULL) {
        account_release(&process->account, RESOURCE_THREADS, 1);
        return NO_MEMORY;
    }
    thread->process = process;
    thread->asleep = process->asleep ? ASLEEP_WITH_PROCESS : 0;
    if (!slot_take(thread)) {
        arena_remove(&thread_arena, thread);
        account_release(&process->account, RESOURCE_THREADS, 1);
        return OVER_QUOTA;
    }
    *thread_out = thread;
    return OK;
}

/* Its system call ends now, whatever it waits for. */
static void deadline_expired(struct deadline *deadline)
{
    struct thread *thread = LIST_ENTRY(deadline, struct thread, deadline);

    thread->deadline_passed = true;
    if (thread->blocked == BLOCKED_CONTINUATION) {
        list_remove(&thread->queue_node);
        thread_unblock(thread);
    }
}

[[gnu::cold]] status_t thread_create(struct process *process, uint32_t entry, uint32_t stack, uint32_t argument, struct thread **thread_out)
{
    struct thread *thread;
    status_t status = thread_allocate(process, &thread);

    if (status != OK) {
        return status;
    }
    list_initialise(&thread->queue_node);
    deadline_initialise(&thread->deadline, deadline_expired);
    thread->directory = process->space.directory_physical;
    thread_rights_changed(thread);
    call_thread_begins(thread);
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

[[gnu::cold]] void thread_end(struct thread *thread)
{
    struct process *process = thread->process;

    deadline_cancel(&thread->deadline);
    if (thread->queued) {
        scheduler_remove(thread);
    }
    pipe_thread_ends(thread);
    address_wait_thread_ends(thread);
    list_remove(&thread->queue_node);
    call_thread_ends(thread);
    event_receiver_withdraw(thread, false);
    thread->blocked = BLOCKED_NOT;
    thread->slot->thread = 0;
    fpu_forget(thread);
    vm86_forget(thread);
    list_remove(&thread->process_node);
    process->thread_count--;
    account_release(&process->account, RESOURCE_THREADS, 1);
    if (thread == thread_current) {
        thread_current = NULL;
        scheduler_free_later(thread);
    } else {
        arena_remove(&thread_arena, thread);
    }
    event_pass_on(&process->events);
}

void thread_unblock(struct thread *thread)
{
    if (thread->blocked >= BLOCKED_CALLING_DIRECT) {
        thread->registers.vector = VECTOR_SYSENTER;  /* a direct switch leaves what it was before */
    }
    thread->blocked = BLOCKED_NOT;
    scheduler_wake(thread);
}

bool thread_set_deadline(struct thread *thread, nanoseconds_t deadline_ns)
{
    thread->deadline_passed = false;
    return clock_set_deadline(&thread->deadline, deadline_ns);
}

[[gnu::cold]] void thread_put_to_sleep(struct thread *thread, uint32_t why)
{
    thread->asleep |= why;
    thread->blocked_at = (uint32_t)clock_ticks();
    event_receiver_withdraw(thread, true);
    call_thread_sleeps(thread);
    thread_requeue(thread);
    event_pass_on(&thread->process->events);
}

/* The thread with this ID, if the running process may end it or put it to sleep. */
[[gnu::cold]] static status_t thread_look_up(thread_id_t id, struct thread **thread_out)
{
    struct thread *thread = arena_find(&thread_arena, id);

    if (thread == NULL) {
        return BAD_ID;
    }
    if (thread->process != thread_current->process && !process_may_control(thread_current->process, thread->process)) {
        return NOT_ALLOWED;
    }
    *thread_out = thread;
    return OK;
}

[[gnu::cold]] status_t sys_thread_create(uint32_t entry, uint32_t stack, uint32_t argument, thread_id_t *id_out)
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
[[gnu::cold]] static void thread_end_for_good(struct thread *thread, uint32_t code)
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

    if (status == OK && thread->wake_pending) {
        thread->wake_pending = false;
    } else if (status == OK) {
        thread_put_to_sleep(thread, ASLEEP_ITSELF);
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
    if ((thread->asleep & ASLEEP_ITSELF) == 0) {
        thread->wake_pending = true;
        return OK;
    }
    thread->asleep &= ~ASLEEP_ITSELF;
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
    thread_current->slot->pointer = pointer;
    return OK;
}
