/* Events and messages. */
#include <string.h>

#include "clock.h"
#include "ipc_calls.h"
#include "log.h"
#include "message.h"
#include "syscall_handlers.h"
#include "test.h"

static struct model_string some_string(void)
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
    default:
        string.size = random_below(70);
    }
    return string;
}

/* A message in the memory of the caller's process. */
struct sent {
    const struct message *pointer;
    bool is_good;                /* the pointer leads to a message */
    bool string_is_good;         /* and that to its string */
    struct model_string string;
    uint32_t words[MESSAGE_WORDS];
};

static struct sent prepare(struct model_thread *self)
{
    struct message *message = &self->area->message;
    struct sent sent = { .string = some_string() };

    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        sent.words[i] = message->words[i] = random_next();
    }
    message->string = some_pointer(self, self->area->string, sent.string.size, &sent.string_is_good);
    message->string_size = sent.string.size;
    if (sent.string.size == 0 && random_one_in(2)) {
        message->string = NULL;
    }
    if (sent.string_is_good && sent.string.size <= MESSAGE_STRING_MAX) {
        model_string_fill(&sent.string, self->area->string, sent.string.size);
    }
    sent.pointer = some_pointer(self, message, sizeof *message, &sent.is_good);
    return sent;
}

static uint32_t count_messages(void)
{
    uint32_t count = 0;

    MODEL_EACH(model_message, message, messages) {
        count++;
    }
    return count;
}

/* Why the message cannot be made; OK if it can. */
static status_t expect_message(const struct model_thread *self, const struct sent *sent, uint32_t capacity)
{
    if (!sent->is_good) {
        return BAD_ADDRESS;
    }
    if (sent->string.size > MESSAGE_STRING_MAX) {
        return TOO_BIG;
    }
    if (!model_has_room(self->process, RESOURCE_MESSAGE_BYTES, (uint32_t)sizeof(struct queued_message) + capacity)
        || !model_has_room(self->process, RESOURCE_OBJECTS, 1)) {
        return OVER_QUOTA;
    }
    if (model.heap_fails || count_messages() == MODEL_MESSAGES) {
        return NO_MEMORY;
    }
    return sent->string_is_good || sent->string.size == 0 ? OK : BAD_ADDRESS;
}

/* The message is on its way: only the kernel knows its ID. */
static struct model_message *message_sent(struct model_thread *self, const struct sent *sent, uint32_t capacity,
                                          struct model_process *receiver)
{
    struct model_message *message = MODEL_NEW(messages);
    const struct list *last = receiver->real->messages.previous;

    CHECK(message != NULL && last != &receiver->real->messages);
    message->id = LIST_ENTRY(last, struct queued_message, receiver_node)->id;
    message->sender = self->process->id;
    message->sender_class = self->process->class;
    message->payer = self->process;
    message->receiver = receiver;
    message->capacity = capacity;
    memcpy(message->words, sent->words, sizeof message->words);
    message->string = sent->string;
    return message;
}

void call_message_send(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *receiver = id == SELF ? self->process : model_process(id);
    struct sent sent = prepare(self);
    status_t expected = receiver == NULL ? BAD_ID : expect_message(self, &sent, sent.string.size);

    CHECK_EQUAL(sys_message_send(id, sent.pointer), expected);
    if (expected == OK) {
        model_post(receiver, EVENT_MESSAGE, message_sent(self, &sent, sent.string.size, receiver));
    }
}

void call_message_call(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *receiver = id == SELF ? self->process : model_process(id);
    struct sent sent = prepare(self);
    struct reply *reply = &self->area->reply;
    bool reply_is_good, buffer_is_good;
    status_t expected = OK;

    reply->buffer_size = some_string().size;
    reply->buffer = some_pointer(self, self->area->buffer, 1, &buffer_is_good);
    reply = some_pointer(self, reply, sizeof *reply, &reply_is_good);
    uint32_t room = self->area->reply.buffer_size < MESSAGE_STRING_MAX ? self->area->reply.buffer_size : MESSAGE_STRING_MAX;
    uint32_t capacity = sent.string.size > room ? sent.string.size : room;

    if (receiver == NULL) {
        expected = BAD_ID;
    } else if (receiver == self->process) {
        expected = BAD_ARGUMENT;
    } else {
        expected = reply_is_good ? expect_message(self, &sent, capacity) : BAD_ADDRESS;
    }
    CHECK_EQUAL(sys_message_call(id, sent.pointer, reply), expected);
    if (expected == OK) {
        self->call = message_sent(self, &sent, capacity, receiver);
        self->call->caller = self;
        self->state = CALLS;
        model_post(receiver, EVENT_MESSAGE, self->call);
    }
}

/* What message_call gives when its message was answered or will never be. */
static status_t expect_reply(struct model_thread *self)
{
    struct model_message *message = self->call;
    const struct reply *reply = &self->area->reply;

    if (message == NULL) {
        return self->call_status;
    }
    uint32_t kept = message->string.size < message->capacity ? message->string.size : message->capacity;
    uint32_t size = kept < reply->buffer_size ? kept : reply->buffer_size;
    self->call = NULL;
    message->alive = false;
    if (size > 0 && reply->buffer != self->area->buffer) {
        return BAD_ADDRESS;
    }
    CHECK_EQUAL(reply->string_size, message->string.size);
    CHECK(memcmp(reply->words, message->words, sizeof reply->words) == 0);
    model_string_check(&message->string, self->area->buffer, size);
    return size < message->string.size ? TRUNCATED : OK;
}

/* The ID of a message: mostly one that this process has taken. */
static message_id_t some_message_id(const struct model_thread *self)
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

/* As much of the string as there is room for: what is read of it. A bad pointer may be good for so little. */
static bool is_readable(const struct model_thread *self, const struct sent *sent, uint32_t size)
{
    uintptr_t at = (uintptr_t)self->area->message.string;

    return sent->string_is_good || size == 0
        || (at >= (uintptr_t)self->area && at + size <= (uintptr_t)(self->area + 1));
}

static status_t expect_answer(const struct model_thread *self, struct model_message *message, const struct sent *sent)
{
    uint32_t size = sent->string.size < message->capacity ? sent->string.size : message->capacity;

    if (!sent->is_good) {
        return BAD_ADDRESS;
    }
    if (sent->string.size > MESSAGE_STRING_MAX) {
        return TOO_BIG;
    }
    if (!is_readable(self, sent, size)) {
        message->string.seed = 0;    /* the room of the reply is where the message was */
        return BAD_ADDRESS;
    }
    message->string = sent->string;
    message->string.seed = sent->string_is_good ? sent->string.seed : 0;
    memcpy(message->words, sent->words, sizeof message->words);
    message->receiver = NULL;
    message->caller->state = CALLED;
    return OK;
}

void call_message_reply(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_message *message = own_message(self, id);
    struct sent sent = prepare(self);
    status_t expected = BAD_ID;

    if (message != NULL && message->caller == NULL) {
        message->alive = false;
        expected = PEER_DIED;
    } else if (message != NULL) {
        expected = expect_answer(self, message, &sent);
    }
    CHECK_EQUAL(sys_message_reply(id, sent.pointer), expected);
}

void call_message_receive(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_message *message = own_message(self, id);
    uint32_t size = random_one_in(2) ? MODEL_STRING_MAX : random_below(100);
    status_t expected = message == NULL ? BAD_ID : message->string.size > size ? TOO_BIG : OK;
    bool is_good;
    void *buffer = some_pointer(self, self->area->buffer, expected == OK ? message->string.size : 1, &is_good);

    if (expected == OK && message->string.size > 0 && !is_good) {
        expected = BAD_ADDRESS;
    }
    CHECK_EQUAL(sys_message_receive(id, buffer, size), expected);
    if (expected == OK) {
        model_string_check(&message->string, self->area->buffer, message->string.size);
        message->alive = message->caller != NULL;
    }
}

void call_message_discard(struct model_thread *self)
{
    message_id_t id = some_message_id(self);
    struct model_message *message = own_message(self, id);

    CHECK_EQUAL(sys_message_discard(id), message == NULL ? BAD_ID : OK);
    if (message != NULL) {
        model_message_end(message, DISCARDED);
    }
}

void call_event_poll(struct model_thread *self)
{
    struct event expected;
    bool is_good;
    struct event *event = some_pointer(self, &self->area->event, sizeof *event, &is_good);
    status_t status = model_take(self->process, is_good, &expected);

    CHECK_EQUAL(sys_event_poll(event), status);
    CHECK(status != OK || memcmp(event, &expected, sizeof expected) == 0);
}

void call_event_wait(struct model_thread *self)
{
    struct event expected;
    bool is_good, is_past;
    struct event *event = some_pointer(self, &self->area->event, sizeof *event, &is_good);
    nanoseconds_t deadline_ns = some_deadline(&is_past);
    status_t status = model_take(self->process, is_good, &expected);

    if (status == NOTHING && is_past) {
        status = TIMED_OUT;
    }
    if (status == NOTHING) {
        self->state = WAITS;
        self->event = event;
        self->deadline_ns = deadline_ns;
        self->timed_out = false;
        self->process->waiters[self->process->waiting++] = self;
        status = OK;             /* of no meaning: it is blocked */
    } else if (status == OK) {
        CHECK_EQUAL(sys_event_wait(event, deadline_ns), OK);
        CHECK(memcmp(event, &expected, sizeof expected) == 0);
        return;
    }
    CHECK_EQUAL(sys_event_wait(event, deadline_ns), status);
}

static void wait_continues(struct model_thread *self, status_t status)
{
    struct event expected;
    status_t taken = model_take(self->process, self->event == &self->area->event, &expected);

    if (taken == NOTHING && !self->timed_out) {
        self->state = WAITS;
        self->process->waiters[self->process->waiting++] = self;
        return;
    }
    if (taken == BAD_ADDRESS) {
        model_pass_on(self->process);
    }
    self->state = RUNS;
    CHECK_EQUAL(status, taken == NOTHING ? TIMED_OUT : taken);
    CHECK(taken != OK || memcmp(self->event, &expected, sizeof expected) == 0);
}

void call_continues(struct model_thread *self, status_t status)
{
    if (self->state == WOKEN) {
        wait_continues(self, status);
        return;
    }
    CHECK_EQUAL(status, self->state == CALLED ? expect_reply(self) : OK);
    self->state = RUNS;
}
