/* Answers to calls that were left pending. */
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "room.h"

/* The answer OK as a message; `room` is taken for it, whatever is returned: OK, TOO_BIG, NO_MEMORY. */
static status_t answer_pack(const struct operation_shape *shape, const void *reply, const struct payload *payload,
                            struct room *room, struct message *answer)
{
    uint32_t structure_size = shape->reply_size > PROTOCOL_WORDS_MAX ? shape->reply_size : 0;
    bool fits = payload->string_size <= shape->reply_string_max && payload->page_count <= shape->reply_pages_max;
    bool both = fits && structure_size != 0 && payload->string_size != 0;

    uint8_t *joined = room_begin(room, both ? structure_size + payload->string_size : 0);
    if (!fits || joined == NULL) {
        return fits ? NO_MEMORY : TOO_BIG;
    }
    if (both) {
        memcpy(joined, reply, structure_size);
        memcpy(joined + structure_size, payload->string, payload->string_size);
    } else if (structure_size == 0 && shape->reply_size != 0) {
        memcpy(&answer->words[1], reply, shape->reply_size);
    }
    answer->string = both ? joined : structure_size != 0 ? reply : payload->string;
    answer->string_size = structure_size + payload->string_size;
    answer->pages = payload->pages;
    answer->page_count = payload->page_count;
    answer->page_flags = payload->page_flags;
    return OK;
}

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status,
                       const void *reply, const struct payload *payload)
{
    static const struct payload nothing;
    struct message answer = { .words = { status } };
    struct room room;

    if (pending->id == 0) {
        return OK;
    }
    if (status != OK) {
        return message_reply(pending->id, &answer);
    }
    status_t result = answer_pack(shape, reply, payload == NULL ? &nothing : payload, &room, &answer);
    if (result == OK) {
        result = message_reply(pending->id, &answer);
    }
    room_end(&room);
    return result;
}

void server_drop(const struct pending_call *pending)
{
    if (pending->id != 0) {
        (void)message_discard(pending->id);  /* fails if the caller is gone */
    }
}
