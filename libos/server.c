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

/* What is due before the next event. */
enum turn {
    FIRST,                       /* nothing: nothing was served yet */
    NOTHING_DUE,
    WORDS_DUE,                   /* exchange->words, to exchange->call.id */
    ANSWER_DUE,                  /* exchange->call.answer, to exchange->call.id */
};

/* Answers with exchange->words, if they are due, and takes the next event in registers if it is a call of words. */
static void next_in_registers(struct exchange *exchange, bool due)
{
    struct server_call *call = &exchange->call;

    call->id = message_reply_wait_words(due ? call->id : 0, &exchange->words, &exchange->event);
    while (call->id == 0 && exchange->event.kind == EVENT_NONE) {    /* the caller has not waited for its answer */
        call->id = message_reply_wait_words(0, &exchange->words, &exchange->event);
    }
    exchange->in_registers = call->id != 0;
    if (exchange->in_registers) {
        const struct thread_slot *slot = thread_slot();
        call->sender = slot->sender;
        call->sender_class = slot->sender_class;
    }
}

/*
 * Answers, if an answer is due, and waits for the next event, which may be a call in registers. OK, TIMED_OUT. Events that are
 * there come even behind the deadline: then one is enough, or a busy server would never get to what its deadline is for.
 */
static status_t next(struct exchange *exchange, enum turn turn, nanoseconds_t deadline_ns)
{
    const struct message *answer = &exchange->call.answer;
    bool due = turn == WORDS_DUE || turn == ANSWER_DUE;

    if (deadline_ns == FOREVER && turn != ANSWER_DUE) {
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

/* An answer of words goes in registers, however its request came: then the next call is waited for there, too. */
static enum turn due_turn(struct exchange *exchange, bool due)
{
    const struct message *answer = &exchange->call.answer;

    if (!due) {
        return NOTHING_DUE;
    }
    if (answer->string_size != 0 || answer->page_count != 0) {
        return ANSWER_DUE;
    }
    memcpy(exchange->words.word, answer->words, sizeof exchange->words.word);
    return WORDS_DUE;
}

/* The operation that a call in registers asks for, if it is of the server's first protocol and needs nothing but words; or NULL. */
static inline const struct protocol_operation *usual_operation(const struct server *server, uint32_t header)
{
    const struct protocol *protocol = server->protocols[0];
    uint32_t number = protocol_header_number(header);

    return protocol != NULL && header - number == protocol->header && number < protocol->operation_count
        && protocol->operations[number].is_words ? &protocol->operations[number] : NULL;
}

static enum turn serve_registers(struct exchange *exchange)
{
    const struct protocol_operation *operation = usual_operation(exchange->call.server, exchange->words.word[0]);

    if (operation != NULL) {
        return exchange_serve_words(exchange, operation) ? WORDS_DUE : NOTHING_DUE;
    }
    return due_turn(exchange, exchange_serve(exchange, exchange->words.word, NULL));
}

status_t server_wait(struct server *server, struct event *event_out, nanoseconds_t deadline_ns)
{
    struct exchange exchange;
    enum turn turn = FIRST;
    status_t status;

    exchange_begin(&exchange, server);
    while ((status = next(&exchange, turn, deadline_ns)) == OK) {
        if (exchange.in_registers && speaks(server, exchange.words.word[0])) {
            turn = serve_registers(&exchange);
        } else if (exchange.in_registers) {
            event_of_words(&exchange, event_out);
            break;
        } else if (is_ours(server, &exchange.event)) {
            turn = due_turn(&exchange, serve_event(&exchange, &exchange.event));
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
