/* One request and its answer: what happens between taking an event and waiting for the next. */
#pragma once

#include <ternion/server.h>

#define EXCHANGE_SMALL 64U       /* bytes of requests and answers that need no buffer */

struct server_buffer;

struct exchange {
    struct server_call call;     /* answer: what is due, once exchange_serve is done */
    bool in_registers;           /* a call came in registers: its words, not the event */
    struct words words;          /* and how it is answered in them */
    struct event event;
    struct server_buffer *buffer;/* taken from the server, or NULL */
    uint8_t small[EXCHANGE_SMALL] __attribute__((aligned(8)));
};

/* Its fields have no meaning before. */
void exchange_begin(struct exchange *exchange, struct server *server);

/*
 * Serves the request in call.id, sender, sender_class and `words`, and, unless it came in registers, in `event`.
 * Then call.answer is what is to be sent; false: nothing, now or ever.
 *   event    NULL: it came in registers
 */
[[nodiscard]] bool exchange_serve(struct exchange *exchange, const uint32_t words[MESSAGE_WORDS], const struct event *event);

/*
 * Serves a call of words alone, in call.id, sender, sender_class and `words`: then these are its answer; false: there is none.
 *   operation    one that needs nothing but words
 */
[[nodiscard]] bool exchange_serve_words(struct exchange *exchange, const struct protocol_operation *operation);

/* Gives the buffer back to the server. */
void exchange_end(struct exchange *exchange);
