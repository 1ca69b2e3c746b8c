/*
 * Messages that are sent without waiting for an answer. (Calls: see call.h.)
 *
 * A message is made by its sender and charged to it, and hangs on its receiver: first in its event queue, then
 * taken, until it is done with: received or discarded. One that is entire in its event is done with at once.
 *
 * Who dies:   receiver -- its messages go.
 *             sender's process -- what it sent stays, charged to its parent.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/message.h>
#include <abi/status.h>

#include <stdbool.h>

#include "event.h"
#include "id_table.h"
#include "list.h"

struct account;
struct process;

struct queued_message {
    struct event_source source;  /* in the receiver's event queue until it is taken */
    message_id_t id;             /* constant; even */
    struct process *receiver;    /* constant */
    struct list receiver_node;   /* in receiver->messages */
    struct account *account;     /* pays for it; NULL: the supervisor did, and has ended */
    struct list payer_node;      /* in messages_sent of the process whose account it is */
    process_id_t sender;         /* constant */
    process_class_t sender_class;/* constant */
    bool taken;                  /* its event was delivered */
    uint32_t string_size;        /* constant */
    uint32_t words[MESSAGE_WORDS];
    uint8_t string[];
};

extern struct id_table message_table;

/* What a message asks for: OK, TOO_BIG, BAD_ARGUMENT. */
[[nodiscard]] status_t message_check(const struct message *message);

/* For process.c: see "Who dies" above. */
void messages_receiver_ended(struct process *process);
void messages_sender_ended(struct process *process);
