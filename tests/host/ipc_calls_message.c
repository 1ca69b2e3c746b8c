/* Events, and messages that are sent. */
#include <string.h>

#include "call.h"
#include "clock.h"
#include "ipc_calls.h"
#include "kernel_user_memory.h"
#include "log.h"
#include "message.h"
#include "syscall_handlers.h"
#include "test.h"

#define PAGES_KNOWN 32U
#define PIECES_MAX 60U           /* of pages, in all processes */

static struct model_pages pages_known[PAGES_KNOWN];      /* that some process has, or had */
static uint32_t pages_made;

struct model_string some_string(void)
{
    struct model_string string = { .seed = random_next() | 1 };

    switch (random_below(24)) {
    case 0:
        string.size = MESSAGE_STRING_MAX - 1 + random_below(3);
        break;
    case 1:
        string.size = random_edgy();
        break;
    case 2:
    case 3:
    case 4:
        string.size = random_below(600);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        string.size = 0;
        break;
    default:
        string.size = random_below(70);
    }
    return string;
}

void enter_usually(struct model_thread *self)
{
    self->vector = random_one_in(2) ? VECTOR_SYSENTER : VECTOR_SYSTEM_CALL;
    self->real->registers.vector = self->vector;
    self->real->registers.eax = random_next();
}

void call_pages_make(struct model_thread *self)
{
    uint32_t count = 1 + random_below(3);

    if (user_pages_pieces() < PIECES_MAX) {
        pages_known[pages_made++ % PAGES_KNOWN] = (struct model_pages){
            .begin = user_pages_add(self->process->real, count, (uint8_t)random_next()), .count = count,
        };
    }
}

/* Mostly none; else mostly the process's own, or what it or others had once. */
static struct model_pages some_pages(const struct model_thread *self)
{
    struct model_pages pages = { .flags = random_below(4) };

    if (!random_one_in(3)) {
        return pages;
    }
    for (uint32_t i = 0; i < PAGES_KNOWN; i++) {
        const struct model_pages *known = &pages_known[random_below(PAGES_KNOWN)];

        pages.begin = known->begin;
        pages.count = known->count;
        if (user_pages_are(self->process->real, known->begin, known->count)) {
            break;
        }
    }
    pages.count = random_one_in(20) ? random_edgy() : pages.count;
    return pages;
}

struct sent message_prepare(struct model_thread *self, bool with_pages)
{
    struct message *message = &self->area->message;
    struct sent sent = { .string = some_string() };

    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        sent.words[i] = message->words[i] = random_next();
    }
    sent.string_at = some_pointer(self, self->area->string, sent.string.size);
    if (sent.string_at == self->area->string && sent.string.size <= MESSAGE_STRING_MAX) {
        model_string_fill(&sent.string, self->area->string, sent.string.size);
    } else {
        sent.string.seed = 0;
    }
    sent.pages = with_pages || random_one_in(30) ? some_pages(self) : (struct model_pages){ .count = 0 };
    message->string = sent.string_at;
    message->string_size = sent.string.size;
    message->pages = (void *)sent.pages.begin;
    message->page_count = sent.pages.count;
    message->page_flags = sent.pages.flags;
    sent.pointer = some_pointer(self, message, sizeof *message);
    return sent;
}

status_t message_expect(const struct model_thread *self, const struct sent *sent)
{
    if (!model_memory_is_good(self->process, sent->pointer, sizeof *sent->pointer)) {
        return BAD_ADDRESS;
    }
    if (sent->string.size > MESSAGE_STRING_MAX || sent->pages.count > MESSAGE_PAGES_MAX) {
        return TOO_BIG;
    }
    return sent->pages.count != 0 && sent->pages.flags > PAGES_SHARE_WRITABLE ? BAD_ARGUMENT : OK;
}

static uint32_t count_messages(void)
{
    uint32_t count = 0;

    MODEL_EACH(model_message, message, messages) {
        count++;
    }
    return count;
}

static status_t expect_send(const struct model_thread *self, const struct sent *sent)
{
    status_t status = message_expect(self, sent);

    if (status != BAD_ADDRESS && sent->pages.count != 0) {
        return BAD_ARGUMENT;
    }
    if (status != OK) {
        return status;
    }
    if (!model_has_room(self->process, RESOURCE_MESSAGE_BYTES, (uint32_t)sizeof(struct queued_message) + sent->string.size)
        || !model_has_room(self->process, RESOURCE_OBJECTS, 1)) {
        return OVER_QUOTA;
    }
    if (model.heap_fails || count_messages() == MODEL_MESSAGES) {
        return NO_MEMORY;
    }
    return model_memory_is_good(self->process, sent->string_at, sent->string.size) ? OK : BAD_ADDRESS;
}

void call_message_send(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *receiver = id == SELF ? self->process : model_process(id);
    struct sent sent = message_prepare(self, false);
    bool barred = receiver != NULL && !model_may_send(self->process, receiver);
    status_t expected = receiver == NULL ? BAD_ID : barred ? NOT_ALLOWED : expect_send(self, &sent);

    CHECK_EQUAL(sys_message_send(id, sent.pointer), expected);
    if (barred) {
        (void)model_strike(self->process);
    }
    if (expected != OK) {
        return;
    }
    struct model_message *message = MODEL_NEW(messages);
    CHECK(message != NULL && !list_is_empty(&receiver->real->messages));
    message->id = LIST_ENTRY(receiver->real->messages.previous, struct queued_message, receiver_node)->id;
    CHECK(message->id != 0 && !call_id_is(message->id));
    message->sender = self->process->id;
    message->sender_class = self->process->class;
    message->payer = self->process;
    message->receiver = receiver;
    memcpy(message->words, sent.words, sizeof message->words);
    message->string = sent.string;
    model_post(receiver, SOURCE_MESSAGE, message);
}

message_id_t some_message_id(const struct model_thread *self)
{
    static message_id_t old[16];
    static uint32_t seen;
    message_id_t id = random_one_in(8) ? old[random_below(16)] : random_one_in(20) ? LOG_MESSAGE_ID : random_edgy();
    uint32_t candidates = 0;

    MODEL_EACH(model_message, message, messages) {
        bool own = message->receiver == self->process && message->taken;

        if ((own || random_one_in(30)) && !random_one_in(12) && random_one_in(++candidates)) {
            id = message->id;
        }
    }
    MODEL_EACH(model_thread, caller, threads) {
        bool own = caller->state == CALLS && caller->call.callee == self->process && caller->call.taken;

        if ((own || random_one_in(30)) && !random_one_in(12) && random_one_in(++candidates)) {
            id = caller->call_id;
        }
    }
    old[seen++ % 16] = id;
    return id;
}

static struct model_message *own_message(const struct model_thread *self, message_id_t id)
{
    MODEL_EACH(model_message, message, messages) {
        if (message->id == id && message->receiver == self->process && message->taken) {
            return message;
        }
    }
    return NULL;
}

/* Of a call: a short string is in the call, a long one in the caller's memory. */
static status_t expect_receive_call(const struct model_thread *self, struct model_thread *caller, const void *to, uint32_t size)
{
    const struct model_string *string = &caller->call.string;

    if (string->size > size) {
        return TOO_BIG;
    }
    if (string->size > MESSAGE_INLINE_MAX
        && (model.others_fail || !model_memory_is_good(caller->process, caller->call.string_at, string->size))) {
        model_call_end(caller, BAD_ADDRESS);
        return DISCARDED;
    }
    return model_memory_is_good(self->process, to, string->size) ? OK : BAD_ADDRESS;
}

static status_t expect_receive_message(const struct model_thread *self, const struct model_message *message, const void *to,
                                       uint32_t size)
{
    if (message == NULL) {
        return BAD_ID;
    }
    if (message->string.size > size) {
        return TOO_BIG;
    }
    return model_memory_is_good(self->process, to, message->string.size) ? OK : BAD_ADDRESS;
}

void call_message_receive(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_message *message = own_message(self, id);
    struct model_thread *caller = model_call_find(self->process, id);
    uint32_t size = random_one_in(2) ? MODEL_STRING_MAX : random_below(100);
    const struct model_string *string = caller != NULL ? &caller->call.string : message != NULL ? &message->string : NULL;
    void *buffer = some_pointer(self, self->area->buffer, string == NULL ? 1 : string->size);
    status_t expected = caller != NULL ? expect_receive_call(self, caller, buffer, size)
                                       : expect_receive_message(self, message, buffer, size);

    CHECK_EQUAL(sys_message_receive(id, buffer, size), expected);
    if (expected == OK) {
        model_string_check(string, buffer, string->size);
        if (message != NULL) {
            model_message_end(message);
        }
    }
}

void call_message_discard(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_message *message = own_message(self, id);
    struct model_thread *caller = model_call_find(self->process, id);

    CHECK_EQUAL(sys_message_discard(id), message == NULL && caller == NULL ? BAD_ID : OK);
    if (message != NULL) {
        model_message_end(message);
    }
    if (caller != NULL) {
        model_call_end(caller, DISCARDED);
    }
}

bool event_is(const struct event *event, const struct event *expected)
{
    uint32_t size = expected->string_size <= MESSAGE_INLINE_MAX ? expected->string_size : 0;

    size = (size + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    return memcmp(event, expected, offsetof(struct event, string) + size) == 0;
}

void call_event_poll(struct model_thread *self)
{
    struct event expected;
    struct event *event = some_pointer(self, &self->area->event, sizeof *event);
    status_t status = model_take(self, model_memory_is_good(self->process, event, sizeof *event), &expected);

    CHECK_EQUAL(sys_event_poll(event), status);
    CHECK(status != OK || event_is(event, &expected));
}

void call_event_wait(struct model_thread *self)
{
    struct event expected;
    bool is_past;
    struct event *event = some_pointer(self, &self->area->event, sizeof *event);
    nanoseconds_t deadline_ns = some_deadline(&is_past);
    status_t status = model_take(self, model_memory_is_good(self->process, event, sizeof *event), &expected);

    if (status == NOTHING && is_past) {
        status = TIMED_OUT;
    }
    enter_usually(self);
    CHECK_EQUAL(sys_event_wait(event, deadline_ns), status == NOTHING ? OK : status);    /* of no meaning if it is blocked */
    if (status == NOTHING) {
        self->event = event;
        self->deadline_ns = deadline_ns;
        self->timed_out = false;
        model_wait(self);
    }
    CHECK(status != OK || event_is(event, &expected));
}

static void wait_continues(struct model_thread *self, status_t status)
{
    struct event expected;
    status_t taken = model_take(self, model_memory_is_good(self->process, self->event, sizeof *self->event), &expected);

    if (taken == NOTHING && !self->timed_out) {
        model_wait(self);
        return;
    }
    if (taken == BAD_ADDRESS) {
        model_pass_on(self->process);
    }
    self->state = RUNS;
    CHECK_EQUAL(status, taken == NOTHING ? TIMED_OUT : taken);
    CHECK(taken != OK || event_is(self->event, &expected));
}

void call_continues(struct model_thread *self, status_t status)
{
    CHECK_EQUAL(self->real->registers.vector, self->vector);
    if (self->state == WOKEN) {
        wait_continues(self, status);
    } else if (self->state == RECEIVE_WOKEN) {
        receive_continues(self);
    } else {
        CHECK_EQUAL(status, OK);
        self->state = RUNS;
    }
}
