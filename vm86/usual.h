/*
 * The instructions for which nearly all traps of a BIOS are, in the way that costs least: PUSHF, POPF, CLI, STI, INT, IRET, IN and OUT. Nothing
 * is kept for records, memory is touched in place, and who asks for nothing is not asked about. Whatever else there is, or there might be, is
 * monitor_emulate's.
 */
#pragma once

#include "monitor_parts.h"

#define OPERAND_SIZE_PREFIX 0x66U
#define INTERRUPT_FRAME 6U           /* bytes: IP, CS, flags */

enum usual {
    USUAL_NOT,                       /* nothing was done, and monitor_emulate does it */
    USUAL_DONE,
    USUAL_ASKED,                     /* done, and the world was asked: it may have something to say about that */
};

struct usual_word {
    uint16_t value;
} __attribute__((packed, may_alias));

struct usual_double_word {
    uint32_t value;
} __attribute__((packed, may_alias));

static inline uint32_t usual_read(const uint8_t *at, uint32_t size)
{
    return size == 4 ? ((const struct usual_double_word *)at)->value : ((const struct usual_word *)at)->value;
}

static inline void usual_write(uint8_t *at, uint32_t size, uint32_t value)
{
    if (size == 4) {
        ((struct usual_double_word *)at)->value = value;
    } else {
        ((struct usual_word *)at)->value = (uint16_t)value;
    }
}

/* Are these bytes of the stack in one page, and that at least so good? Where they are. */
[[gnu::always_inline]] static inline bool usual_stack(const struct monitor_direct *direct, const struct vm86_state *state, uint32_t sp, uint32_t size,
                                                      uint32_t least, uint8_t **at_out)
{
    uint32_t address = linear(state->ss, sp);

    *at_out = direct->memory + address;
    return sp <= SEGMENT_SIZE - size && address % PAGE_SIZE <= PAGE_SIZE - size && direct->pages[address / PAGE_SIZE] >= least;
}

[[gnu::always_inline]] static inline enum usual usual_done(struct vm86_state *state, uint32_t length)
{
    (void)go_on_at(state, state->eip + length);
    return USUAL_DONE;
}

/* ---- Flags ---- */

[[gnu::always_inline]] static inline enum usual usual_pushf(const struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t size)
{
    uint32_t sp = (state->esp - size) & 0xFFFF;
    uint8_t *at;

    if (!usual_stack(direct, state, sp, size, MONITOR_PAGE_WRITABLE, &at)) {
        return USUAL_NOT;
    }
    usual_write(at, size, monitor_flags(monitor, state));
    set_sp(state, sp);
    return usual_done(state, size / 2);
}

[[gnu::always_inline]] static inline enum usual usual_popf(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t size)
{
    uint32_t sp = state->esp & 0xFFFF;
    uint8_t *at;

    if (!usual_stack(direct, state, sp, size, MONITOR_PAGE_READABLE, &at)) {
        return USUAL_NOT;
    }
    flags_set(monitor, state, usual_read(at, size), size);
    set_sp(state, sp + size);
    return usual_done(state, size / 2);
}

/* ---- Interrupts ---- */

[[gnu::always_inline]] static inline enum usual usual_int(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t vector)
{
    uint32_t sp = (state->esp - INTERRUPT_FRAME) & 0xFFFF;
    uint8_t *at;

    if (direct->pages[0] < MONITOR_PAGE_READABLE || direct->asked_vectors[vector]
        || !usual_stack(direct, state, sp, INTERRUPT_FRAME, MONITOR_PAGE_WRITABLE, &at)) {
        return USUAL_NOT;
    }
    uint32_t target = usual_read(direct->memory + vector * 4, 4);
    if (target == 0) {
        return USUAL_NOT;
    }
    usual_write(at, 2, state->eip + 2);
    usual_write(at + 2, 2, state->cs);
    usual_write(at + 4, 2, monitor_flags(monitor, state));
    set_sp(state, sp);
    monitor->flags &= ~(EFLAGS_IF | EFLAGS_AC);
    monitor->interrupts++;
    state->cs = target >> 16;
    (void)go_on_at(state, target);
    return USUAL_DONE;
}

[[gnu::always_inline]] static inline enum usual usual_iret(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state)
{
    uint32_t sp = state->esp & 0xFFFF;
    uint8_t *at;

    if (!usual_stack(direct, state, sp, INTERRUPT_FRAME, MONITOR_PAGE_READABLE, &at)) {
        return USUAL_NOT;
    }
    set_sp(state, sp + INTERRUPT_FRAME);
    state->cs = usual_read(at + 2, 2);
    flags_set(monitor, state, usual_read(at + 4, 2), 2);
    (void)go_on_at(state, usual_read(at, 2));
    return USUAL_DONE;
}

/* ---- Ports ---- */

/* MONITOR_PLAIN_COUNT or more: the world is to be asked. */
[[gnu::always_inline]] static inline uint32_t usual_port(struct monitor *monitor, const struct monitor_direct *direct, uint16_t port, uint32_t width)
{
    uint32_t kind = direct->plain_ports[monitor_plain_place(port)] ^ MONITOR_PLAIN_PORT(port, width, 0);

    monitor->plain += kind < MONITOR_PLAIN_COUNT;
    return kind;
}

[[gnu::always_inline]] static inline enum usual usual_out(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t width,
                                                          uint16_t port, uint32_t length)
{
    const struct monitor_world *around = monitor->world;
    uint32_t value = state->eax & (width == 4 ? UINT32_MAX : (1U << width * 8) - 1);
    uint32_t kind = usual_port(monitor, direct, port, width);

    if (kind <= MONITOR_QUIET_REFUSED) {
        monitor->plain_refused += kind;
    } else if (kind == MONITOR_OWN) {
        direct->own_write(port, width, value);
    } else {
        around->port_write(around->context, port, width, value);
        (void)usual_done(state, length);
        return USUAL_ASKED;
    }
    return usual_done(state, length);
}

[[gnu::always_inline]] static inline enum usual usual_in(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t width,
                                                         uint16_t port, uint32_t length)
{
    const struct monitor_world *around = monitor->world;
    uint32_t mask = width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
    uint32_t kind = usual_port(monitor, direct, port, width);

    if (kind <= MONITOR_QUIET_REFUSED) {
        monitor->plain_refused += kind;
        state->eax |= mask;
    } else if (kind == MONITOR_OWN) {
        state->eax = (state->eax & ~mask) | (direct->own_read(port, width) & mask);
    } else {
        state->eax = (state->eax & ~mask) | (around->port_read(around->context, port, width) & mask);
        (void)usual_done(state, length);
        return USUAL_ASKED;
    }
    return usual_done(state, length);
}

/* ---- All of them ---- */

/* Behind a prefix for 32 bits, which makes another instruction of these alone. */
static inline enum usual usual_emulate_wide(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_PUSHF:
        return usual_pushf(monitor, direct, state, 4);
    case OPCODE_POPF:
        return usual_popf(monitor, direct, state, 4);
    case OPCODE_IN:
        return usual_in(monitor, direct, state, 4, (uint16_t)state->edx, 2);
    case OPCODE_OUT:
        return usual_out(monitor, direct, state, 4, (uint16_t)state->edx, 2);
    }
    return USUAL_NOT;
}

/* What a first byte begins: a number of few, so that one jump leads to it. */
enum usual_form {
    FORM_OTHER, FORM_WIDE, FORM_PUSHF, FORM_POPF, FORM_INT, FORM_IRET, FORM_IN_BYTE_IMMEDIATE, FORM_OUT_BYTE_IMMEDIATE, FORM_IN_BYTE, FORM_IN,
    FORM_OUT_BYTE, FORM_OUT, FORM_CLI, FORM_STI,
};

static const uint8_t usual_forms[256] = {
    [OPERAND_SIZE_PREFIX] = FORM_WIDE, [OPCODE_PUSHF] = FORM_PUSHF, [OPCODE_POPF] = FORM_POPF, [OPCODE_INT] = FORM_INT, [OPCODE_IRET] = FORM_IRET,
    [OPCODE_IN_BYTE_IMMEDIATE] = FORM_IN_BYTE_IMMEDIATE, [OPCODE_OUT_BYTE_IMMEDIATE] = FORM_OUT_BYTE_IMMEDIATE, [OPCODE_IN_BYTE] = FORM_IN_BYTE,
    [OPCODE_IN] = FORM_IN, [OPCODE_OUT_BYTE] = FORM_OUT_BYTE, [OPCODE_OUT] = FORM_OUT, [OPCODE_CLI] = FORM_CLI, [OPCODE_STI] = FORM_STI,
};

/* code: two bytes are there. */
[[gnu::always_inline]] static inline enum usual usual_execute(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state, const uint8_t *code)
{
    switch ((enum usual_form)usual_forms[code[0]]) {
    case FORM_OTHER:
        return USUAL_NOT;
    case FORM_WIDE:
        return usual_emulate_wide(monitor, direct, state, code[1]);
    case FORM_PUSHF:
        return usual_pushf(monitor, direct, state, 2);
    case FORM_POPF:
        return usual_popf(monitor, direct, state, 2);
    case FORM_INT:
        return usual_int(monitor, direct, state, code[1]);
    case FORM_IRET:
        return usual_iret(monitor, direct, state);
    case FORM_IN_BYTE_IMMEDIATE:
        return usual_in(monitor, direct, state, 1, code[1], 2);
    case FORM_OUT_BYTE_IMMEDIATE:
        return usual_out(monitor, direct, state, 1, code[1], 2);
    case FORM_IN_BYTE:
        return usual_in(monitor, direct, state, 1, (uint16_t)state->edx, 1);
    case FORM_IN:
        return usual_in(monitor, direct, state, 2, (uint16_t)state->edx, 1);
    case FORM_OUT_BYTE:
        return usual_out(monitor, direct, state, 1, (uint16_t)state->edx, 1);
    case FORM_OUT:
        return usual_out(monitor, direct, state, 2, (uint16_t)state->edx, 1);
    case FORM_CLI:
        monitor->flags &= ~EFLAGS_IF;
        return usual_done(state, 1);
    case FORM_STI:
        monitor->flags |= EFLAGS_IF;
        return usual_done(state, 1);
    }
    __builtin_unreachable();         /* the table has no others */
}

/* direct: that of the monitor's world, as something that the compiler knows. */
[[gnu::always_inline]] static inline enum usual usual_emulate(struct monitor *monitor, const struct monitor_direct *direct, struct vm86_state *state)
{
    uint32_t at = linear(state->cs, state->eip);

    if ((state->eflags & EFLAGS_TF) != 0 || state->eip > SEGMENT_SIZE - 2 || at % PAGE_SIZE > PAGE_SIZE - 2) {
        return USUAL_NOT;
    }
    return usual_execute(monitor, direct, state, direct->memory + at);
}
