/* Calls with the registers, flags and segments that a test wants, by each way into the kernel. */
#pragma once

#include <stdbool.h>

#include <ternion/call.h>

enum call_way {
    CALL_BY_PAGE,                /* what the system page says, as libos does it */
    CALL_BY_INT,
    CALL_BY_SYSENTER,            /* with the flags loaded right before it; only with CPU_SYSENTER */
    CALL_WAYS,
};

/* In and out, but where it says otherwise; i386/call_state.asm knows the offsets. */
struct call_state {
    uint32_t eax, ebx;
    uint32_t ecx;                /* out */
    uint32_t edx, esi, edi, ebp;
    uint32_t flags;
    uint32_t data_segments;      /* in: DS and ES */
    uint32_t fs, gs;             /* in */
    void *event;                 /* in: on the stack above the return address */
};

#define USER_DATA_SELECTOR 0x23U
#define USER_CODE_SELECTOR 0x1BU

void state_call(struct call_state *state, enum call_way way);

/* int 80h with any stack pointer, EAX, EBX, EDX from the state. Returns EAX, and leaves EBX. */
status_t stack_end_call(struct call_state *state, uint32_t stack);

/* Whether this machine has the way. */
bool call_way_is_there(enum call_way way);

/* What state_call needs for message_call_words, and for message_reply_wait_words, with usual flags and segments. */
struct call_state call_state_words(process_id_t destination, const struct words *words);
struct call_state call_state_reply_wait(message_id_t id, const struct words *words, struct event *event_out);

/* The words that came back: of a call, or of message_reply_wait_words if it is a call. */
struct words call_state_answer(const struct call_state *state);
struct words call_state_question(const struct call_state *state);

/* As those of libos, by any way. */
[[nodiscard]] status_t message_call_words_by(enum call_way way, process_id_t destination, struct words *words);
[[nodiscard]] message_id_t message_reply_wait_words_by(enum call_way way, message_id_t id, struct words *words,
                                                       struct event *event_out);
