#include "call_state.h"

#include <ternion/string.h>
#include <ternion/system.h>

#include "processor_state.h"

bool call_way_is_there(enum call_way way)
{
    return way != CALL_BY_SYSENTER || cpu_has(CPU_SYSENTER);
}

static struct call_state state_of(uint32_t number, uint32_t ebx, const struct words *words)
{
    return (struct call_state){
        .eax = number,
        .ebx = ebx,
        .edx = words->word[0],
        .esi = words->word[1],
        .edi = words->word[2],
        .ebp = words->word[3],
        .flags = FLAGS_USUAL,
        .data_segments = USER_DATA_SELECTOR,
    };
}

struct call_state call_state_words(process_id_t destination, const struct words *words)
{
    return state_of(SYSCALL_MESSAGE_CALL_WORDS, destination, words);
}

struct call_state call_state_reply_wait(message_id_t id, const struct words *words, struct event *event_out)
{
    struct call_state state = state_of(SYSCALL_MESSAGE_REPLY_WAIT_WORDS, id, words);

    state.event = event_out;
    return state;
}

struct words call_state_answer(const struct call_state *state)
{
    return (struct words){ { state->ebx, state->esi, state->edi, state->ebp } };
}

struct words call_state_question(const struct call_state *state)
{
    return (struct words){ { state->eax, state->esi, state->edi, state->ebp } };
}

status_t message_call_words_by(enum call_way way, process_id_t destination, struct words *words)
{
    struct call_state state = call_state_words(destination, words);

    state_call(&state, way);
    *words = call_state_answer(&state);
    return (status_t)state.eax;
}

message_id_t message_reply_wait_words_by(enum call_way way, message_id_t id, struct words *words, struct event *event_out)
{
    struct call_state state = call_state_reply_wait(id, words, event_out);

    state_call(&state, way);
    *words = call_state_question(&state);
    return (state.ebx & CALL_IN_REGISTERS) != 0 ? state.ebx : event_not_call(event_out, state.eax, state.ebx, state.esi, state.edi);
}
