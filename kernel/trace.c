#include "trace.h"

#include "call.h"
#include "clock.h"
#include "event.h"
#include "heap.h"
#include "i386/registers.h"
#include "i386/trace_calls.h"
#include "string.h"
#include "syscall.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

#define RING_BYTES (TRACE_RECORDS * (uint32_t)sizeof(struct trace_record))
#define RING_FRAMES ((RING_BYTES + PAGE_SIZE - 1) / PAGE_SIZE)

static struct process *tracer;   /* who reads; NULL: nobody is traced */
static struct trace_record *ring;        /* record number N is at N % TRACE_RECORDS */
static uint32_t oldest, next;    /* numbers of records: the oldest there is, and the next to come */
static uint32_t traced;          /* processes */
static bool reader_waits;        /* it found nothing, and wants to hear of the next record */
static struct event_source source;

static void trace_describe(const struct event_source *unused, struct event *event_out)
{
    (void)unused;
    event_out->kind = EVENT_TRACE;
    event_out->count = next - oldest;
}

static void trace_delivered(struct event_source *unused)
{
    (void)unused;
}

static const struct event_source_type source_type = { true, trace_describe, trace_delivered };

void trace_initialise(void)
{
    event_source_initialise(&source, &source_type);
}

void trace_add(const struct process *process, enum trace_kind kind, uint32_t number, const uint32_t values[TRACE_VALUES])
{
    struct trace_record *record = &ring[next % TRACE_RECORDS];

    if (next - oldest == TRACE_RECORDS) {
        oldest++;
    }
    *record = (struct trace_record){
        .time_ns = clock_now(),
        .sequence = next++,
        .process = process->id,
        .thread = thread_current != NULL && thread_current->process == process ? thread_current->id : 0,
        .kind = (uint16_t)kind,
        .number = (uint16_t)number,
    };
    memcpy(record->values, values, sizeof record->values);
    if (reader_waits) {
        reader_waits = false;
        event_post(&tracer->events, &source);
    }
}

void trace_event(const struct event_source *event_source)
{
    struct event event;

    memset(&event, 0, offsetof(struct event, string));
    event_source->type->describe(event_source, &event);
    trace_process(thread_current->process, TRACE_EVENTS, TRACE_EVENT, event.kind, event.id, event.sender,
                  event.kind == EVENT_MESSAGE ? event.words[0] : event.count, event.string_size);
}

static status_t traced_continue(struct thread *thread);

/* A call has come to an end, or sleeps: then what goes on with it is called by us. */
static status_t call_goes_on(struct thread *thread, status_t status)
{
    const struct registers *registers = &thread->registers;

    if (thread->blocked != BLOCKED_NOT) {
        thread->traced_continuation = thread->continuation;
        thread->continuation = traced_continue;
        return status;
    }
    trace_process(thread->process, TRACE_CALLS, TRACE_CALL_ENDS, thread->traced_call, status, registers->ebx, registers->esi, 0);
    return status;
}

/* Who waits for an answer has no continuation of its own: its status is in its register. */
static status_t traced_continue(struct thread *thread)
{
    continuation_t *continuation = thread->traced_continuation;

    return call_goes_on(thread, continuation == NULL ? (status_t)thread->registers.eax : continuation(thread));
}

status_t trace_call(struct registers *registers, uint32_t number)
{
    struct thread *self = thread_current;
    const uint32_t arguments[TRACE_VALUES] = { registers->ebx, registers->edx, registers->esi, registers->edi, registers->ebp };

    trace_add(self->process, TRACE_CALL_BEGINS, number, arguments);
    self->traced_call = number;
    status_t status = self->process->calls[number](registers);
    return thread_current == self ? call_goes_on(self, status) : status;
}

/* From now on the process is traced so. */
static void process_set_traced(struct process *process, uint32_t mask)
{
    traced += (mask != 0) - (process->traced != 0);
    process->traced = (uint8_t)mask;
    LIST_FOR_EACH(node, &process->threads) {
        struct thread *thread = LIST_ENTRY(node, struct thread, process_node);

        thread_rights_changed(thread);
        if (mask != 0) {
            event_receiver_withdraw(thread, true);   /* from here on a call finds it in the queue's usual way */
        }
    }
    if (mask != 0) {
        calls_make_indirect(process);
    }
}

/* Nobody reads any more. */
static void trace_stop(void)
{
    struct process *process = NULL;

    while ((process = arena_next(&process_arena, process == NULL ? 0 : process->id)) != NULL) {
        if (process->traced != 0) {
            process_set_traced(process, 0);
        }
    }
    event_withdraw(&source);
    reader_waits = false;
    account_release(&tracer->account, RESOURCE_FRAMES, RING_FRAMES);
    heap_free(ring);
    tracer = NULL;
    ring = NULL;
}

/* OK, NO_MEMORY, OVER_QUOTA. */
static status_t trace_start(struct process *self)
{
    status_t status = account_charge(&self->account, RESOURCE_FRAMES, RING_FRAMES);

    if (status != OK) {
        return status;
    }
    ring = heap_allocate_unset(RING_BYTES, self->space.reserve);
    if (ring == NULL) {
        account_release(&self->account, RESOURCE_FRAMES, RING_FRAMES);
        return NO_MEMORY;
    }
    tracer = self;
    oldest = next;
    return OK;
}

status_t sys_trace_set(process_id_t id, uint32_t mask)
{
    struct process *self = thread_current->process;
    struct process *target = process_look_up(id);

    if (!access_has_right(&self->access, RIGHT_TRACE)) {
        return NOT_ALLOWED;
    }
    if (target == NULL) {
        return BAD_ID;
    }
    if (target == self || (mask & ~TRACE_ALL) != 0) {
        return BAD_ARGUMENT;
    }
    if (tracer != NULL && tracer != self) {
        return BUSY;
    }
    status_t status = tracer == NULL && mask != 0 ? trace_start(self) : OK;
    if (status == OK && (tracer != NULL || target->traced != 0)) {
        process_set_traced(target, mask);
    }
    return status;
}

status_t sys_trace_read(void USER *records_out, uint32_t records_size, uint32_t *count_out)
{
    uint32_t room = records_size / (uint32_t)sizeof(struct trace_record);
    uint32_t count = 0;

    if (thread_current->process != tracer) {
        return NOT_ALLOWED;
    }
    if (room == 0) {
        return TOO_BIG;
    }
    while (count < room && oldest != next) {
        status_t status = user_write((struct trace_record USER *)records_out + count, &ring[oldest % TRACE_RECORDS], sizeof *ring);

        if (status != OK) {
            return status;
        }
        oldest++;
        count++;
    }
    if (count == 0 && traced == 0) {
        trace_stop();            /* the next may trace */
        return NOTHING;
    }
    reader_waits = count == 0;
    *count_out = count;
    return count == 0 ? NOTHING : OK;
}

void trace_process_ended(struct process *process, uint32_t code)
{
    if (process->traced != 0) {
        trace_add(process, TRACE_PROCESS_ENDS, code, (const uint32_t[TRACE_VALUES]){ 0 });
        process->traced = 0;
        traced--;
    }
    if (process == tracer) {
        trace_stop();
    }
}
