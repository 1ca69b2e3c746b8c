#include "message.h"

#include "heap.h"
#include "log.h"
#include "process.h"
#include "scheduler.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

struct id_table message_table;

static uint32_t charge_of(const struct queued_message *message)
{
    return (uint32_t)sizeof *message + message->capacity;
}

/* A message costs its bytes and one object: IDs are finite too. OK or OVER_QUOTA. */
static status_t charge(struct process *payer, uint32_t size)
{
    status_t status = account_charge(&payer->account, RESOURCE_MESSAGE_BYTES, size);

    if (status != OK) {
        return status;
    }
    status = account_charge(&payer->account, RESOURCE_OBJECTS, 1);
    if (status != OK) {
        account_release(&payer->account, RESOURCE_MESSAGE_BYTES, size);
    }
    return status;
}

static void discharge(struct account *account, uint32_t size)
{
    account_release(account, RESOURCE_MESSAGE_BYTES, size);
    account_release(account, RESOURCE_OBJECTS, 1);
}

/* Gives back the message. Nobody waits for it, and it is not in its receiver's queue. */
static void message_free(struct queued_message *message)
{
    id_table_remove(&message_table, message->id);
    event_withdraw(&message->source);
    list_remove(&message->receiver_node);
    list_remove(&message->payer_node);
    if (message->account != NULL) {
        discharge(message->account, charge_of(message));
    }
    heap_free(message);
}

/* The caller wakes, with this status; the message is no longer its own. */
static void caller_refuse(struct queued_message *message, status_t status)
{
    struct thread *caller = message->caller;

    message->caller = NULL;
    caller->call = NULL;
    caller->call_status = status;
    thread_unblock(caller);
}

/* The receiver will do nothing more with it. */
static void message_done(struct queued_message *message, status_t status)
{
    if (message->caller != NULL) {
        caller_refuse(message, status);
    }
    message_free(message);
}

static void message_describe(const struct event_source *source, struct event *event_out)
{
    const struct queued_message *message = LIST_ENTRY(source, struct queued_message, source);

    event_out->kind = EVENT_MESSAGE;
    event_out->flags = message->caller == NULL ? 0 : EVENT_WANTS_REPLY;
    event_out->id = message->id;
    event_out->sender = message->sender;
    event_out->sender_class = message->sender_class;
    event_out->string_size = message->string_size;
    memcpy(event_out->words, message->words, sizeof event_out->words);
    if (message->string_size <= MESSAGE_INLINE_MAX) {
        memcpy(event_out->string, message->string, message->string_size);
    }
}

static void message_delivered(struct event_source *source)
{
    struct queued_message *message = LIST_ENTRY(source, struct queued_message, source);

    message->taken = true;
    if (message->caller == NULL && message->string_size <= MESSAGE_INLINE_MAX) {
        message_free(message);
    }
}

static const struct event_source_type message_type = { message_describe, message_delivered };

/*
 * A message of the running process, filled from its memory, with room for a reply of `reply_size`
 * bytes; not posted. OK, BAD_ADDRESS, TOO_BIG, NO_MEMORY, OVER_QUOTA.
 */
static status_t message_create(const struct message USER *from, uint32_t reply_size, struct queued_message **message_out)
{
    struct process *self = thread_current->process;
    struct message copy;

    status_t status = user_read(&copy, from, sizeof copy);
    if (status != OK) {
        return status;
    }
    if (copy.string_size > MESSAGE_STRING_MAX) {
        return TOO_BIG;
    }
    uint32_t capacity = copy.string_size > reply_size ? copy.string_size : reply_size;
    uint32_t size = (uint32_t)sizeof(struct queued_message) + capacity;
    status = charge(self, size);
    if (status != OK) {
        return status;
    }
    struct queued_message *message = heap_allocate_unset(size, self->space.reserve);
    if (message == NULL || !id_table_add(&message_table, message, &message->id)) {
        heap_free(message);
        discharge(&self->account, size);
        return NO_MEMORY;
    }

    event_source_initialise(&message->source, &message_type);
    list_initialise(&message->receiver_node);
    list_initialise(&message->payer_node);
    message->receiver = NULL;
    message->account = &self->account;
    list_append(&self->messages_sent, &message->payer_node);
    message->caller = NULL;
    message->sender = self->id;
    message->sender_class = self->class;
    message->taken = false;
    message->capacity = capacity;
    message->string_size = copy.string_size;
    memcpy(message->words, copy.words, sizeof message->words);
    status = user_read(message->string, copy.string, copy.string_size);
    if (status != OK) {
        message_free(message);
        return status;
    }
    *message_out = message;
    return OK;
}

static void message_post(struct queued_message *message, struct process *receiver)
{
    message->receiver = receiver;
    list_append(&receiver->messages, &message->receiver_node);
    event_post(&receiver->events, &message->source);
}

status_t sys_message_send(process_id_t destination, const struct message USER *from)
{
    struct process *receiver = process_look_up(destination);
    struct queued_message *message;

    if (receiver == NULL) {
        return BAD_ID;
    }
    status_t status = message_create(from, 0, &message);
    if (status == OK) {
        message_post(message, receiver);
    }
    return status;
}

/* Goes on in the caller when its message was answered or will never be. */
static status_t call_finish(struct thread *thread)
{
    struct queued_message *message = thread->call;
    struct reply reply;

    if (message == NULL) {
        return thread->call_status;
    }
    status_t status = user_read(&reply, thread->call_reply, sizeof reply);
    if (status == OK) {
        uint32_t size = message->string_size < message->capacity ? message->string_size : message->capacity;

        size = size < reply.buffer_size ? size : reply.buffer_size;
        memcpy(reply.words, message->words, sizeof reply.words);
        reply.string_size = message->string_size;
        status = user_write(reply.buffer, message->string, size);
        if (status == OK) {
            status = user_write(thread->call_reply, &reply, sizeof reply);
        }
        if (status == OK && size < reply.string_size) {
            status = TRUNCATED;
        }
    }
    thread->call = NULL;
    message_free(message);
    return status;
}

status_t sys_message_call(process_id_t destination, const struct message USER *from, struct reply USER *reply)
{
    struct thread *self = thread_current;
    struct process *receiver = process_look_up(destination);
    struct queued_message *message;
    struct reply wanted;

    if (receiver == NULL) {
        return BAD_ID;
    }
    if (receiver == self->process) {
        return BAD_ARGUMENT;
    }
    status_t status = user_read(&wanted, reply, sizeof wanted);
    if (status != OK) {
        return status;
    }
    uint32_t reply_size = wanted.buffer_size < MESSAGE_STRING_MAX ? wanted.buffer_size : MESSAGE_STRING_MAX;
    status = message_create(from, reply_size, &message);
    if (status != OK) {
        return status;
    }
    message->caller = self;
    self->call = message;
    self->call_reply = reply;
    thread_block(self, call_finish);
    message_post(message, receiver);
    return OK;
}

/* The message with this ID, if the running process has taken it; or NULL. */
static struct queued_message *message_find(message_id_t id)
{
    struct queued_message *message = id_table_find(&message_table, id);

    return message != NULL && message->receiver == thread_current->process && message->taken ? message : NULL;
}

/* Puts what is said into the message itself: its sender paid for the room. */
static status_t answer_read(struct queued_message *message, const struct message USER *from)
{
    struct message copy;
    status_t status = user_read(&copy, from, sizeof copy);

    if (status != OK) {
        return status;
    }
    if (copy.string_size > MESSAGE_STRING_MAX) {
        return TOO_BIG;
    }
    status = user_read(message->string, copy.string,
                       copy.string_size < message->capacity ? copy.string_size : message->capacity);
    if (status != OK) {
        return status;
    }
    message->string_size = copy.string_size;
    memcpy(message->words, copy.words, sizeof message->words);
    return OK;
}

status_t sys_message_reply(message_id_t id, const struct message USER *from)
{
    struct queued_message *message = message_find(id);

    if (message == NULL) {
        return BAD_ID;
    }
    if (message->caller == NULL) {
        message_free(message);   /* its sender has died */
        return PEER_DIED;
    }
    status_t status = answer_read(message, from);
    if (status != OK) {
        return status;
    }
    list_remove(&message->receiver_node);
    message->receiver = NULL;
    thread_unblock(message->caller);
    return OK;
}

status_t sys_message_receive(message_id_t id, void USER *string_out, uint32_t string_size)
{
    if (id == LOG_MESSAGE_ID) {
        return log_receive(string_out, string_size);
    }
    struct queued_message *message = message_find(id);
    if (message == NULL) {
        return BAD_ID;
    }
    if (message->string_size > string_size) {
        return TOO_BIG;
    }
    status_t status = user_write(string_out, message->string, message->string_size);
    if (status == OK && message->caller == NULL) {
        message_free(message);
    }
    return status;
}

status_t sys_message_discard(message_id_t id)
{
    struct queued_message *message = message_find(id);

    if (message == NULL) {
        return BAD_ID;
    }
    message_done(message, DISCARDED);
    return OK;
}

void message_caller_ended(struct thread *thread)
{
    struct queued_message *message = thread->call;

    if (message == NULL) {
        return;
    }
    thread->call = NULL;
    message->caller = NULL;
    if (!message->taken || message->receiver == NULL) {
        message_free(message);
    }
}

void messages_receiver_ended(struct process *process)
{
    while (!list_is_empty(&process->messages)) {
        message_done(LIST_ENTRY(process->messages.next, struct queued_message, receiver_node), PEER_DIED);
    }
}

void messages_sender_ended(struct process *process)
{
    struct list *node;

    while ((node = list_take_first(&process->messages_sent)) != NULL) {
        struct queued_message *message = LIST_ENTRY(node, struct queued_message, payer_node);

        message->account = process->account.parent;
        if (message->account != NULL && message->account != &system_account) {
            list_append(&process->parent->messages_sent, &message->payer_node);
        }
    }
}
