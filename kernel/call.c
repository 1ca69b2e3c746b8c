#include "call.h"

#include "address_space.h"
#include "event.h"
#include "i386/registers.h"
#include "i386/traps.h"
#include "message.h"
#include "process.h"
#include "scheduler.h"
#include "strike.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "trace.h"
#include "user_memory.h"

#define RING_STEPS_MAX 64U       /* longer rings are not looked for */

[[gnu::cold]] void call_thread_begins(struct thread *thread)
{
    uint32_t index = thread->id & ID_INDEX_MASK;

    thread->call_id = (*arena_memory(&thread_arena, thread) & ~(CALL_ID_STEP - 1)) | index << CALL_ID_INDEX_SHIFT | CALL_ID_MARK;
}

static bool is_calling(const struct thread *thread)
{
    return thread->blocked >= BLOCKED_CALLING && thread->blocked <= BLOCKED_CALLING_DIRECT;
}

/* Who has to answer the calling thread: see CALLEE_NOT_DIRECT. */
static struct process *callee_of(const struct thread *thread)
{
    return (struct process *)(uintptr_t)(thread->callee & ~CALLEE_NOT_DIRECT);
}

void call_thread_sleeps(struct thread *thread)
{
    if (is_calling(thread)) {
        thread->callee |= CALLEE_NOT_DIRECT;
    }
}

struct thread *call_server_works_for(const struct thread *server)
{
    struct thread *caller = arena_at(&thread_arena, server->serves >> CALL_ID_INDEX_SHIFT & ID_INDEX_MASK);

    return caller != NULL && caller->call_id == server->serves && is_calling(caller)
        && callee_of(caller) == server->process ? caller : NULL;
}

[[gnu::cold]] void call_thread_ends(struct thread *thread)
{
    *arena_memory(&thread_arena, thread) = thread->call_id;
    if (is_calling(thread)) {
        event_withdraw(&thread->call.source);
        thread->callee = 0;
    }
}

/* The caller goes on with this status. */
static void call_end(struct thread *caller, status_t status)
{
    event_withdraw(&caller->call.source);
    caller->callee = 0;
    caller->registers.eax = status;
    thread_unblock(caller);
}

void call_refuse(struct thread *caller, status_t status)
{
    call_end(caller, status);
}

[[gnu::cold]] void calls_callee_ended(struct process *process)
{
    struct thread *thread = NULL;

    if (!process->was_called) {
        return;
    }
    while ((thread = arena_next(&thread_arena, thread == NULL ? 0 : thread->id)) != NULL) {
        if (is_calling(thread) && callee_of(thread) == process) {
            call_end(thread, PEER_DIED);
        }
    }
}

[[gnu::cold]] void calls_make_indirect(const struct process *process)
{
    struct thread *thread = NULL;

    while ((thread = arena_next(&thread_arena, thread == NULL ? 0 : thread->id)) != NULL) {
        if (is_calling(thread) && (thread->process == process || callee_of(thread) == process)) {
            thread->callee |= CALLEE_NOT_DIRECT;
        }
    }
}

struct thread *call_find(message_id_t id)
{
    uint32_t index = id >> CALL_ID_INDEX_SHIFT & ID_INDEX_MASK;
    struct thread *caller = arena_at(&thread_arena, index);

    if (caller == NULL || caller->call_id != id || !is_calling(caller)
        || callee_of(caller) != thread_current->process || caller->call.source.queue != NULL) {
        return NULL;
    }
    return caller;
}

static void call_describe(const struct event_source *source, struct event *event_out)
{
    const struct thread *caller = LIST_ENTRY(source, struct thread, call.source);
    const struct call *call = &caller->call;

    event_out->kind = EVENT_MESSAGE;
    event_out->flags = EVENT_WANTS_REPLY;
    event_out->id = caller->call_id;
    event_out->sender = caller->process->id;
    event_out->sender_class = caller->process->class;
    event_out->string_size = call->string_size;
    event_out->page_count = call->page_count;
    memcpy(event_out->words, call->words, sizeof event_out->words);
    if (call->string_size <= MESSAGE_INLINE_MAX) {
        memcpy(event_out->string, call->inline_string, call->string_size);
    }
}

/* In no queue any more: that is what "taken" means. */
static void call_delivered(struct event_source *source)
{
    struct thread *caller = LIST_ENTRY(source, struct thread, call.source);

    if (caller->blocked == BLOCKED_CALLING_DIRECT && !thread_is_asleep(caller) && (thread_current->process->traced | caller->process->traced) == 0) {
        caller->callee &= ~CALLEE_NOT_DIRECT;
    }
    thread_current->serves = caller->call_id;
}

static const struct event_source_type call_type = { false, call_describe, call_delivered };

bool call_take_words(struct event_source *source, uint32_t *word_out)
{
    struct thread *self = thread_current;
    const struct thread *caller = LIST_ENTRY(source, struct thread, call.source);

    if (source->type != &call_type || caller->call.string_size != 0 || caller->call.page_count != 0) {
        return false;
    }
    if (self->process->traced != 0) {
        trace_event(source);
    }
    event_withdraw(source);
    call_delivered(source);
    self->slot->sender = caller->sender;
    self->slot->sender_class = caller->sender_class;
    self->registers.ebx = caller->call_id;
    self->registers.esi = caller->call.words[1];
    self->registers.edi = caller->call.words[2];
    self->registers.ebp = caller->call.words[3];
    *word_out = caller->call.words[0];
    return true;
}

/*
 * Would this call close a ring, all of whose members wait for each other? Looks along single threads only: where a process has
 * several, another one may answer.
 */
static bool closes_ring(const struct process *callee)
{
    const struct process *process = callee;

    for (uint32_t steps = 0; steps < RING_STEPS_MAX; steps++) {
        if (process->thread_count != 1) {
            return false;
        }
        if (process == thread_current->process) {
            return true;
        }
        const struct thread *thread = LIST_ENTRY(process->threads.next, struct thread, process_node);
        if (!is_calling(thread)) {
            return false;
        }
        process = callee_of(thread);
    }
    return false;
}

/* One of the two may not speak to the other. It is a strike if it is the caller. */
static status_t call_bar(const struct process *callee)
{
    return process_may_send(thread_current->process, callee) ? NOT_ALLOWED : strike_refuse(STRIKE_MESSAGE, callee->access.role);
}

/* Posts the running thread's call, all of whose fields are set, and blocks. */
static void call_post(struct process *callee, enum blocked blocked)
{
    struct thread *self = thread_current;

    event_source_initialise(&self->call.source, &call_type);
    self->call_id += CALL_ID_STEP;
    self->callee = (uint32_t)(uintptr_t)callee | CALLEE_NOT_DIRECT;
    callee->was_called = true;
    thread_block_as(self, blocked);
    event_post(&callee->events, &self->call.source);
}

/* What a message says, into the call of the running thread. OK, BAD_ADDRESS, BAD_ARGUMENT, TOO_BIG. */
static status_t call_read(const struct message USER *from)
{
    struct call *call = &thread_current->call;
    struct message message;
    status_t status = user_read(&message, from, sizeof message);

    if (status == OK) {
        status = message_check(&message);
    }
    if (status == OK && message.string_size <= MESSAGE_INLINE_MAX) {
        status = user_read(call->inline_string, message.string, message.string_size);
    }
    if (status != OK) {
        return status;
    }
    memcpy(call->words, message.words, sizeof call->words);
    call->string = (uint32_t)message.string;
    call->string_size = message.string_size;
    call->pages = (uint32_t)message.pages;
    call->page_count = message.page_count;
    call->page_flags = message.page_flags;
    return OK;
}

status_t sys_message_call(process_id_t destination, const struct message USER *from, struct reply USER *reply)
{
    struct process *callee = process_look_up(destination);
    struct reply copy;

    if (callee == NULL) {
        return BAD_ID;
    }
    if (!process_may_call(thread_current->process, callee)) {
        return call_bar(callee);
    }
    if (closes_ring(callee)) {
        return DEADLOCK;
    }
    status_t status = call_read(from);
    if (status == OK) {
        status = user_read(&copy, reply, sizeof copy);
    }
    if (status != OK) {
        return status;
    }
    struct call *call = &thread_current->call;
    call->reply = (uint32_t)reply;
    call->reply_buffer = (uint32_t)copy.buffer;
    call->reply_buffer_size = copy.buffer_size;
    call_post(callee, BLOCKED_CALLING);
    return OK;
}

/* The register call where the direct switch is not possible. */
status_t sys_message_call_words(struct registers *registers)
{
    struct process *callee = process_look_up(registers->ebx);
    struct call *call = &thread_current->call;

    if (callee == NULL) {
        return BAD_ID;
    }
    if (!process_may_call(thread_current->process, callee)) {
        return call_bar(callee);
    }
    if (closes_ring(callee)) {
        return DEADLOCK;
    }
    call->words[0] = registers->edx;
    call->words[1] = registers->esi;
    call->words[2] = registers->edi;
    call->words[3] = registers->ebp;
    call->string_size = 0;
    call->page_count = 0;
    call_post(callee, registers->vector == VECTOR_SYSENTER && thread_current->process->traced == 0 ? BLOCKED_CALLING_DIRECT : BLOCKED_CALLING_WORDS);
    return OK;
}

static void answer_in_registers(struct thread *caller, const uint32_t words[MESSAGE_WORDS])
{
    caller->registers.ebx = words[0];
    caller->registers.esi = words[1];
    caller->registers.edi = words[2];
    caller->registers.ebp = words[3];
}

/* Fills the caller's struct reply, in the caller's memory. The caller's status, or BAD_ADDRESS with the answerer's fault in *own_fault_out. */
static status_t answer_in_memory(struct thread *caller, const struct message *message, bool *own_fault_out)
{
    struct address_space *space = &caller->process->space;
    const struct call *call = &caller->call;
    struct reply reply = { .buffer = (void USER *)call->reply_buffer, .buffer_size = call->reply_buffer_size };
    uint32_t size = message->string_size < call->reply_buffer_size ? message->string_size : call->reply_buffer_size;

    status_t status = address_space_copy_in(space, call->reply_buffer, message->string, size, own_fault_out);
    if (status != OK) {
        return status;
    }
    if (message->page_count != 0) {
        struct reply before;

        /* Where the answer goes must be good before the pages change hands: else nobody would know of them. */
        status = address_space_read(space, &before, call->reply, sizeof before);
        if (status == OK) {
            status = address_space_write(space, call->reply, &before, sizeof before);
        }
        if (status != OK) {
            return status;
        }
        status = address_space_move(&thread_current->process->space, (uint32_t)message->pages, message->page_count,
                                    message->page_flags, space, &reply.pages);
        *own_fault_out = status == BAD_ARGUMENT;
        if (status != OK) {
            return status;
        }
    }
    memcpy(reply.words, message->words, sizeof reply.words);
    reply.string_size = message->string_size;
    reply.page_count = message->page_count;
    status = address_space_write(space, caller->call.reply, &reply, sizeof reply);
    return status == OK && size < message->string_size ? TRUNCATED : status;
}

status_t call_answer(struct thread *caller, const struct message USER *from)
{
    struct message message;
    bool own_fault = false;
    status_t status = user_read(&message, from, sizeof message);

    if (status == OK) {
        status = message_check(&message);
    }
    if (status != OK) {
        return status;
    }
    if (caller->blocked != BLOCKED_CALLING) {
        answer_in_registers(caller, message.words);
        call_end(caller, message.string_size == 0 && message.page_count == 0 ? OK : TRUNCATED);
        return OK;
    }
    status = answer_in_memory(caller, &message, &own_fault);
    if (own_fault) {
        return status;           /* the answerer's own memory is bad: nothing happened, it may answer again */
    }
    call_end(caller, status);
    return OK;
}

status_t call_receive(struct thread *caller, void USER *to, uint32_t size)
{
    const struct call *call = &caller->call;
    bool own_fault = false;
    uint32_t string_size = caller->blocked != BLOCKED_CALLING ? 0 : call->string_size;

    if (string_size > size) {
        return TOO_BIG;
    }
    if (string_size <= MESSAGE_INLINE_MAX) {
        return user_write(to, call->inline_string, string_size);
    }
    status_t status = address_space_copy_out(&caller->process->space, call->string, to, string_size, &own_fault);
    if (status != OK && !own_fault) {
        call_refuse(caller, BAD_ADDRESS);
        return DISCARDED;
    }
    return status;
}

/* Answers a register call, or any other, with words alone; then the next event. */
status_t sys_message_reply_wait_words(struct registers *registers)
{
    struct thread *caller = registers->ebx == 0 ? NULL : call_find(registers->ebx);

    if (registers->ebx != 0) {
        const uint32_t words[MESSAGE_WORDS] = { registers->edx, registers->esi, registers->edi, registers->ebp };
        registers->ebx = 0;
        if (caller == NULL) {
            return BAD_ID;
        }
        if (caller->blocked != BLOCKED_CALLING) {
            answer_in_registers(caller, words);
            call_end(caller, OK);
        } else {
            struct message message = { .string_size = 0 };
            bool own_fault;

            memcpy(message.words, words, sizeof words);
            call_end(caller, answer_in_memory(caller, &message, &own_fault));
        }
    }
    return event_receive();
}

status_t sys_message_reply_wait(message_id_t id, const struct message USER *from, struct event USER *event_out, nanoseconds_t deadline_ns)
{
    struct thread *caller = call_find(id);

    if (caller == NULL) {
        return BAD_ID;
    }
    status_t status = call_answer(caller, from);
    return status == OK ? event_wait_for(event_out, deadline_ns) : status;
}

[[gnu::cold]] status_t sys_message_take_pages(message_id_t id, uint32_t *address_out)
{
    struct thread *caller = call_id_is(id) ? call_find(id) : NULL;

    if (caller == NULL || caller->blocked != BLOCKED_CALLING || caller->call.page_count == 0) {
        return caller == NULL ? BAD_ID : NOTHING;
    }
    struct call *call = &caller->call;
    status_t status = address_space_move(&caller->process->space, call->pages, call->page_count, call->page_flags,
                                         &thread_current->process->space, address_out);
    if (status == BAD_ARGUMENT) {
        call_refuse(caller, BAD_ADDRESS);    /* the pages are not, or no longer, the caller's */
        return DISCARDED;
    }
    if (status == OK) {
        call->page_count = 0;
    }
    return status;
}
