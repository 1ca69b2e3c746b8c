/* Calls and their answers, in memory and in registers. */
#include <string.h>

#include "call.h"
#include "i386/segments.h"
#include "ipc_calls.h"
#include "kernel_user_memory.h"
#include "message.h"
#include "ready_queue.h"
#include "scheduler.h"
#include "syscall_handlers.h"
#include "test.h"

#include <abi/syscall_numbers.h>

static status_t expect_call(const struct model_thread *self, const struct model_process *callee)
{
    return callee == NULL ? BAD_ID : !model_may_call(self->process, callee) ? NOT_ALLOWED
        : model_closes_ring(self->process, callee) ? DEADLOCK : OK;
}

/* The call was refused: by a strike, if it is the caller who may not speak to the other. */
static void call_is_barred(struct model_thread *self, const struct model_process *callee)
{
    if (!model_may_send(self->process, callee)) {
        (void)model_strike(self->process);
    }
}

void call_message_call(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *callee = id == SELF ? self->process : model_process(id);
    struct sent sent = message_prepare(self, true);
    struct reply *reply = &self->area->reply;
    status_t expected = expect_call(self, callee);

    reply->buffer_size = some_string().size;
    reply->buffer = some_pointer(self, self->area->buffer, 1);
    reply = some_pointer(self, reply, sizeof *reply);
    expected = expected == OK ? message_expect(self, &sent) : expected;
    if (expected == OK
        && ((sent.string.size <= MESSAGE_INLINE_MAX && !model_memory_is_good(self->process, sent.string_at, sent.string.size))
            || !model_memory_is_good(self->process, reply, sizeof *reply))) {
        expected = BAD_ADDRESS;
    }
    enter_usually(self);
    CHECK_EQUAL(sys_message_call(id, sent.pointer, reply), expected);
    if (expected == NOT_ALLOWED) {
        call_is_barred(self, callee);
    }
    if (expected != OK) {
        return;
    }
    self->call = (struct model_call){
        .answer = IN_MEMORY, .string = sent.string, .string_at = sent.string_at, .pages = sent.pages,
        .reply = reply, .buffer = reply->buffer, .buffer_size = reply->buffer_size,
    };
    memcpy(self->call.words, sent.words, sizeof sent.words);
    model_call_begin(self, callee);
    model_post(callee, SOURCE_CALL, self);
    /* What another thread of the caller does to its struct reply meanwhile leads nowhere. */
    reply->buffer_size = random_one_in(4) ? random_edgy() : reply->buffer_size;
    reply->buffer = random_one_in(4) ? NULL : reply->buffer;
}

/* What the caller gets in memory; and what the answerer hears: OK, or its own mistake. */
static status_t expect_answer_in_memory(const struct model_thread *self, struct model_thread *caller, const struct sent *sent)
{
    const struct model_call *call = &caller->call;
    uint32_t size = sent->string.size < call->buffer_size ? sent->string.size : call->buffer_size;

    if (size > 0 && (model.others_fail || !model_memory_is_good(caller->process, call->buffer, size))) {
        model_call_end(caller, BAD_ADDRESS);
        return OK;
    }
    if (!model_memory_is_good(self->process, sent->string_at, size)) {
        return BAD_ADDRESS;
    }
    if (model.others_fail) {     /* the caller's struct reply is bad: looked at before pages move */
        model_call_end(caller, BAD_ADDRESS);
        return OK;
    }
    if (sent->pages.count != 0 && !user_pages_are(self->process->real, sent->pages.begin, sent->pages.count)) {
        return BAD_ARGUMENT;
    }
    model_call_end(caller, size < sent->string.size ? TRUNCATED : OK);
    return OK;
}

static status_t expect_answer(const struct model_thread *self, struct model_thread *caller, const struct sent *sent)
{
    status_t status = message_expect(self, sent);

    if (status != OK) {
        return status;
    }
    memcpy(caller->call.answer_words, sent->words, sizeof sent->words);
    if (caller->call.answer == IN_MEMORY) {
        return expect_answer_in_memory(self, caller, sent);
    }
    model_call_end(caller, sent->string.size == 0 && sent->pages.count == 0 ? OK : TRUNCATED);
    return OK;
}

/* The answer lies in the caller's memory before it runs. */
static void check_answer(const struct model_thread *self, const struct model_thread *caller, const struct sent *sent, uint8_t page_fill)
{
    const struct model_call *call = &caller->call;
    const struct reply *reply = call->reply;

    if (caller->state != CALLED || call->answer != IN_MEMORY || (call->status != OK && call->status != TRUNCATED)) {
        return;
    }
    CHECK(memcmp(reply->words, sent->words, sizeof sent->words) == 0);
    CHECK_EQUAL(reply->string_size, sent->string.size);
    CHECK(reply->buffer == call->buffer && reply->buffer_size == call->buffer_size);
    model_string_check(&sent->string, call->buffer, sent->string.size < call->buffer_size ? sent->string.size : call->buffer_size);
    CHECK_EQUAL(reply->page_count, sent->pages.count);
    if (sent->pages.count == 0) {
        CHECK_EQUAL(reply->pages, 0);
        return;
    }
    CHECK(user_pages_are(caller->process->real, (const void *)(uintptr_t)reply->pages, sent->pages.count));
    CHECK_EQUAL(*(const uint8_t *)(uintptr_t)reply->pages, page_fill);
    CHECK_EQUAL(user_pages_are(self->process->real, sent->pages.begin, sent->pages.count), sent->pages.flags != PAGES_GIVE);
}

static uint8_t fill_of(const struct model_process *owner, const struct model_pages *pages)
{
    return pages->count != 0 && user_pages_are(owner->real, pages->begin, pages->count) ? *(const uint8_t *)pages->begin : 0;
}

/* The answer of message_reply and message_reply_wait, which `reply` calls. */
static status_t answer(struct model_thread *self, status_t (*reply)(message_id_t id, const struct message USER *from))
{
    message_id_t id = some_message_id(self);
    struct model_thread *caller = model_call_find(self->process, id);
    struct sent sent = message_prepare(self, true);
    uint8_t fill = fill_of(self->process, &sent.pages);
    status_t expected = caller == NULL ? BAD_ID : expect_answer(self, caller, &sent);

    CHECK_EQUAL(reply(id, sent.pointer), expected);
    if (expected == OK) {
        check_answer(self, caller, &sent, fill);
    }
    return expected;
}

void call_message_reply(struct model_thread *self)
{
    (void)answer(self, sys_message_reply);
}

/* Its answer, and what comes of the waiting behind it. */
static struct {
    struct event *event;
    nanoseconds_t deadline_ns;
    status_t status;
} waiting;

static status_t reply_and_wait(message_id_t id, const struct message USER *from)
{
    struct thread *caller = call_find(id);
    message_id_t count = caller == NULL ? 0 : caller->call_id;

    waiting.status = sys_message_reply_wait(id, from, waiting.event, waiting.deadline_ns);
    /* OK and TIMED_OUT can only come from behind the answer; BAD_ADDRESS from both. */
    bool answered = caller != NULL && (caller->call_id != count || caller->callee == 0);
    return answered ? OK : waiting.status;
}

void call_message_reply_wait(struct model_thread *self)
{
    struct event expected;
    bool is_past;

    waiting.event = some_pointer(self, &self->area->event, sizeof *waiting.event);
    waiting.deadline_ns = some_deadline(&is_past);
    enter_usually(self);
    if (answer(self, reply_and_wait) != OK) {
        return;
    }
    bool is_good = model_memory_is_good(self->process, waiting.event, sizeof *waiting.event);
    status_t status = model_take(self, is_good, &expected);
    CHECK_EQUAL(waiting.status, status != NOTHING ? status : is_past ? TIMED_OUT : OK);
    CHECK(status != OK || event_is(waiting.event, &expected));
    if (status == NOTHING && !is_past) {
        self->event = waiting.event;
        self->deadline_ns = waiting.deadline_ns;
        self->timed_out = false;
        model_wait(self);
    }
}

void call_message_take_pages(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_thread *caller = model_call_find(self->process, id);
    struct model_pages pages = { .count = 0 };
    status_t expected = OK;
    uint32_t address = 0;

    if (caller == NULL || caller->call.pages.count == 0) {
        expected = caller == NULL ? BAD_ID : NOTHING;
    } else {
        pages = caller->call.pages;
        bool are = user_pages_are(caller->process->real, pages.begin, pages.count);
        expected = !are ? DISCARDED : model.others_fail ? NO_MEMORY : OK;
    }
    uint8_t fill = expected == OK ? fill_of(caller->process, &pages) : 0;
    CHECK_EQUAL(sys_message_take_pages(id, &address), expected);
    if (expected == DISCARDED) {
        model_call_end(caller, BAD_ADDRESS);
    }
    if (expected == OK) {
        CHECK(user_pages_are(self->process->real, (const void *)(uintptr_t)address, pages.count));
        CHECK_EQUAL(*(const uint8_t *)(uintptr_t)address, fill);
        CHECK_EQUAL(user_pages_are(caller->process->real, pages.begin, pages.count), pages.flags != PAGES_GIVE);
        caller->call.pages.count = 0;
    }
}

/* ---- In registers ---- */

static void words_of(const struct user_registers *user, uint32_t first, uint32_t words[MESSAGE_WORDS])
{
    words[0] = first;
    words[1] = user->esi;
    words[2] = user->edi;
    words[3] = user->ebp;
}

static void check_words(const struct user_registers *user, uint32_t first, const uint32_t words[MESSAGE_WORDS])
{
    uint32_t actual[MESSAGE_WORDS];

    words_of(user, first, actual);
    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        CHECK_EQUAL(actual[i], words[i]);
    }
}

void call_has_ended(struct model_thread *self)
{
    struct user_registers user = registers_of(self->real);

    CHECK_EQUAL(self->real->registers.vector, self->vector);
    CHECK_EQUAL(user.eax, self->call.status);
    if (self->call.answer != IN_MEMORY && (user.eax == OK || user.eax == TRUNCATED)) {
        check_words(&user, user.ebx, self->call.answer_words);
    }
    if (self->call.answer != IN_MEMORY) {
        CHECK_EQUAL(user.esp, self->esp);
    }
    self->state = RUNS;
}

/* Enters the kernel with random words. True: it switched directly. */
static bool enter_with_words(struct model_thread *self, uint32_t number, syscall_function_t *handler, uint32_t id, uint32_t esp,
                             struct user_registers *user_out, uint32_t words[MESSAGE_WORDS])
{
    struct registers *left = &self->real->registers;

    *user_out = (struct user_registers){
        .eax = number, .ebx = id, .edx = random_next(), .esi = random_next(), .edi = random_next(), .ebp = random_next(), .esp = esp,
    };
    words_of(user_out, user_out->edx, words);
    self->esp = esp;
    /* Its registers in the kernel are those of some entry before. */
    *left = (struct registers){ .eax = random_next(), .ebx = random_next(), .edi = random_next(), .vector = random_below(VECTOR_COUNT) };
    if (self->vector == VECTOR_SYSENTER) {
        return enter_by_sysenter(handler, user_out);
    }
    enter_by_interrupt(handler, user_out);
    return false;
}

/* A direct switch does not know that whoever calls himself may do so. */
static bool may_switch(const struct model_process *self, const struct model_process *callee)
{
    return (self->access.partners >> callee->access.role & 1) != 0 && (callee->access.partners >> self->access.role & 1) != 0;
}

/* Nobody who is stronger is ready: pretended half of the time, so that switches are many. */
static bool somebody_stronger(const struct model_thread *other)
{
    if (random_one_in(2)) {
        ready_queue.present = 0;
    }
    return (ready_queue.present & other->real->stronger) != 0;
}

static void check_direct(const struct model_thread *self, const struct model_thread *other, const struct user_registers *user)
{
    CHECK(thread_current == other->real && self != other);
    CHECK_EQUAL(user->esp, other->esp);
    CHECK_EQUAL(task_state.tss.esp0, (uintptr_t)(&other->real->registers + 1));
    CHECK_EQUAL(active_directory, other->process->real->space.directory_physical);
    CHECK_EQUAL(other->process->real->page->self, other->real->slot_address);
    CHECK(self->real->blocked_at != 0);
}

void call_message_call_words(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *callee = id == SELF ? self->process : model_process(id);
    struct model_thread *receiver = callee != NULL && callee->receiving > 0 ? callee->receivers[callee->receiving - 1] : NULL;
    status_t expected = expect_call(self, callee);
    uint32_t present = ready_queue.present;
    struct model_call call = { .answer = IN_REGISTERS };
    struct user_registers user;

    self->vector = random_one_in(4) ? VECTOR_SYSTEM_CALL : VECTOR_SYSENTER;
    bool direct = self->vector == VECTOR_SYSENTER && id != SELF && receiver != NULL && may_switch(self->process, callee)
        && !somebody_stronger(receiver);
    call.answer = self->vector == VECTOR_SYSENTER ? BY_SWITCH : IN_REGISTERS;
    bool switched = enter_with_words(self, SYSCALL_MESSAGE_CALL_WORDS, sys_message_call_words, id, random_next(), &user, call.words);
    ready_queue.present |= present;
    CHECK_EQUAL(switched, direct);
    if (expected == NOT_ALLOWED) {
        call_is_barred(self, callee);
    }
    if (expected != OK) {
        CHECK_EQUAL(user.eax, expected);
        return;
    }
    self->call = call;
    model_call_begin(self, callee);
    if (!direct) {
        model_post(callee, SOURCE_CALL, self);
        return;
    }
    self->call.taken = true;
    model_receiver_remove(receiver);
    receiver->state = RUNS;
    receiver->serves = self->call_id;
    check_direct(self, receiver, &user);
    CHECK_EQUAL(user.ebx, self->call_id);
    check_words(&user, user.eax, call.words);
    CHECK_EQUAL(receiver->real->slot->sender, self->process->id);
    CHECK_EQUAL(receiver->real->slot->sender_class, self->process->class);
}

static void check_received(const struct model_thread *self, const struct event *expected, const struct user_registers *user)
{
    CHECK_EQUAL(user->eax, OK);
    CHECK_EQUAL(user->ebx, expected->kind * EVENT_IN_REGISTERS);
    CHECK_EQUAL(user->esi, expected->id);
    CHECK_EQUAL(user->edi, expected->count);
    CHECK_EQUAL(user->esp, self->esp);
}

/* The next event, in registers or in memory; or it waits. `user`: what it sees then. */
static void receive(struct model_thread *self, const struct user_registers *user)
{
    struct model_thread *caller = model_words_waiting(self->process);
    struct event **stack = (struct event **)self->esp;
    struct event expected;

    bool small = self->process->queued > 0 && model_is_small(&self->process->queue[0]);
    bool stack_is_good = model_memory_is_good(self->process, stack, sizeof self->area->stack);
    bool is_good = stack_is_good && model_memory_is_good(self->process, stack[1], sizeof expected);
    status_t status = model_take(self, is_good || small || caller != NULL, &expected);
    if (status == NOTHING) {
        model_receive(self);
        return;
    }
    self->state = RUNS;
    if (small) {
        check_received(self, &expected, user);
        return;
    }
    if (caller == NULL) {
        CHECK(user->eax == status && user->ebx == 0);
        CHECK(status != OK || event_is(stack[1], &expected));
        return;
    }
    CHECK_EQUAL(user->ebx, caller->call_id);
    check_words(user, user->eax, caller->call.words);
    CHECK_EQUAL(self->real->slot->sender, caller->process->id);
    CHECK_EQUAL(self->real->slot->sender_class, caller->process->class);
}

void receive_continues(struct model_thread *self)
{
    struct user_registers user = registers_of(self->real);
    bool was_woken = self->state == RECEIVE_WOKEN;

    receive(self, &user);
    if (was_woken && self->state == RUNS && user.eax == BAD_ADDRESS && user.ebx == 0) {
        model_pass_on(self->process);
    }
}

void receive_has_ended(struct model_thread *self)
{
    struct user_registers user = registers_of(self->real);

    CHECK_EQUAL(self->real->registers.vector, VECTOR_SYSENTER);
    check_received(self, &self->received, &user);
    self->state = RUNS;
}

/* The answer in words, not directly. What the answerer hears: OK or BAD_ID. */
static status_t expect_words(struct model_thread *caller, const uint32_t words[MESSAGE_WORDS])
{
    if (caller == NULL) {
        return BAD_ID;
    }
    memcpy(caller->call.answer_words, words, MESSAGE_WORDS * sizeof *words);
    model_call_end(caller, caller->call.answer == IN_MEMORY && model.others_fail ? BAD_ADDRESS : OK);
    return OK;
}

void call_message_reply_wait_words(struct model_thread *self)
{
    message_id_t id = random_one_in(4) ? 0 : random_one_in(2) ? self->serves : some_message_id(self);
    struct model_thread *caller = model_call_find(self->process, id);
    struct event **stack = some_pointer(self, self->area->stack, sizeof self->area->stack);
    uint32_t present = ready_queue.present;
    uint32_t words[MESSAGE_WORDS];
    struct user_registers user;

    self->area->stack[1] = some_pointer(self, &self->area->received, sizeof(struct event));
    self->vector = random_one_in(4) ? VECTOR_SYSTEM_CALL : VECTOR_SYSENTER;
    bool direct = self->vector == VECTOR_SYSENTER && self->process->queued == 0 && caller != NULL && model_can_switch_to(caller)
        && !somebody_stronger(caller);
    bool switched = enter_with_words(self, SYSCALL_MESSAGE_REPLY_WAIT_WORDS, sys_message_reply_wait_words, id, (uint32_t)stack,
                                     &user, words);
    ready_queue.present |= present;
    CHECK_EQUAL(switched, direct);
    if (direct) {
        caller->state = RUNS;
        model_receive(self);
        check_direct(self, caller, &user);
        CHECK_EQUAL(user.eax, OK);
        check_words(&user, user.ebx, words);
    } else if (id != 0 && expect_words(caller, words) != OK) {
        CHECK(user.eax == BAD_ID && user.ebx == 0);
    } else {
        const struct sent sent = { .words = { words[0], words[1], words[2], words[3] } };

        if (caller != NULL) {
            check_answer(self, caller, &sent, 0);
        }
        receive(self, &user);
    }
}
