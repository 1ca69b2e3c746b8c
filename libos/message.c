#include <ternion/message.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

status_t message_string(const struct event *event, void *buffer, uint32_t size, uint32_t *size_out)
{
    if (event->string_size > size) {
        return TOO_BIG;
    }
    if (event->string_size > MESSAGE_INLINE_MAX) {
        status_t status = message_receive(event->id, buffer, size);
        if (status != OK) {
            return status;
        }
    } else {
        memcpy(buffer, event->string, event->string_size);
    }
    *size_out = event->string_size;
    return OK;
}

void message_answer_with(const struct event *event, const struct message *answer)
{
    /* A failure means that the sender is gone, or that the string was received: nothing is left to do. */
    if (event->flags & EVENT_WANTS_REPLY) {
        (void)message_reply(event->id, answer);
    } else if (event->string_size > MESSAGE_INLINE_MAX) {
        (void)message_discard(event->id);
    }
}

void message_answer(const struct event *event, status_t status)
{
    struct message answer = { .words = { status } };

    message_answer_with(event, &answer);
}

status_t message_ask(process_id_t server, const struct message *request, struct reply *reply)
{
    struct reply words_only = { 0 };

    if (reply == NULL) {
        reply = &words_only;
    }
    status_t status = message_call(server, request, reply);
    return status != OK ? status : (status_t)reply->words[0];
}
