#include "conversation.h"

/* IBM PS/2 Hardware Interface Technical Reference, keyboard and auxiliary device controller, "Keyboard responses". */
#define ACKNOWLEDGE 0xFAU
#define RESEND 0xFEU
#define MOUSE_ERROR 0xFCU    /* a mouse's second RESEND */

#define ACKNOWLEDGE_NS ((nanoseconds_t)250000000)  /* the specification says 20 ms; keyboards behind switches need more */
#define MILLISECOND_NS ((nanoseconds_t)1000000)
#define RESENDS_MAX 4U
#define TRIES_MAX 2U

static void send_next(struct conversation *conversation, nanoseconds_t now_ns)
{
    /* If it cannot be sent, nothing will be answered: time tells. */
    (void)conversation->send(conversation->command.bytes[conversation->sent]);
    conversation->state = CONVERSATION_ACKNOWLEDGEMENT;
    conversation->deadline_ns = now_ns + ACKNOWLEDGE_NS;
}

static void begin_again(struct conversation *conversation, nanoseconds_t now_ns)
{
    conversation->sent = 0;
    conversation->resends = 0;
    conversation->answer_count = 0;
    send_next(conversation, now_ns);
}

static enum conversation_heard end(struct conversation *conversation, enum conversation_result result)
{
    conversation->state = CONVERSATION_QUIET;
    conversation->result = result;
    return HEARD_END;
}

void conversation_begin(struct conversation *conversation, const struct command *command, nanoseconds_t now_ns)
{
    conversation->command = *command;
    conversation->result = CONVERSATION_SILENT;
    conversation->tries = 1;
    begin_again(conversation, now_ns);
}

static enum conversation_heard acknowledged(struct conversation *conversation, nanoseconds_t now_ns)
{
    const struct command *command = &conversation->command;

    conversation->result = CONVERSATION_REFUSED;    /* it is there, whatever comes now */
    if (++conversation->sent < command->byte_count) {
        send_next(conversation, now_ns);
        return HEARD_ANSWER;
    }
    if (command->answer_count == 0) {
        return end(conversation, CONVERSATION_DONE);
    }
    conversation->state = CONVERSATION_ANSWER;
    conversation->deadline_ns = now_ns + command->answer_ms * MILLISECOND_NS;
    return HEARD_ANSWER;
}

static enum conversation_heard asked_again(struct conversation *conversation, nanoseconds_t now_ns)
{
    conversation->result = CONVERSATION_REFUSED;
    if (++conversation->resends > RESENDS_MAX) {
        return end(conversation, CONVERSATION_REFUSED);
    }
    send_next(conversation, now_ns);
    return HEARD_ANSWER;
}

static enum conversation_heard answered(struct conversation *conversation, uint8_t byte)
{
    /* An acknowledgement of what an earlier driver sent: no answer begins so. */
    if (byte == ACKNOWLEDGE && conversation->answer_count == 0) {
        return HEARD_ANSWER;
    }
    conversation->answer[conversation->answer_count++] = byte;
    return conversation->answer_count < conversation->command.answer_count ? HEARD_ANSWER : end(conversation, CONVERSATION_DONE);
}

enum conversation_heard conversation_hear(struct conversation *conversation, uint8_t byte, nanoseconds_t now_ns)
{
    switch (conversation->state) {
    case CONVERSATION_ACKNOWLEDGEMENT:
        switch (byte) {
        case ACKNOWLEDGE:
            return acknowledged(conversation, now_ns);
        case RESEND:
        case MOUSE_ERROR:
            return asked_again(conversation, now_ns);
        default:
            return HEARD_NEWS;
        }
    case CONVERSATION_ANSWER:
        return answered(conversation, byte);
    default:
        return HEARD_NEWS;
    }
}

nanoseconds_t conversation_deadline(const struct conversation *conversation)
{
    return conversation->state == CONVERSATION_QUIET ? FOREVER : conversation->deadline_ns;
}

bool conversation_expire(struct conversation *conversation, nanoseconds_t now_ns)
{
    if (now_ns < conversation_deadline(conversation)) {
        return false;
    }
    if (conversation->state == CONVERSATION_ANSWER) {
        (void)end(conversation, CONVERSATION_DONE);
        return true;
    }
    if (conversation->tries < TRIES_MAX) {
        conversation->tries++;
        begin_again(conversation, now_ns);
        return false;
    }
    (void)end(conversation, conversation->result);
    return true;
}
