/*
 * Messages between processes.
 *
 * A message is made by its sender and charged to it, and hangs on its receiver: first in its event queue, then
 * taken, until it is done with: answered, received, or discarded. A sender that waits
 * for a reply has paid for the room of that too: answering cannot fail for lack of memory.
 *
 * Who dies:   receiver -- its messages go; waiting senders wake with PEER_DIED.
 *             waiting sender -- its message goes if it was not taken yet; else nobody waits for it any more.
 *             sender's process -- what it sent stays, charged to its parent.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/message.h>

#include <stdbool.h>

#include "event.h"
#include "id_table.h"
#include "list.h"

struct account;
struct process;
struct thread;

struct queued_message {
    struct event_source source;  /* in the receiver's event queue until it is taken */
    message_id_t id;             /* constant */
    struct process *receiver;    /* NULL once it was answered */
    struct list receiver_node;   /* in receiver->messages */
    struct account *account;     /* pays for it; NULL: the supervisor did, and has ended */
    struct list payer_node;      /* in messages_sent of the process whose account it is */
    struct thread *caller;       /* who waits for the reply; NULL: nobody */
    process_id_t sender;         /* constant */
    process_class_t sender_class;/* constant */
    bool taken;                  /* its event was delivered */
    uint32_t capacity;           /* constant: bytes that `string` has room for */
    uint32_t string_size;
    uint32_t words[MESSAGE_WORDS];
    uint8_t string[];
};

extern struct id_table message_table;

/* For thread.c and process.c: see "Who dies" above. */
void message_caller_ended(struct thread *thread);
void messages_receiver_ended(struct process *process);
void messages_sender_ended(struct process *process);
