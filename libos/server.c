/*
 * The loop of a server. What is due to the last caller and the wait for the next one are one system call; in
 * registers, if words are all.
 */
#include "server_exchange.h"

#include <ternion/async.h>
#include <ternion/clock.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

/* Is a message with this first word the server's to answer? Without SERVER_OTHER_MESSAGES each is. */
static bool speaks(const struct server *server, uint32_t header)
{
    if (!(server->flags & SERVER_OTHER_MESSAGES)) {
        return true;
    }
    for (const struct protocol *const *protocol = server->protocols; *protocol != NULL; protocol++) {
        if (protocol_header_identity((*protocol)->header) == protocol_header_identity(header)) {
            return true;
        }
    }
    return false;
}

static bool is_ours(const struct server *server, const struct event *event)
{
    return event->kind == EVENT_MESSAGE && event->sender != KERNEL_PROCESS && !async_rings(event)
        && speaks(server, event->words[0]);
}

/* An answer failed whose string or pages are not the server's own memory: the caller shall not wait for ever. */
static void answer_or_drop(message_id_t id, status_t status)
{
    if (status != OK && status != BAD_ID) {
        (void)message_discard(id);
    }
}

/* A call in registers as an event, for those who want to see it. */
static void event_of_words(const struct exchange *exchange, struct event *event_out)
{
    *event_out = (struct event){
        .kind = EVENT_MESSAGE,
        .flags = EVENT_WANTS_REPLY,
        .id = exchange->call.id,
        .sender = exchange->call.sender,
        .sender_class = exchange->call.sender_class,
    };
    memcpy(event_out->words, exchange->words.word, sizeof event_out->words);
}

/* ---- Serving ---- */

/* Serves the request that an event is. False: there is no answer to give. */
static bool serve_event(struct exchange *exchange, const struct event *event)
{
    bool is_call = (event->flags & EVENT_WANTS_REPLY) != 0;

    exchange->call.id = is_call ? event->id : 0;
    exchange->call.sender = event->sender;
    exchange->call.sender_class = event->sender_class;
    bool due = exchange_serve(exchange, event->words, event);
    if (!is_call && event->string_size > MESSAGE_INLINE_MAX) {
        (void)message_discard(event->id);    /* if it was not fetched, by which it would be done with */
    }
    return due;
}

bool server_serve(struct server *server, const struct event *event)
{
    struct exchange exchange;

    if (!is_ours(server, event)) {
        return false;
    }
    exchange_begin(&exchange, server);
    if (serve_event(&exchange, event)) {
        answer_or_drop(exchange.call.id, message_reply(exchange.call.id, &exchange.call.answer));
    }
    exchange_end(&exchange);
    return true;
}

/* ---- Waiting ---- */

enum turn {
    FIRST,                       /* nothing was served yet */
    NOTHING_DUE,
    ANSWER_DUE,                  /* exchange->call.answer, to exchange->call.id */
};

/* Answers in registers, if an answer is due, and waits there for the next event. */
static void next_in_registers(struct exchange *exchange, bool due)
{
    struct server_call *call = &exchange->call;

    memcpy(exchange->words.word, call->answer.words, sizeof exchange->words.word);
    call->id = message_reply_wait_words(due ? call->id : 0, &exchange->words, &exchange->event);
    while (call->id == 0 && exchange->event.kind == EVENT_NONE) {    /* the caller has not waited for its answer */
        call->id = message_reply_wait_words(0, &exchange->words, &exchange->event);
    }
    exchange->in_registers = call->id != 0;
    if (exchange->in_registers) {
        call->sender = thread_slot()->sender;
        call->sender_class = thread_slot()->sender_class;
    }
}

/*
 * Answers, if an answer is due, and waits for the next event, which may be a call in registers. OK, TIMED_OUT. Events that are
 * there come even behind the deadline: then one is enough, or a busy server would never get to what its deadline is for.
 */
static status_t next(struct exchange *exchange, enum turn turn, nanoseconds_t deadline_ns)
{
    const struct message *answer = &exchange->call.answer;
    bool due = turn == ANSWER_DUE;

    if (deadline_ns == FOREVER && (!due || (answer->string_size == 0 && answer->page_count == 0))) {
        next_in_registers(exchange, due);
        return OK;
    }
    exchange->in_registers = false;
    if (turn != FIRST && clock_now() >= deadline_ns) {
        if (due) {
            answer_or_drop(exchange->call.id, message_reply(exchange->call.id, answer));
        }
        return TIMED_OUT;
    }
    if (due) {
        status_t status = message_reply_wait(exchange->call.id, answer, &exchange->event, deadline_ns);
        if (status == OK || status == TIMED_OUT) {
            return status;
        }
        answer_or_drop(exchange->call.id, status);
    }
    return event_wait(&exchange->event, deadline_ns);
}

status_t server_wait(struct server *server, struct event *event_out, nanoseconds_t deadline_ns)
{
    struct exchange exchange;
    enum turn turn = FIRST;
    status_t status;

    exchange_begin(&exchange, server);
    while ((status = next(&exchange, turn, deadline_ns)) == OK) {
        if (exchange.in_registers && speaks(server, exchange.words.word[0])) {
            turn = exchange_serve(&exchange, exchange.words.word, NULL) ? ANSWER_DUE : NOTHING_DUE;
        } else if (exchange.in_registers) {
            event_of_words(&exchange, event_out);
            break;
        } else if (is_ours(server, &exchange.event)) {
            turn = serve_event(&exchange, &exchange.event) ? ANSWER_DUE : NOTHING_DUE;
        } else {
            *event_out = exchange.event;
            break;
        }
    }
    exchange_end(&exchange);
    return status;
}

_Noreturn void server_run(struct server *server)
{
    for (;;) {
        struct event event;

        if (server_wait(server, &event, FOREVER) != OK) {
            continue;
        }
        if (server->take_event != NULL) {
            server->take_event(&event);
        } else if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        } else if (event.kind == EVENT_MESSAGE) {
            message_answer(&event, BAD_PROTOCOL);
        }
    }
}

static void worker(void *server)
{
    server_run(server);
}

status_t server_start_workers(struct server *server, uint32_t count, uint32_t stack_bytes)
{
    status_t status = OK;

    for (uint32_t started = 0; started < count && status == OK; started++) {
        status = thread_start(worker, server, stack_bytes, NULL);
    }
    return status;
}
