#include "message.h"

#include "call.h"
#include "heap.h"
#include "log.h"
#include "process.h"
#include "strike.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

struct id_table message_table;

static uint32_t charge_of(const struct queued_message *message)
{
    return (uint32_t)sizeof *message + message->string_size;
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
    id_table_remove(&message_table, message->id / 2);
    event_withdraw(&message->source);
    list_remove(&message->receiver_node);
    list_remove(&message->payer_node);
    if (message->account != NULL) {
        discharge(message->account, charge_of(message));
    }
    heap_free(message);
}

static void message_describe(const struct event_source *source, struct event *event_out)
{
    const struct queued_message *message = LIST_ENTRY(source, struct queued_message, source);

    event_out->kind = EVENT_MESSAGE;
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
    if (message->string_size <= MESSAGE_INLINE_MAX) {
        message_free(message);
    }
}

static const struct event_source_type message_type = { false, message_describe, message_delivered };

status_t message_check(const struct message *message)
{
    if (message->string_size > MESSAGE_STRING_MAX || message->page_count > MESSAGE_PAGES_MAX) {
        return TOO_BIG;
    }
    return message->page_count != 0 && message->page_flags > PAGES_SHARE_WRITABLE ? BAD_ARGUMENT : OK;
}

/* Room for a message of the running process, charged to it. OK, NO_MEMORY, OVER_QUOTA. */
static status_t message_create(uint32_t string_size, struct queued_message **message_out)
{
    struct process *self = thread_current->process;
    uint32_t size = (uint32_t)sizeof(struct queued_message) + string_size;
    status_t status = charge(self, size);

    if (status != OK) {
        return status;
    }
    struct queued_message *message = heap_allocate_unset(size, self->space.reserve);
    uint32_t id;
    if (message == NULL || !id_table_add(&message_table, message, &id)) {
        heap_free(message);
        discharge(&self->account, size);
        return NO_MEMORY;
    }

    event_source_initialise(&message->source, &message_type);
    list_initialise(&message->receiver_node);
    list_initialise(&message->payer_node);
    message->id = id * 2;
    message->receiver = NULL;
    message->account = &self->account;
    list_append(&self->messages_sent, &message->payer_node);
    message->sender = self->id;
    message->sender_class = self->class;
    message->taken = false;
    message->string_size = string_size;
    *message_out = message;
    return OK;
}

status_t sys_message_send(process_id_t destination, const struct message USER *from)
{
    struct process *receiver = process_look_up(destination);
    struct queued_message *message;
    struct message copy;

    if (receiver == NULL) {
        return BAD_ID;
    }
    if (!process_may_send(thread_current->process, receiver)) {
        return strike_refuse(STRIKE_MESSAGE, receiver->access.role);
    }
    status_t status = user_read(&copy, from, sizeof copy);
    if (status == OK) {
        status = copy.page_count != 0 ? BAD_ARGUMENT : message_check(&copy);
    }
    if (status == OK) {
        status = message_create(copy.string_size, &message);
    }
    if (status != OK) {
        return status;
    }
    memcpy(message->words, copy.words, sizeof message->words);
    status = user_read(message->string, copy.string, copy.string_size);
    if (status != OK) {
        message_free(message);
        return status;
    }

    /* Point of no return: the receiver has it. */
    message->receiver = receiver;
    list_append(&receiver->messages, &message->receiver_node);
    event_post(&receiver->events, &message->source);
    return OK;
}

/* The message with this ID, if the running process has taken it; or NULL. */
static struct queued_message *message_find(message_id_t id)
{
    struct queued_message *message = id % 2 == 0 ? id_table_find(&message_table, id / 2) : NULL;

    return message != NULL && message->receiver == thread_current->process && message->taken ? message : NULL;
}

status_t sys_message_reply(message_id_t id, const struct message USER *from)
{
    struct thread *caller = call_find(id);

    return caller == NULL ? BAD_ID : call_answer(caller, from);
}

static status_t message_receive(message_id_t id, void USER *string_out, uint32_t string_size)
{
    struct queued_message *message = message_find(id);

    if (message == NULL) {
        return BAD_ID;
    }
    if (message->string_size > string_size) {
        return TOO_BIG;
    }
    status_t status = user_write(string_out, message->string, message->string_size);
    if (status == OK) {
        message_free(message);
    }
    return status;
}

status_t sys_message_receive(message_id_t id, void USER *string_out, uint32_t string_size)
{
    struct thread *caller = call_find(id);

    if (caller != NULL) {
        return call_receive(caller, string_out, string_size);
    }
    return id == LOG_MESSAGE_ID ? log_receive(string_out, string_size) : message_receive(id, string_out, string_size);
}

status_t sys_message_discard(message_id_t id)
{
    struct thread *caller = call_find(id);
    struct queued_message *message = message_find(id);

    if (caller != NULL) {
        call_refuse(caller, DISCARDED);
        return OK;
    }
    if (message == NULL) {
        return BAD_ID;
    }
    message_free(message);
    return OK;
}

void messages_receiver_ended(struct process *process)
{
    while (!list_is_empty(&process->messages)) {
        message_free(LIST_ENTRY(process->messages.next, struct queued_message, receiver_node));
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
