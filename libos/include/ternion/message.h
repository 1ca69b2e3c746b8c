/*
 * The habits of all protocols of the system: a request is a message whose words[0]
 * is the operation; its answer's words[0] is a status. Any thread may call these.
 *
 * A server takes events, gets the string of a request where there is one, and
 * answers every EVENT_MESSAGE once, whether its sender waits or not.
 */
#pragma once

#include <stdbool.h>

#include <abi/event.h>
#include <abi/status.h>

/* ---- For servers ---- */

/*
 * Copies the string of a message, wherever it is.
 *   event      an EVENT_MESSAGE that this process took
 *   buffer     where the string goes; size bytes; no NUL is put behind it
 *   size_out   bytes of the string
 * Does not block. Statuses: BAD_ID (its sender is gone), TOO_BIG for the buffer.
 */
[[nodiscard]] status_t message_string(const struct event *event, void *buffer, uint32_t size, uint32_t *size_out);

/*
 * Is done with a message: its sender, if it waits, gets the status as words[0]. BAD_ARGUMENT is the answer to an
 * operation that the server does not know.
 */
void message_answer(const struct event *event, status_t status);

/* The same with a whole answer; answer->words[0] must hold the status. */
void message_answer_with(const struct event *event, const struct message *answer);

/* ---- For clients ---- */

/*
 * Sends a request and sleeps until it is answered.
 *   request    words[0]: the operation
 *   reply      buffer for the answer's string, gets words and string; may be NULL
 * Statuses: those of message_call, else the one that the server answered.
 */
[[nodiscard]] status_t message_ask(process_id_t server, const struct message *request, struct reply *reply);

/* Whether a status of message_ask says that the server is gone: look it up again by its name. */
static inline bool message_server_gone(status_t status)
{
    return status == BAD_ID || status == PEER_DIED;
}
