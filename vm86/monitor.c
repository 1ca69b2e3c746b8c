#include "monitor_parts.h"

#define CODE_AT_FIRST 4U             /* bytes that are read in one go: the usual instructions have no more */

static enum monitor_outcome go_on_behind(struct vm86_state *state, const struct instruction *instruction)
{
    return go_on_at(state, state->eip + instruction->size);
}

/* ---- Flags ---- */

/* size: of the operand. */
static enum monitor_outcome emulate_pushf(struct monitor *monitor, struct vm86_state *state, uint32_t size, uint32_t length)
{
    const struct monitor_world *world = monitor->world;
    uint32_t sp = (state->esp - size) & 0xFFFF;
    uint32_t address = linear(state->ss, sp);
    uint32_t flags = monitor_flags(monitor, state);

    __builtin_memcpy(monitor->written, &flags, sizeof flags);
    if (sp > SEGMENT_SIZE - size || !world->write(world->context, address, monitor->written, size)) {
        return fault(monitor, address);
    }
    monitor->written_size = size;
    set_sp(state, sp);
    return go_on_at(state, state->eip + length);
}

static enum monitor_outcome emulate_popf(struct monitor *monitor, struct vm86_state *state, uint32_t size, uint32_t length)
{
    const struct monitor_world *world = monitor->world;
    uint32_t sp = state->esp & 0xFFFF;
    uint32_t address = linear(state->ss, sp);
    uint32_t flags = 0;

    if (sp > SEGMENT_SIZE - size || !world->read(world->context, address, monitor->read, size)) {
        return fault(monitor, address);
    }
    monitor->read_size = size;
    __builtin_memcpy(&flags, monitor->read, size);
    set_sp(state, sp + size);
    flags_set(monitor, state, flags, size);
    return go_on_at(state, state->eip + length);
}

static enum monitor_outcome emulate_cli(struct monitor *monitor, struct vm86_state *state, uint32_t length)
{
    monitor->flags &= ~EFLAGS_IF;
    return go_on_at(state, state->eip + length);
}

static enum monitor_outcome emulate_sti(struct monitor *monitor, struct vm86_state *state, uint32_t length)
{
    monitor->flags |= EFLAGS_IF;
    return go_on_at(state, state->eip + length);
}

/* ---- Interrupts ---- */

static enum monitor_outcome emulate_int(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction, uint32_t vector)
{
    const struct monitor_world *world = monitor->world;

    if (!world->interrupt(world->context, state, vector)) {
        return go_on_behind(state, instruction);
    }
    return monitor_interrupt_from(monitor, state, vector, state->eip + instruction->size);
}

/* ---- Ports ---- */

static enum monitor_outcome emulate_in(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction, uint32_t port)
{
    const struct monitor_world *world = monitor->world;
    uint32_t width = instruction_width(instruction);
    uint32_t mask = width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
    uint32_t value = world->port_read(world->context, (uint16_t)port, width);

    state->eax = (state->eax & ~mask) | (value & mask);
    return go_on_behind(state, instruction);
}

static enum monitor_outcome emulate_out(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction, uint32_t port)
{
    const struct monitor_world *world = monitor->world;
    uint32_t width = instruction_width(instruction);
    uint32_t mask = width == 4 ? UINT32_MAX : (1U << width * 8) - 1;

    world->port_write(world->context, (uint16_t)port, width, state->eax & mask);
    return go_on_behind(state, instruction);
}

static enum monitor_outcome emulate_string(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction)
{
    enum monitor_outcome outcome = string_io(monitor, state, instruction);

    return outcome == MONITOR_GOES_ON ? go_on_behind(state, instruction) : outcome;
}

/* ---- Instructions ---- */

static enum monitor_outcome emulate(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction)
{
    switch (instruction->opcode) {
    case OPCODE_PUSHF:
        return emulate_pushf(monitor, state, instruction->is_wide ? 4 : 2, instruction->size);
    case OPCODE_POPF:
        return emulate_popf(monitor, state, instruction->is_wide ? 4 : 2, instruction->size);
    case OPCODE_CLI:
        return emulate_cli(monitor, state, instruction->size);
    case OPCODE_STI:
        return emulate_sti(monitor, state, instruction->size);
    case OPCODE_INT:
        return emulate_int(monitor, state, instruction, instruction->immediate);
    case OPCODE_INT3:
        return emulate_int(monitor, state, instruction, 3);
    case OPCODE_INTO:
        return (state->eflags & EFLAGS_OF) == 0 ? go_on_behind(state, instruction) : emulate_int(monitor, state, instruction, 4);
    case OPCODE_IRET:
        return monitor_return(monitor, state, instruction);
    case OPCODE_IN_BYTE_IMMEDIATE:
    case OPCODE_IN_IMMEDIATE:
        return emulate_in(monitor, state, instruction, instruction->immediate);
    case OPCODE_OUT_BYTE_IMMEDIATE:
    case OPCODE_OUT_IMMEDIATE:
        return emulate_out(monitor, state, instruction, instruction->immediate);
    case OPCODE_IN_BYTE:
    case OPCODE_IN:
        return emulate_in(monitor, state, instruction, state->edx);
    case OPCODE_OUT_BYTE:
    case OPCODE_OUT:
        return emulate_out(monitor, state, instruction, state->edx);
    case OPCODE_INSB:
    case OPCODE_INS:
    case OPCODE_OUTSB:
    case OPCODE_OUTS:
        return emulate_string(monitor, state, instruction);
    case OPCODE_HLT:
        go_on_behind(state, instruction);
        return (monitor->flags & EFLAGS_IF) != 0 ? MONITOR_HALTED : MONITOR_HALTED_FOR_EVER;
    }
    return MONITOR_UNKNOWN;
}

/* Its bytes one by one: behind them, or behind the first of them, the segment or the memory may end. */
static enum monitor_outcome decode(struct monitor *monitor, const struct vm86_state *state, struct instruction *instruction_out)
{
    const struct monitor_world *world = monitor->world;
    enum instruction_kind kind = INSTRUCTION_CUT;
    uint32_t size = 0;

    while (kind == INSTRUCTION_CUT) {
        if (size == INSTRUCTION_MAX || state->eip + size >= SEGMENT_SIZE) {
            return MONITOR_UNKNOWN;
        }
        uint32_t address = linear(state->cs, state->eip + size);
        if (!world->read(world->context, address, &monitor->code[size], 1)) {
            return fault(monitor, address);
        }
        monitor->code_size = ++size;
        kind = instruction_decode(monitor->code, size, instruction_out);
    }
    return kind == INSTRUCTION_KNOWN ? MONITOR_GOES_ON : MONITOR_UNKNOWN;
}

/* has_code: the first bytes are in `code`. */
static enum monitor_outcome emulate_any(struct monitor *monitor, struct vm86_state *state, bool has_code)
{
    enum monitor_outcome outcome = MONITOR_GOES_ON;
    struct instruction instruction;

    if (!has_code || !instruction_decode_usual(monitor->code, &instruction)) {
        outcome = decode(monitor, state, &instruction);
    }
    if (outcome == MONITOR_GOES_ON) {
        monitor->code_size = instruction.size;
        outcome = emulate(monitor, state, &instruction);
    }
    if (outcome >= MONITOR_UNKNOWN) {
        monitor->single_step = false;
    }
    return outcome;
}

/* Of a segment, or of memory. */
static enum monitor_outcome emulate_at_end(struct monitor *monitor, struct vm86_state *state)
{
    monitor->code_size = 0;
    if (state->eip >= SEGMENT_SIZE) {
        monitor->single_step = false;
        return go_on_at(state, state->eip);
    }
    return emulate_any(monitor, state, false);
}

static inline bool code_read(struct monitor *monitor, const struct vm86_state *state)
{
    const struct monitor_world *world = monitor->world;
    const struct monitor_direct *direct = world->direct;
    uint32_t address = linear(state->cs, state->eip);

    if (state->eip > SEGMENT_SIZE - CODE_AT_FIRST) {
        return false;
    }
    if (direct != NULL && address % PAGE_SIZE <= PAGE_SIZE - CODE_AT_FIRST) {
        __builtin_memcpy(monitor->code, direct->memory + address, CODE_AT_FIRST);
        return true;
    }
    return world->read(world->context, address, monitor->code, CODE_AT_FIRST);
}

enum monitor_outcome monitor_emulate(struct monitor *monitor, struct vm86_state *state)
{
    monitor->read_size = monitor->written_size = 0;
    monitor->single_step = (state->eflags & EFLAGS_TF) != 0;
    return code_read(monitor, state) ? emulate_any(monitor, state, true) : emulate_at_end(monitor, state);
}

void monitor_initialise(struct monitor *monitor, const struct monitor_world *world)
{
    *monitor = (struct monitor){
        .world = world, .flags = EFLAGS_IF, .kept = EFLAGS_IF | EFLAGS_IOPL | EFLAGS_NT | EFLAGS_AC,
    };
}
