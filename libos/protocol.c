/*
 * The client's side of a protocol: requests as messages, and answers checked. What has both a structure that does not
 * fit into words and a string goes through memory where one stands behind the other.
 */
#include <ternion/protocol.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "room.h"

static const struct payload no_payload;

/* Bytes of the structures that stand in the string of a request, of an answer. */
static uint32_t request_in_string(const struct operation_shape *shape)
{
    return shape->request_size > PROTOCOL_WORDS_MAX ? shape->request_size : 0;
}

static uint32_t reply_in_string(const struct operation_shape *shape)
{
    return shape->reply_size > PROTOCOL_WORDS_MAX ? shape->reply_size : 0;
}

/* ---- Requests ---- */

/* The request as a message; `room` is taken for it, whatever is returned: OK, TOO_BIG, NO_MEMORY. */
static status_t request_pack(const struct operation_shape *shape, const void *request, const struct payload *payload,
                             struct room *room, struct message *message_out)
{
    uint32_t structure_size = request_in_string(shape);
    bool fits = payload->string_size <= shape->string_max && payload->page_count <= shape->pages_max;
    bool both = fits && structure_size != 0 && payload->string_size != 0;

    uint8_t *joined = room_begin(room, both ? structure_size + payload->string_size : 0);
    if (!fits || joined == NULL) {
        return fits ? NO_MEMORY : TOO_BIG;
    }
    *message_out = (struct message){
        .words = { shape->header },
        .string = both ? joined : structure_size != 0 ? request : payload->string,
        .string_size = structure_size + payload->string_size,
        .pages = payload->pages,
        .page_count = payload->page_count,
        .page_flags = payload->page_flags,
    };
    if (both) {
        memcpy(joined, request, structure_size);
        memcpy(joined + structure_size, payload->string, payload->string_size);
    }
    if (structure_size == 0 && shape->request_size != 0) {
        memcpy(&message_out->words[1], request, shape->request_size);
    }
    return OK;
}

status_t protocol_send(process_id_t server, const struct operation_shape *shape, const void *request,
                       const struct payload *payload)
{
    struct message message;
    struct room room;
    status_t status = request_pack(shape, request, payload == NULL ? &no_payload : payload, &room, &message);

    if (status == OK) {
        status = message_send(server, &message);
    }
    room_end(&room);
    return status;
}

/* ---- Answers ---- */

/* What an answer that says OK is worth: OK, TRUNCATED or BAD_SIZE. */
static status_t reply_check(const struct operation_shape *shape, const struct reply *reply)
{
    uint32_t structure_size = reply_in_string(shape);

    if (reply->string_size < structure_size || reply->string_size > structure_size + shape->reply_string_max
        || reply->page_count > shape->reply_pages_max) {
        return BAD_SIZE;
    }
    return reply->string_size > reply->buffer_size ? TRUNCATED : OK;
}

/* Gives the caller what came with a good answer. */
static void reply_unpack(const struct operation_shape *shape, const struct reply *reply, void *reply_out, struct payload *payload)
{
    uint32_t structure_size = reply_in_string(shape);
    uint32_t string_size = reply->string_size - structure_size;

    if (structure_size == 0 && shape->reply_size != 0) {
        memcpy(reply_out, &reply->words[1], shape->reply_size);
    } else if (structure_size != 0 && reply->buffer != reply_out) {
        memcpy(reply_out, reply->buffer, structure_size);
        memcpy(payload->buffer, (const uint8_t *)reply->buffer + structure_size,
               string_size < payload->buffer_size ? string_size : payload->buffer_size);
    }
    if (payload != NULL) {
        payload->reply_string_size = string_size;
        payload->reply_pages = (void *)(uintptr_t)reply->pages;
        payload->reply_page_count = reply->page_count;
    }
}

/* Calls, and takes the answer apart. */
static status_t call_and_check(process_id_t server, const struct operation_shape *shape, const struct message *message,
                               struct reply *reply, void *reply_out, struct payload *payload)
{
    status_t status = message_call(server, message, reply);

    if (status != OK && status != TRUNCATED) {
        return status;
    }
    status = reply->words[0] == OK ? reply_check(shape, reply) : (status_t)reply->words[0];
    bool good = reply->words[0] == OK && status != BAD_SIZE;
    if (reply->page_count != 0 && (!good || payload == NULL)) {
        (void)memory_free(reply->pages, reply->page_count);     /* nobody knows of them */
    }
    if (good) {
        reply_unpack(shape, reply, reply_out, payload);
    }
    return status;
}

status_t protocol_call_message(process_id_t server, const struct operation_shape *shape, const void *request,
                               void *reply_out, struct payload *payload)
{
    const struct payload *with = payload == NULL ? &no_payload : payload;
    uint32_t structure_size = reply_in_string(shape);
    uint32_t string_room = with->buffer_size < shape->reply_string_max ? with->buffer_size : shape->reply_string_max;
    bool both = structure_size != 0 && string_room != 0;
    struct room request_room;
    struct room reply_room;
    struct message message;

    uint8_t *joined = room_begin(&reply_room, both ? structure_size + string_room : 0);
    status_t status = request_pack(shape, request, with, &request_room, &message);
    if (status == OK && joined == NULL) {
        status = NO_MEMORY;
    }
    if (status == OK) {
        struct reply reply = {
            .buffer = both ? joined : structure_size != 0 ? reply_out : with->buffer,
            .buffer_size = both ? structure_size + string_room : structure_size != 0 ? structure_size : with->buffer_size,
        };
        status = call_and_check(server, shape, &message, &reply, reply_out, payload);
    }
    room_end(&request_room);
    room_end(&reply_room);
    return status;
}
