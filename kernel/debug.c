#include "debug.h"

#include <abi/debug.h>

#include "address_space.h"
#include "call.h"
#include "event.h"
#include "i386/registers.h"
#include "irq.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

static struct process *debugger;

static void frozen_describe(const struct event_source *source, struct event *event_out)
{
    const struct process *process = LIST_ENTRY(source, struct process, frozen_event);

    event_out->kind = EVENT_PROCESS_FROZEN;
    event_out->id = process->id;
    event_out->count = process->frozen_code;
}

static void frozen_delivered(struct event_source *source)
{
    (void)source;
}

static const struct event_source_type frozen_type = { true, frozen_describe, frozen_delivered };

bool debug_freeze(struct process *process, uint32_t code)
{
    if (debugger == NULL || debugger->asleep || process == debugger || process->supervisor || process->frozen) {
        return false;
    }
    process->frozen = true;
    process->frozen_code = code;
    process->faulty_thread = thread_current->id;
    LIST_FOR_EACH(node, &process->threads) {
        thread_put_to_sleep(LIST_ENTRY(node, struct thread, process_node), ASLEEP_FROZEN);
    }
    irq_listeners_end(process);  /* it acknowledges nothing any more; others that share its lines shall go on */
    event_source_initialise(&process->frozen_event, &frozen_type);
    event_post(&debugger->events, &process->frozen_event);
    return true;
}

bool debug_is_frozen(const struct process *process)
{
    return process->frozen;
}

/* Nobody looks at them any more. */
static void frozen_end(void)
{
    struct process *process;
    process_id_t id = 0;

    while ((process = arena_next(&process_arena, id)) != NULL) {
        id = process->id;
        if (process->frozen) {
            process_end(process, process->frozen_code);
        }
    }
}

void debug_process_sleeps(const struct process *process)
{
    if (process == debugger) {
        frozen_end();
    }
}

void debug_process_ended(struct process *process)
{
    if (process->frozen) {
        event_withdraw(&process->frozen_event);
    }
    if (process == debugger) {
        debugger = NULL;
        frozen_end();
    }
}

status_t sys_debug_listen(void)
{
    struct process *self = thread_current->process;

    if (!access_has_right(&self->access, RIGHT_DEBUG)) {
        return NOT_ALLOWED;
    }
    if (debugger != NULL && debugger != self) {
        return BUSY;
    }
    debugger = self;
    return OK;
}

/* A frozen process that the running one may look at. OK, NOT_ALLOWED, BAD_ID. */
static status_t look_up_frozen(process_id_t id, struct process **process_out)
{
    struct process *process = process_look_up(id);

    if (thread_current->process != debugger) {
        return NOT_ALLOWED;
    }
    if (process == NULL || !process->frozen) {
        return BAD_ID;
    }
    *process_out = process;
    return OK;
}

/* The thread behind the one with this ID; 0: the one that made the mistake, which is not told again. NULL: no more. */
static const struct thread *thread_behind(const struct process *process, thread_id_t after)
{
    bool is_behind = after == 0 || after == process->faulty_thread;

    LIST_FOR_EACH(node, &process->threads) {
        const struct thread *thread = LIST_ENTRY(node, struct thread, process_node);
        bool is_faulty = thread->id == process->faulty_thread;

        if (after == 0 ? is_faulty : is_behind && !is_faulty) {
            return thread;
        }
        is_behind |= thread->id == after;
    }
    return NULL;
}

status_t sys_debug_thread(process_id_t id, thread_id_t after, struct debug_thread USER *thread_out)
{
    struct process *process;
    status_t status = look_up_frozen(id, &process);

    if (status != OK) {
        return status;
    }
    const struct thread *thread = thread_behind(process, after);
    if (thread == NULL) {
        return NOT_FOUND;
    }
    const struct registers *registers = &thread->registers;
    struct debug_thread told = {
        .id = thread->id,
        .made_the_mistake = thread->id == process->faulty_thread,
        .eax = registers->eax, .ebx = registers->ebx, .ecx = registers->ecx, .edx = registers->edx,
        .esi = registers->esi, .edi = registers->edi, .ebp = registers->ebp, .esp = registers->esp,
        .eip = registers->eip, .eflags = registers->eflags,
        .cs = registers->cs, .ss = registers->ss, .ds = registers->ds, .es = registers->es,
        .exception = registers->vector, .error_code = registers->error, .address = process->fault_address,
    };
    return user_write(thread_out, &told, sizeof told);
}

status_t sys_debug_read(process_id_t id, uint32_t address, void USER *bytes_out, uint32_t size)
{
    struct process *process;
    status_t status = look_up_frozen(id, &process);
    bool own_fault;

    if (status == OK && size > DEBUG_READ_MAX) {
        status = TOO_BIG;
    }
    return status == OK ? address_space_copy_out(&process->space, address, bytes_out, size, &own_fault) : status;
}

status_t sys_debug_release(process_id_t id)
{
    struct process *process;
    status_t status = look_up_frozen(id, &process);

    if (status == OK) {
        process_end(process, process->frozen_code);
    }
    return status;
}
