#include "interrupts.h"

#include "memory.h"
#include "recorder.h"

#define DEPTH_MAX 32U                /* deeper ones are not counted */
#define IRET 0xCFU

static uint32_t returns[DEPTH_MAX];  /* far pointers */
static uint32_t depth;

void interrupts_forget(void)
{
    depth = 0;
}

void interrupts_began(const struct vm86_state *state, uint32_t vector, bool is_exception)
{
    if (is_exception) {
        recorder_interrupt(false, state, vector);
    }
    if (depth < DEPTH_MAX) {
        returns[depth++] = memory_double_word((state->ss & 0xFFFF) * 16 + (state->esp & 0xFFFF));
    }
    recorder_set_depth(depth);
}

/* Behind prefixes. */
static bool is_return(const uint8_t *code, uint32_t size)
{
    return size != 0 && code[size - 1] == IRET;
}

/* What came back by RETF 2 stands above the one that fits, and goes with it. */
void interrupts_look_for_return(const struct vm86_state *state, const uint8_t *code, uint32_t code_size)
{
    uint32_t place = (state->cs & 0xFFFF) << 16 | (state->eip & 0xFFFF);

    if (!is_return(code, code_size)) {
        return;
    }
    recorder_interrupt(true, state, 0);
    for (uint32_t at = depth; at > 0; at--) {
        if (returns[at - 1] == place) {
            depth = at - 1;
            break;
        }
    }
    recorder_set_depth(depth);
}
