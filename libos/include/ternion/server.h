/*
 * Servers of protocols (protocol.h). A handler for each operation, and a loop:
 *
 *     static status_t add(struct server_call *call, const struct sum_request *request, struct sum_reply *reply)
 *     {
 *         reply->sum = request->left + request->right;
 *         return OK;
 *     }
 *     PROTOCOL_SERVER(calculator, CALCULATOR_PROTOCOL, .add = add)
 *
 *     static struct server server = SERVER(&calculator_protocol);
 *
 *     int main(void)
 *     {
 *         for (;;) {
 *             struct event event;
 *
 *             MUST(server_wait(&server, &event, FOREVER));     -- serves; comes back with any other event
 *             handle(&event);
 *         }
 *     }
 *
 * or, with `.take_event = handle` in it, server_run(&server). An operation without a handler is one that the server does not know.
 * A server may speak several protocols, or versions of one: SERVER(&first_protocol, &second_protocol).
 *
 * Before a handler is called, protocol, version, operation, and every size were checked. Its reply is all zeroes, and goes to the
 * caller if it returns OK; else the status alone does. What it finds in its call and its request holds until it returns;
 * what it gives with server_give_string and server_give_pages is sent after that. Strings and pages of a caller are its
 * doing: they can say anything.
 *
 * Any thread may call these functions; so may several wait at the same server at once (server_start_workers).
 */
#pragma once

#include <ternion/lock.h>
#include <ternion/protocol.h>

struct server;

/* A request, as its handler sees it. */
struct server_call {
    struct server *server;
    process_id_t sender;
    process_class_t sender_class;
    const void *string;              /* that came with it; no NUL is behind it */
    uint32_t string_size;            /* bytes, at most the operation's string_max */
    uint32_t page_count;             /* that it carries: server_take_pages */
    void *buffer;                    /* room for the string that goes back: the operation's reply_string_max bytes */
    /* The rest is libos' own. */
    message_id_t id;                 /* 0: it was only sent */
    const struct operation_shape *shape;
    struct message answer;
};

/* A request that is answered later. It may be copied; it ends with its answer. */
struct pending_call {
    message_id_t id;                 /* 0: nobody waits for the answer */
    process_id_t sender;
    process_class_t sender_class;
};

/* ---- Handlers ---- */

/* The string that goes with the answer: from call->buffer, or from memory of the server's that stays as it is until the next event. */
void server_give_string(struct server_call *call, const void *string, uint32_t size);

/* The pages that go with the answer; page_flags: PAGES_…. */
void server_give_pages(struct server_call *call, void *pages, uint32_t page_count, uint32_t page_flags);

/*
 * Maps the pages that a request carries; they are the server's from then on.
 * Statuses: those of message_take_pages. DISCARDED, BAD_ID: the caller is gone; return any status then.
 */
[[nodiscard]] status_t server_take_pages(const struct server_call *call, void **pages_out);

/*
 * The caller goes on waiting: `return server_answer_later(call, &pending);`. The server must answer by the operation's
 * NAME_answer (protocol.h), or drop it; else the caller waits as long as the server lives.
 */
[[nodiscard]] status_t server_answer_later(const struct server_call *call, struct pending_call *pending_out);

/*
 * Answers a pending call; NAME_answer calls it with the operation's own types.
 *   status     unless it is OK nothing else is sent; reply may be NULL then
 *   payload    string and pages that go back: string, string_size, pages, page_count, page_flags; may be NULL
 * Does not block. Statuses: BAD_ID: the caller is gone, or was answered before; TOO_BIG: the payload is over the protocol's limits;
 * NO_MEMORY; BAD_ADDRESS, BAD_ARGUMENT: it is not the server's own memory. Unless it is OK or BAD_ID the call still waits for its answer.
 */
status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status,
                       const void *reply, const struct payload *payload);

/* Drops a pending call: the caller gets DISCARDED. */
void server_drop(const struct pending_call *pending);

/* ---- The loop ---- */

#define SERVER_OTHER_MESSAGES 1U /* flags: messages of other protocols are given to the caller of server_wait, who must answer them */

/* One row of a protocol's table. */
struct protocol_operation {
    const struct operation_shape *shape;                                           /* NULL: there is no such operation */
    bool is_words;                                                                 /* it needs nothing but words */
    status_t (*serve)(struct server_call *call, const void *request, void *reply); /* BAD_OPERATION if there is no handler */
};

struct protocol {
    uint32_t header;                 /* PROTOCOL_HEADER with number 0 */
    uint32_t operation_count;
    const struct protocol_operation *operations; /* by their numbers */
};

/* { .protocols = …, .flags = …, .take_event = … }; the rest is libos' own, and all zeroes to begin with. */
struct server {
    const struct protocol *const *protocols;       /* the last is NULL */
    uint32_t flags;
    void (*take_event)(const struct event *event); /* for server_run: what is no request; by the thread that got it */
    struct lock lock;                              /* protects buffers */
    struct server_buffer *buffers;                 /* that are not in use */
};

/* For a variable outside functions, or one in a function that is not static. */
#define SERVER(...) { .protocols = SERVER_PROTOCOLS(__VA_ARGS__) }
#define SERVER_PROTOCOLS(...) (const struct protocol *const[]){ __VA_ARGS__, NULL }

/*
 * Serves requests until another event comes, or the deadline (since boot). The event may be a message: of the kernel, of
 * async.h, or any with SERVER_OTHER_MESSAGES. Without that flag, messages of other protocols are answered with BAD_PROTOCOL.
 * Statuses: OK, TIMED_OUT: also between two requests, so that a busy server meets its deadlines; behind the deadline one event is
 * served or given, if one is there.
 */
[[nodiscard]] status_t server_wait(struct server *server, struct event *event_out, nanoseconds_t deadline_ns);

/* Serves one event that event_wait or event_poll gave. False: it is none of the server's, and not answered. */
bool server_serve(struct server *server, const struct event *event);

/* Serves for ever; other events go to take_event, or, if there is none, EVENT_SAVE_STATE is answered and the rest forgotten. */
_Noreturn void server_run(struct server *server);

/*
 * Starts threads that do server_run, beside the calling one. Handlers and take_event are then called by several at once.
 * Statuses: those of thread_start; those that were started stay.
 */
[[nodiscard]] status_t server_start_workers(struct server *server, uint32_t count, uint32_t stack_bytes);

/* ---- What comes from a list of operations ---- */

#define PROTOCOL_SERVE(prefix, name, number, request, reply, ...) \
    static status_t prefix##_##name##_serve(struct server_call *call, const void *request_in, void *reply_out) \
    { \
        return prefix##_handler_table.name == NULL ? BAD_OPERATION : prefix##_handler_table.name(call, request_in, reply_out); \
    }

#define PROTOCOL_WORDS_ROW(prefix, name, number, request, reply) \
    [number] = { &prefix##_##name##_shape, sizeof(request) <= PROTOCOL_WORDS_MAX && sizeof(reply) <= PROTOCOL_WORDS_MAX, \
                 prefix##_##name##_serve },

#define PROTOCOL_ROW(prefix, name, number, request, reply, ...) \
    [number] = { &prefix##_##name##_shape, false, prefix##_##name##_serve },

/* PROTOCOL_SERVER(prefix, list, .operation = handler, …) makes `prefix_protocol`. */
#define PROTOCOL_SERVER(prefix, list, ...) \
    static const struct prefix##_handlers prefix##_handler_table = { __VA_ARGS__ }; \
    list(PROTOCOL_SERVE, PROTOCOL_SERVE, prefix) \
    static const struct protocol_operation prefix##_operations[] = { list(PROTOCOL_WORDS_ROW, PROTOCOL_ROW, prefix) }; \
    static const struct protocol prefix##_protocol = { \
        PROTOCOL_HEADER(prefix##_protocol_identity, prefix##_protocol_version, 0), \
        sizeof prefix##_operations / sizeof prefix##_operations[0], \
        prefix##_operations, \
    };
