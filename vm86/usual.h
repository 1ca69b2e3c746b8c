/*
 * The four instructions for which nearly all traps of a BIOS are, in the way that costs least: nothing is kept for records, and memory is
 * touched in place. Whatever else there is, or there might be, is monitor_emulate's.
 */
#pragma once

#include "monitor_parts.h"

#define OPERAND_SIZE_PREFIX 0x66U

struct usual_word {
    uint16_t value;
} __attribute__((packed, may_alias));

struct usual_double_word {
    uint32_t value;
} __attribute__((packed, may_alias));

/* Are these bytes of the stack in one page, and that at least so good? Where they are. */
static inline bool usual_stack(const struct monitor_world *around, const struct vm86_state *state, uint32_t sp, uint32_t size, uint32_t least, uint8_t **at_out)
{
    uint32_t address = linear(state->ss, sp);

    *at_out = around->memory + address;
    return sp <= SEGMENT_SIZE - size && address % PAGE_SIZE <= PAGE_SIZE - size && around->pages[address / PAGE_SIZE] >= least;
}

static inline bool usual_pushf(const struct monitor *monitor, const struct monitor_world *around, struct vm86_state *state, uint32_t size)
{
    uint32_t sp = (state->esp - size) & 0xFFFF;
    uint32_t flags = monitor_flags(monitor, state);
    uint8_t *at;

    if (!usual_stack(around, state, sp, size, MONITOR_PAGE_WRITABLE, &at)) {
        return false;
    }
    if (size == 4) {
        ((struct usual_double_word *)at)->value = flags;
    } else {
        ((struct usual_word *)at)->value = (uint16_t)flags;
    }
    set_sp(state, sp);
    return true;
}

static inline bool usual_popf(struct monitor *monitor, const struct monitor_world *around, struct vm86_state *state, uint32_t size)
{
    uint32_t sp = state->esp & 0xFFFF;
    uint8_t *at;

    if (!usual_stack(around, state, sp, size, MONITOR_PAGE_READABLE, &at)) {
        return false;
    }
    if (size == 4) {
        flags_set(monitor, state, ((struct usual_double_word *)at)->value, UINT32_MAX);
    } else {
        flags_set(monitor, state, ((struct usual_word *)at)->value, 0xFFFF);
    }
    set_sp(state, sp + size);
    return true;
}

/* around: the monitor's world, with pages. False: nothing was done, and monitor_emulate does it. */
[[gnu::always_inline]] static inline bool usual_emulate(struct monitor *monitor, const struct monitor_world *around, struct vm86_state *state)
{
    uint32_t at = linear(state->cs, state->eip);
    uint32_t shadow = MONITOR_SHADOW_NONE;
    uint32_t length = 1;

    if ((state->eflags & EFLAGS_TF) != 0 || state->eip > SEGMENT_SIZE - 2 || at % PAGE_SIZE > PAGE_SIZE - 2) {
        return false;
    }
    uint32_t code = ((const struct usual_word *)(around->memory + at))->value;
    bool is_wide = (code & 0xFF) == OPERAND_SIZE_PREFIX;
    if (is_wide) {
        code >>= 8;
        length = 2;
    }
    switch (code & 0xFF) {
    case OPCODE_PUSHF:
        if (!(is_wide ? usual_pushf(monitor, around, state, 4) : usual_pushf(monitor, around, state, 2))) {
            return false;
        }
        break;
    case OPCODE_POPF:
        if (!(is_wide ? usual_popf(monitor, around, state, 4) : usual_popf(monitor, around, state, 2))) {
            return false;
        }
        break;
    case OPCODE_CLI:
        monitor->interrupts_on = false;
        break;
    case OPCODE_STI:
        if (!monitor->interrupts_on) {
            shadow = linear(state->cs, state->eip + length);
        }
        monitor->interrupts_on = true;
        break;
    default:
        return false;
    }
    monitor->shadow = shadow;
    (void)go_on_at(state, state->eip + length);
    return true;
}
