/* The client's side of a protocol: requests as messages, and answers checked. */
#include <ternion/protocol.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

static const struct payload no_payload;

/* The request as a message: OK or TOO_BIG. */
static status_t request_pack(const struct operation_shape *shape, const void *request, const struct payload *payload,
                             struct message *message_out)
{
    if (payload->string_size > shape->string_max || payload->page_count > shape->pages_max) {
        return TOO_BIG;
    }
    *message_out = (struct message){
        .words = { shape->header },
        .string = payload->string,
        .string_size = payload->string_size,
        .pages = payload->pages,
        .page_count = payload->page_count,
        .page_flags = payload->page_flags,
    };
    if (shape->request_size > PROTOCOL_WORDS_MAX) {
        message_out->string = request;
        message_out->string_size = shape->request_size;
    } else if (shape->request_size != 0) {
        memcpy(&message_out->words[1], request, shape->request_size);
    }
    return OK;
}

/* What an answer that says OK is worth: OK, TRUNCATED or BAD_SIZE. */
static status_t reply_check(const struct operation_shape *shape, const struct reply *reply)
{
    bool in_words = shape->reply_size <= PROTOCOL_WORDS_MAX;
    uint32_t string_max = in_words ? shape->reply_string_max : shape->reply_size;
    uint32_t string_min = in_words ? 0 : shape->reply_size;

    if (reply->string_size > string_max || reply->string_size < string_min || reply->page_count > shape->reply_pages_max) {
        return BAD_SIZE;
    }
    return reply->string_size > reply->buffer_size ? TRUNCATED : OK;
}

status_t protocol_call_message(process_id_t server, const struct operation_shape *shape, const void *request,
                               void *reply_out, struct payload *payload)
{
    bool in_words = shape->reply_size <= PROTOCOL_WORDS_MAX;
    const struct payload *with = payload == NULL ? &no_payload : payload;
    struct message message;
    struct reply reply = {
        .buffer = in_words ? with->buffer : reply_out,
        .buffer_size = in_words ? with->buffer_size : shape->reply_size,
    };

    status_t status = request_pack(shape, request, with, &message);
    if (status == OK) {
        status = message_call(server, &message, &reply);
    }
    if (status != OK && status != TRUNCATED) {
        return status;
    }
    status = reply.words[0] == OK ? reply_check(shape, &reply) : (status_t)reply.words[0];
    if (status != OK && status != TRUNCATED) {
        if (reply.page_count != 0) {
            (void)memory_free(reply.pages, reply.page_count); /* nobody knows of them */
        }
        return status;
    }
    if (in_words && shape->reply_size != 0) {
        memcpy(reply_out, &reply.words[1], shape->reply_size);
    }
    if (payload != NULL) {
        payload->reply_string_size = in_words ? reply.string_size : 0;
        payload->reply_pages = (void *)reply.pages;
        payload->reply_page_count = reply.page_count;
    } else if (reply.page_count != 0) {
        (void)memory_free(reply.pages, reply.page_count);
    }
    return status;
}

status_t protocol_send(process_id_t server, const struct operation_shape *shape, const void *request,
                       const struct payload *payload)
{
    struct message message;
    status_t status = request_pack(shape, request, payload == NULL ? &no_payload : payload, &message);

    return status == OK ? message_send(server, &message) : status;
}
