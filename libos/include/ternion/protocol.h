/*
 * A protocol, described once: what clients and servers of it say comes from the same list.
 *
 *     struct sum_request { uint32_t left, right; };
 *     struct sum_reply { uint32_t sum; };
 *
 *     #define CALCULATOR_PROTOCOL(OPERATION, TRANSFER, calculator) \
 *         OPERATION(calculator, add, 1, struct sum_request, struct sum_reply) \
 *         TRANSFER(calculator, print, 2, struct nothing, struct nothing, 0, 80, 0, 0)
 *     PROTOCOL_DECLARE(calculator, 0x1234, 1, CALCULATOR_PROTOCOL)
 *
 * OPERATION(prefix, name, number, request, reply): two structures of fixed size.
 * TRANSFER(…, string_max, reply_string_max, pages_max, reply_pages_max): the same, and beside them a string to
 * the server and one back, pages to it and pages back; the limits are bytes and pages, 0: none.
 *
 * PROTOCOL_DECLARE(prefix, identity, version, list) makes of every operation, for clients,
 *     status_t calculator_add(process_id_t server, const struct sum_request *, struct sum_reply *);
 *     status_t calculator_add_start(struct async_call *, process_id_t server, const struct sum_request *, struct sum_reply *);
 *     status_t calculator_add_send(process_id_t server, const struct sum_request *);
 * (with a struct payload * behind the reply, if it is a TRANSFER), and for servers (see server.h)
 *     struct calculator_handlers
 *     status_t calculator_add_answer(const struct pending_call *, status_t, const struct sum_reply *);
 * A structure that is not needed is a struct nothing; its pointer is NULL.
 *
 * On the way: words[0] of a request is identity, version and operation; words[0] of the answer a status. A structure of up to
 * PROTOCOL_WORDS_MAX bytes goes in the words behind; if nothing else goes along in either direction the call is one in
 * registers. A larger one is the message's string, in front of the one that goes beside it, if any does: both are copied together
 * then, which is the dearest way. Changing an operation means a new version.
 *
 * Any thread may call these functions. Those of the first kind block until the answer is there. Statuses:
 *     those of message_call;    what the server answers;
 *     BAD_PROTOCOL, VERSION_MISMATCH, BAD_OPERATION    the server does not speak it, speaks another version, lacks the operation
 *     BAD_SIZE                  request or answer are not as the protocol says
 *     TOO_BIG                   a string or pages are over the protocol's limit; nothing was sent
 *     NO_MEMORY                 there is none to copy structure and string together
 *     TRUNCATED                 all is there, but of the string that came only the part that fits
 * Unless it is OK or TRUNCATED, what the reply holds has no meaning.
 */
#pragma once

#include <ternion/async.h>
#include <ternion/call.h>
#include <ternion/message.h>

#define PROTOCOL_WORDS_MAX 12U      /* bytes of a structure that travels in words */
#define PROTOCOL_STRUCT_MAX 4096U   /* bytes of any structure */

/* No request, or no reply. */
struct nothing {
};

/* What an operation looks like on the way. */
struct operation_shape {
    uint32_t header;             /* words[0] of a request */
    uint32_t request_size;       /* bytes of the structures */
    uint32_t reply_size;
    uint32_t string_max;         /* bytes */
    uint32_t reply_string_max;
    uint32_t pages_max;
    uint32_t reply_pages_max;
};

/* What goes along beside the structures. */
struct payload {
    const void *string;          /* to the server */
    uint32_t string_size;        /* bytes */
    void *pages;                 /* to the server: first of consecutive own pages */
    uint32_t page_count;
    uint32_t page_flags;         /* PAGES_…: what becomes of them */
    void *buffer;                /* for the string that comes back */
    uint32_t buffer_size;        /* bytes of it */
    uint32_t reply_string_size;  /* out: bytes of the string that was sent back, even if fewer fit */
    void *reply_pages;           /* out: first of the pages that came back: the caller's own now */
    uint32_t reply_page_count;   /* out */
};

/* words[0]: 16 bits identity, 8 version, 8 number. Identity 0 is for messages that follow no such description. */
#define PROTOCOL_HEADER(identity, version, number) \
    ((uint32_t)(identity) << 16 | (uint32_t)(version) << 8 | (uint32_t)(number))

static inline uint32_t protocol_header_identity(uint32_t header)
{
    return header >> 16;
}

static inline uint32_t protocol_header_version(uint32_t header)
{
    return header >> 8 & 0xFF;
}

static inline uint32_t protocol_header_number(uint32_t header)
{
    return header & 0xFF;
}

/* ---- What the functions of clients are made of ---- */

/* A call by any way but registers. payload may be NULL. */
[[nodiscard]] status_t protocol_call_message(process_id_t server, const struct operation_shape *shape, const void *request,
                                             void *reply_out, struct payload *payload);

/* A request whose answer nobody waits for; it is queued, and never blocks. Statuses: those of message_send, TOO_BIG. */
[[nodiscard]] status_t protocol_send(process_id_t server, const struct operation_shape *shape, const void *request,
                                     const struct payload *payload);

/* Does the operation need nothing but words, there and back? Known when the program is compiled. */
static inline bool operation_shape_is_words(const struct operation_shape *shape)
{
    return shape->request_size <= PROTOCOL_WORDS_MAX && shape->reply_size <= PROTOCOL_WORDS_MAX
        && (shape->string_max | shape->reply_string_max | shape->pages_max | shape->reply_pages_max) == 0;
}

[[nodiscard]] static inline status_t protocol_call(process_id_t server, const struct operation_shape *shape,
                                                   const void *request, void *reply_out)
{
    struct words words = { { shape->header } };

    if (!operation_shape_is_words(shape)) {
        return protocol_call_message(server, shape, request, reply_out, NULL);
    }
    if (shape->request_size != 0) {
        __builtin_memcpy(&words.word[1], request, shape->request_size);
    }
    status_t status = message_call_words(server, &words);
    if (status != OK) {
        return status == TRUNCATED ? BAD_SIZE : status;
    }
    if (words.word[0] == OK && shape->reply_size != 0) {
        __builtin_memcpy(reply_out, &words.word[1], shape->reply_size);
    }
    return (status_t)words.word[0];
}

/* ---- For servers: server.h ---- */

struct server_call;
struct pending_call;

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status,
                       const void *reply, const struct payload *payload);

/* ---- What comes from a list ---- */

#define PROTOCOL_SHAPE(prefix, name, number, request, reply, string, reply_string, page, reply_page) \
    _Static_assert((number) >= 1 && (number) <= 255, #prefix "_" #name ": a number is 1 to 255"); \
    _Static_assert(sizeof(request) <= PROTOCOL_STRUCT_MAX && sizeof(reply) <= PROTOCOL_STRUCT_MAX, \
                   #prefix "_" #name ": a structure is too large: use a string or pages"); \
    _Static_assert(sizeof(request) + (string) <= MESSAGE_STRING_MAX && sizeof(reply) + (reply_string) <= MESSAGE_STRING_MAX, \
                   #prefix "_" #name ": structure and string are longer than a message's string can be"); \
    _Static_assert((page) <= MESSAGE_PAGES_MAX && (reply_page) <= MESSAGE_PAGES_MAX, \
                   #prefix "_" #name ": more pages than a message can carry"); \
    static const struct operation_shape prefix##_##name##_shape __attribute__((unused)) = { \
        PROTOCOL_HEADER(prefix##_protocol_identity, prefix##_protocol_version, number), \
        sizeof(request), sizeof(reply), string, reply_string, page, reply_page, \
    };

#define PROTOCOL_OPERATION(prefix, name, number, request, reply) \
    PROTOCOL_SHAPE(prefix, name, number, request, reply, 0, 0, 0, 0) \
    [[nodiscard]] static inline status_t prefix##_##name(process_id_t server, const request *request_in, reply *reply_out) \
    { \
        return protocol_call(server, &prefix##_##name##_shape, request_in, reply_out); \
    } \
    [[nodiscard]] static inline status_t prefix##_##name##_start(struct async_call *call, process_id_t server, \
                                                                 const request *request_in, reply *reply_out) \
    { \
        return async_start(call, server, &prefix##_##name##_shape, request_in, reply_out, NULL); \
    } \
    [[nodiscard]] static inline status_t prefix##_##name##_send(process_id_t server, const request *request_in) \
    { \
        return protocol_send(server, &prefix##_##name##_shape, request_in, NULL); \
    } \
    static inline status_t prefix##_##name##_answer(const struct pending_call *pending, status_t status, const reply *answer) \
    { \
        return server_answer(pending, &prefix##_##name##_shape, status, answer, NULL); \
    }

#define PROTOCOL_TRANSFER(prefix, name, number, request, reply, string, reply_string, page, reply_page) \
    PROTOCOL_SHAPE(prefix, name, number, request, reply, string, reply_string, page, reply_page) \
    [[nodiscard]] static inline status_t prefix##_##name(process_id_t server, const request *request_in, reply *reply_out, \
                                                         struct payload *payload) \
    { \
        return protocol_call_message(server, &prefix##_##name##_shape, request_in, reply_out, payload); \
    } \
    [[nodiscard]] static inline status_t prefix##_##name##_start(struct async_call *call, process_id_t server, \
                                                                 const request *request_in, reply *reply_out, \
                                                                 struct payload *payload) \
    { \
        return async_start(call, server, &prefix##_##name##_shape, request_in, reply_out, payload); \
    } \
    [[nodiscard]] static inline status_t prefix##_##name##_send(process_id_t server, const request *request_in, \
                                                                const struct payload *payload) \
    { \
        return protocol_send(server, &prefix##_##name##_shape, request_in, payload); \
    } \
    static inline status_t prefix##_##name##_answer(const struct pending_call *pending, status_t status, const reply *answer, \
                                                    const struct payload *payload) \
    { \
        return server_answer(pending, &prefix##_##name##_shape, status, answer, payload); \
    }

#define PROTOCOL_HANDLER(prefix, name, number, request, reply, ...) \
    status_t (*name)(struct server_call *call, const request *request_in, reply *reply_out);

/* Two operations with one number do not compile. */
#define PROTOCOL_CASE(prefix, name, number, ...) case (number):

#define PROTOCOL_DECLARE(prefix, identity, version, list) \
    _Static_assert((identity) >= 1 && (identity) <= 0xFFFF, #prefix ": an identity is 1 to 0xFFFF"); \
    _Static_assert((version) >= 1 && (version) <= 255, #prefix ": a version is 1 to 255"); \
    enum { prefix##_protocol_identity = (identity), prefix##_protocol_version = (version) }; \
    list(PROTOCOL_OPERATION, PROTOCOL_TRANSFER, prefix) \
    static inline void prefix##_numbers_differ(void) { switch (0U) { list(PROTOCOL_CASE, PROTOCOL_CASE, prefix) default: break; } } \
    struct prefix##_handlers { \
        list(PROTOCOL_HANDLER, PROTOCOL_HANDLER, prefix) \
    };
