#include "running.h"

#include <ternion/exception.h>

#include "interrupts.h"
#include "memory.h"
#include "problem.h"
#include "recorder.h"

#define REAL_MODE_HAS (1U << DIVISION | 1U << DEBUG | 1U << BREAKPOINT | 1U << OVERFLOWED | 1U << BOUNDS | 1U << OPCODE | 1U << NO_FPU | 1U << FPU)
#define REPETITIONS_MAX 100U         /* of an exception whose handler does not help */

static struct {
    uint32_t vector, cs, eip, esp, count;
} last;

void exceptions_forget(void)
{
    last.vector = VM86_EXCEPTION_COUNT;
    last.count = 0;
}

bool has_handler(uint32_t vector)
{
    return memory_double_word(vector * 4) != 0;
}

/* Handlers that just return make the same exception again. */
static bool is_repeated(const struct vm86_state *state)
{
    if (last.vector == state->reason && last.cs == state->cs && last.eip == state->eip && last.esp == state->esp) {
        return ++last.count > REPETITIONS_MAX;
    }
    last.vector = state->reason;
    last.cs = state->cs;
    last.eip = state->eip;
    last.esp = state->esp;
    last.count = 0;
    return false;
}

static enum next stop(const char *why)
{
    problem_set_at(&running.state, "%s%s", exception_name(running.state.reason), why);
    running.failure = FAULT;
    return STOPPED;
}

enum next exception_pass_on(void)
{
    struct vm86_state *state = &running.state;

    if (state->reason >= VM86_EXCEPTION_COUNT || (REAL_MODE_HAS >> state->reason & 1) == 0) {
        return stop("");
    }
    if (!has_handler(state->reason)) {
        return stop(", whose interrupt has no handler,");
    }
    if (is_repeated(state)) {
        return stop(", again and again,");
    }
    if (monitor_interrupt(&running.monitor, state, state->reason) != MONITOR_GOES_ON) {
        return stop(", and no stack for it,");
    }
    if (recorder_listens()) {
        interrupts_began(state, state->reason, true);
    }
    return GO_ON;
}
