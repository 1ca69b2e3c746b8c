/*
 * One command to a PS/2 device, and what it answers; between the two come bytes that the device says by itself. Portable: it is told
 * what was heard and what time it is, and sends through a function.
 *
 * Each byte of a command is acknowledged, or asked for again. A device that says nothing in time hears the whole command again.
 */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

#define COMMAND_BYTES_MAX 2U
#define ANSWER_BYTES_MAX 2U

struct command {
    uint8_t bytes[COMMAND_BYTES_MAX];
    uint8_t byte_count;      /* at least 1 */
    uint8_t answer_count;    /* bytes that follow the last acknowledgement, at most */
    uint16_t answer_ms;      /* how long they may take; fewer than answer_count are an answer too */
};

enum conversation_state { CONVERSATION_QUIET, CONVERSATION_ACKNOWLEDGEMENT, CONVERSATION_ANSWER };

enum conversation_result {
    CONVERSATION_DONE,       /* it obeyed */
    CONVERSATION_REFUSED,    /* it is there, but does not know the command, or cannot hear it rightly */
    CONVERSATION_SILENT,     /* it said nothing at all */
};

struct conversation {
    bool (*send)(uint8_t byte);              /* false: it could not be sent */
    struct command command;
    enum conversation_state state;
    enum conversation_result result;         /* of the command that ended last */
    unsigned sent;                           /* bytes that are acknowledged */
    unsigned resends;
    unsigned tries;
    uint8_t answer[ANSWER_BYTES_MAX];
    unsigned answer_count;
    nanoseconds_t deadline_ns;               /* unless it is quiet */
};

enum conversation_heard {
    HEARD_NEWS,              /* what the device says by itself: not for the conversation */
    HEARD_ANSWER,            /* it goes on */
    HEARD_END,               /* `result` and `answer` say how */
};

/* Sends the first byte. The conversation is quiet before. */
void conversation_begin(struct conversation *conversation, const struct command *command, nanoseconds_t now_ns);

/* Takes what the device said. */
enum conversation_heard conversation_hear(struct conversation *conversation, uint8_t byte, nanoseconds_t now_ns);

/* When conversation_expire has something to do, or FOREVER. */
nanoseconds_t conversation_deadline(const struct conversation *conversation);

/* True: time has ended it. */
bool conversation_expire(struct conversation *conversation, nanoseconds_t now_ns);
