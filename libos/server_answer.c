/* Answers to calls that were left pending. */
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status,
                       const void *reply, const struct payload *payload)
{
    struct message answer = { .words = { status } };

    if (status == OK && payload != NULL) {
        if (payload->string_size > shape->reply_string_max || payload->page_count > shape->reply_pages_max) {
            return TOO_BIG;
        }
        answer.string = payload->string;
        answer.string_size = payload->string_size;
        answer.pages = payload->pages;
        answer.page_count = payload->page_count;
        answer.page_flags = payload->page_flags;
    }
    if (status == OK && shape->reply_size > PROTOCOL_WORDS_MAX) {
        answer.string = reply;
        answer.string_size = shape->reply_size;
    } else if (status == OK && shape->reply_size != 0) {
        memcpy(&answer.words[1], reply, shape->reply_size);
    }
    return pending->id == 0 ? OK : message_reply(pending->id, &answer);
}

void server_drop(const struct pending_call *pending)
{
    if (pending->id != 0) {
        (void)message_discard(pending->id);  /* fails if the caller is gone */
    }
}
