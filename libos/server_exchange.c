/*
 * Serving one request: which operation it is, whether everything has its size, where its parts lie. No handler
 * sees a request that is not as the protocol says.
 */
#include "server_exchange.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

/* What a handler returns whose call is pending: no status. */
#define ANSWER_LATER ((status_t)UINT32_MAX)

/* Pages for the largest request and the largest answer of the server's protocols. They stay for the next that needs them. */
struct server_buffer {
    struct server_buffer *next;  /* in server->buffers */
    uint32_t request_room;       /* bytes */
};

#define BUFFER_HEADER 16U
_Static_assert(sizeof(struct server_buffer) <= BUFFER_HEADER);

/* ---- Buffers ---- */

static uint32_t larger(uint32_t left, uint32_t right)
{
    return left > right ? left : right;
}

static uint32_t rounded(uint32_t size)
{
    return (size + BUFFER_HEADER - 1) & ~(BUFFER_HEADER - 1);
}

/* Bytes of the largest request and the largest answer that this server takes and gives. */
static void rooms(const struct server *server, uint32_t *request_room_out, uint32_t *reply_room_out)
{
    uint32_t request_room = 0;
    uint32_t reply_room = 0;

    for (const struct protocol *const *protocol = server->protocols; *protocol != NULL; protocol++) {
        for (uint32_t number = 0; number < (*protocol)->operation_count; number++) {
            const struct operation_shape *shape = (*protocol)->operations[number].shape;
            if (shape != NULL) {
                request_room = larger(request_room, shape->request_size + shape->string_max);
                reply_room = larger(reply_room, shape->reply_size + shape->reply_string_max);
            }
        }
    }
    *request_room_out = rounded(request_room);
    *reply_room_out = rounded(reply_room);
}

static struct server_buffer *buffer_create(const struct server *server)
{
    uint32_t request_room;
    uint32_t reply_room;
    uint32_t address;

    rooms(server, &request_room, &reply_room);
    if (memory_allocate(PAGES(BUFFER_HEADER + request_room + reply_room), 0, &address) != OK) {
        return NULL;
    }
    struct server_buffer *buffer = (struct server_buffer *)(uintptr_t)address;
    buffer->request_room = request_room;
    return buffer;
}

/* The exchange has a buffer, or there is no memory for one. */
static bool buffer_take(struct exchange *exchange)
{
    struct server *server = exchange->call.server;

    if (exchange->buffer == NULL) {
        lock_acquire(&server->lock);
        exchange->buffer = server->buffers;
        if (exchange->buffer != NULL) {
            server->buffers = exchange->buffer->next;
        }
        lock_release(&server->lock);
    }
    if (exchange->buffer == NULL) {
        exchange->buffer = buffer_create(server);
    }
    return exchange->buffer != NULL;
}

void exchange_begin(struct exchange *exchange, struct server *server)
{
    exchange->call.server = server;
    exchange->buffer = NULL;
}

void exchange_end(struct exchange *exchange)
{
    struct server *server = exchange->call.server;

    if (exchange->buffer != NULL) {
        lock_acquire(&server->lock);
        exchange->buffer->next = server->buffers;
        server->buffers = exchange->buffer;
        lock_release(&server->lock);
        exchange->buffer = NULL;
    }
}

static void *request_memory(const struct exchange *exchange)
{
    return (uint8_t *)exchange->buffer + BUFFER_HEADER;
}

static void *reply_memory(const struct exchange *exchange)
{
    return (uint8_t *)exchange->buffer + BUFFER_HEADER + exchange->buffer->request_room;
}

/* ---- Checks ---- */

/* The operation that a header names; else why there is none: BAD_PROTOCOL, VERSION_MISMATCH, BAD_OPERATION. */
static status_t operation_find(const struct server *server, uint32_t header, const struct protocol_operation **operation_out)
{
    uint32_t number = protocol_header_number(header);
    status_t status = BAD_PROTOCOL;

    for (const struct protocol *const *protocol = server->protocols; *protocol != NULL; protocol++) {
        if (header - number == (*protocol)->header) {
            if (number >= (*protocol)->operation_count || (*protocol)->operations[number].shape == NULL) {
                return BAD_OPERATION;
            }
            *operation_out = &(*protocol)->operations[number];
            return OK;
        }
        if (protocol_header_identity(header) == protocol_header_identity((*protocol)->header)) {
            status = VERSION_MISMATCH;
        }
    }
    return status;
}

/* Whether what came beside the words is what the operation says: OK, BAD_SIZE, TOO_BIG. */
static status_t sizes_check(const struct operation_shape *shape, uint32_t string_size, uint32_t page_count)
{
    uint32_t structure_size = shape->request_size > PROTOCOL_WORDS_MAX ? shape->request_size : 0;

    if (string_size < structure_size) {
        return BAD_SIZE;
    }
    if (string_size - structure_size > shape->string_max) {
        return shape->string_max == 0 ? BAD_SIZE : TOO_BIG;
    }
    if (page_count > shape->pages_max) {
        return shape->pages_max == 0 ? BAD_SIZE : TOO_BIG;
    }
    return OK;
}

/* ---- Serving ---- */

/* Where the string of a request lies; a long one is fetched. OK; NO_MEMORY; else the caller is gone. */
static status_t string_fetch(struct exchange *exchange, const struct event *event)
{
    struct server_call *call = &exchange->call;

    call->string_size = event == NULL ? 0 : event->string_size;
    call->page_count = event == NULL ? 0 : event->page_count;
    call->string = event == NULL ? (const void *)"" : event->string;
    if (call->string_size <= MESSAGE_INLINE_MAX) {
        return OK;
    }
    if (!buffer_take(exchange)) {
        return NO_MEMORY;
    }
    call->string = request_memory(exchange);
    return message_receive(event->id, request_memory(exchange), call->string_size);
}

/*
 * Where the reply is built, and where a string may be: behind it, if both are the message's string. Otherwise the reply is
 * the answer's words.
 */
static status_t reply_place(struct exchange *exchange, void **reply_out)
{
    struct server_call *call = &exchange->call;
    const struct operation_shape *shape = call->shape;
    uint32_t structure_size = shape->reply_size > PROTOCOL_WORDS_MAX ? shape->reply_size : 0;
    uint8_t *place = exchange->small;

    if (structure_size + shape->reply_string_max > EXCHANGE_SMALL) {
        if (!buffer_take(exchange)) {
            return NO_MEMORY;
        }
        place = reply_memory(exchange);
    }
    call->buffer = place + structure_size;
    *reply_out = structure_size != 0 ? (void *)place : &call->answer.words[1];
    memset(*reply_out, 0, shape->reply_size);
    return OK;
}

/* What the handler gave as the answer's string and pages, checked, and the reply put in front of it. OK, TOO_BIG. */
static status_t answer_complete(struct server_call *call, const void *reply)
{
    const struct operation_shape *shape = call->shape;
    struct message *answer = &call->answer;

    if (answer->string_size > shape->reply_string_max || answer->page_count > shape->reply_pages_max) {
        return TOO_BIG;          /* than the server's own protocol says */
    }
    if (shape->reply_size > PROTOCOL_WORDS_MAX) {
        if (answer->string_size != 0) {
            memmove(call->buffer, answer->string, answer->string_size);
        }
        answer->string = reply;
        answer->string_size += shape->reply_size;
    }
    return OK;
}

/* Calls the handler: what goes back is in call->answer, if its status is OK. */
static status_t handle(struct exchange *exchange, const struct protocol_operation *operation, const uint32_t words[MESSAGE_WORDS],
                       const struct event *event)
{
    struct server_call *call = &exchange->call;
    const struct operation_shape *shape = operation->shape;
    const void *request = &words[1];
    void *reply;

    call->shape = shape;
    status_t status = string_fetch(exchange, event);
    if (status != OK) {
        return status;
    }
    if (shape->request_size > PROTOCOL_WORDS_MAX) {
        request = call->string;
        call->string = (const uint8_t *)call->string + shape->request_size;
        call->string_size -= shape->request_size;
    }
    status = reply_place(exchange, &reply);
    if (status == OK) {
        status = operation->serve(call, request, reply);
    }
    return status == OK ? answer_complete(call, reply) : status;
}

bool exchange_serve(struct exchange *exchange, const uint32_t words[MESSAGE_WORDS], const struct event *event)
{
    struct server_call *call = &exchange->call;
    const struct protocol_operation *operation;

    call->answer.string_size = 0;
    call->answer.page_count = 0;
    call->answer.words[1] = call->answer.words[2] = call->answer.words[3] = 0;
    status_t status = operation_find(call->server, words[0], &operation);
    if (status == OK) {
        status = sizes_check(operation->shape, event == NULL ? 0 : event->string_size, event == NULL ? 0 : event->page_count);
    }
    if (status == OK) {
        status = handle(exchange, operation, words, event);
    }
    if (status == ANSWER_LATER) {
        return false;
    }
    if (status != OK) {
        call->answer = (struct message){ .words = { status } };
    }
    call->answer.words[0] = status;
    return call->id != 0;
}

/* ---- Words alone: the shortest way ---- */

bool exchange_serve_words(struct exchange *exchange, const struct protocol_operation *operation)
{
    struct server_call *call = &exchange->call;
    struct words reply = { { 0 } };

    call->shape = operation->shape;
    call->string = "";
    call->string_size = 0;
    call->page_count = 0;
    call->buffer = exchange->small;
    call->answer.string_size = 0;
    call->answer.page_count = 0;
    status_t status = operation->serve(call, &exchange->words.word[1], &reply.word[1]);
    if (status == OK && (call->answer.string_size | call->answer.page_count) != 0) {
        status = TOO_BIG;        /* than the server's own protocol says */
    }
    exchange->words = status == OK ? reply : (struct words){ { 0 } };
    exchange->words.word[0] = status;
    return status != ANSWER_LATER;
}

/* ---- For handlers ---- */

void server_give_string(struct server_call *call, const void *string, uint32_t size)
{
    call->answer.string = string;
    call->answer.string_size = size;
}

void server_give_pages(struct server_call *call, void *pages, uint32_t page_count, uint32_t page_flags)
{
    call->answer.pages = pages;
    call->answer.page_count = page_count;
    call->answer.page_flags = page_flags;
}

status_t server_take_pages(const struct server_call *call, void **pages_out)
{
    uint32_t address;
    status_t status = message_take_pages(call->id, &address);

    if (status == OK) {
        *pages_out = (void *)(uintptr_t)address;
    }
    return status;
}

status_t server_answer_later(const struct server_call *call, struct pending_call *pending_out)
{
    pending_out->id = call->id;
    pending_out->sender = call->sender;
    pending_out->sender_class = call->sender_class;
    return ANSWER_LATER;
}
