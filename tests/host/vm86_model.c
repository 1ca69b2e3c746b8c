#include "vm86_model.h"

#include <string.h>

#define UNDO_MAX 8192U

uint8_t model_memory[WORLD_SIZE];

static struct { uint32_t address; uint8_t byte; } undo[UNDO_MAX];
static uint32_t undo_count;

struct parsed {
    uint32_t length;
    uint8_t opcode, immediate;
    bool wide, wide_address, rep;
    uint32_t data_segment;
};

/* ---- Memory ---- */

static bool byte_is(uint32_t address, enum world_page worst)
{
    return address < WORLD_SIZE && world_pages[address / WORLD_PAGE] <= worst;
}

/* False as well if it is not whole within the segment. */
static bool load(uint32_t segment, uint32_t offset, uint32_t size, uint32_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t address = (segment & 0xFFFF) * 16 + offset + i;
        if (offset + i < offset || offset + i > 0xFFFF || !byte_is(address, WORLD_READ_ONLY)) {
            return false;
        }
        *value |= (uint32_t)model_memory[address] << 8 * i;
    }
    return true;
}

static bool can_store(uint32_t segment, uint32_t offset, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (offset + i < offset || offset + i > 0xFFFF || !byte_is((segment & 0xFFFF) * 16 + offset + i, WORLD_WRITABLE)) {
            return false;
        }
    }
    return true;
}

static bool store(uint32_t segment, uint32_t offset, uint32_t size, uint32_t value)
{
    if (!can_store(segment, offset, size)) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        uint32_t address = (segment & 0xFFFF) * 16 + offset + i;
        undo[undo_count].address = address;
        undo[undo_count++].byte = model_memory[address];
        model_memory[address] = (uint8_t)(value >> 8 * i);
    }
    return true;
}

static bool push(struct vm86_state *state, uint32_t size, uint32_t value)
{
    uint16_t sp = (uint16_t)(state->esp - size);

    state->esp = (state->esp & ~0xFFFFU) | sp;
    return store(state->ss, sp, size, value);
}

static bool pop(struct vm86_state *state, uint32_t size, uint32_t *value)
{
    uint16_t sp = (uint16_t)state->esp;

    state->esp = (state->esp & ~0xFFFFU) | (uint16_t)(sp + size);
    return load(state->ss, sp, size, value);
}

/* ---- Prefixes ---- */

static uint32_t *segment_of_prefix(struct vm86_state *state, uint8_t prefix)
{
    switch (prefix) {
    case 0x26: return &state->es;
    case 0x2E: return &state->cs;
    case 0x36: return &state->ss;
    case 0x3E: return &state->ds;
    case 0x64: return &state->fs;
    case 0x65: return &state->gs;
    }
    return NULL;
}

static enum monitor_outcome fetch(const struct vm86_state *state, uint32_t at, uint8_t *byte)
{
    uint32_t value;

    if (at == 15 || state->eip + at > 0xFFFF) {
        return MONITOR_UNKNOWN;
    }
    if (!load(state->cs, state->eip + at, 1, &value)) {
        return MONITOR_FAULT;
    }
    *byte = (uint8_t)value;
    return MONITOR_GOES_ON;
}

static enum monitor_outcome parse(struct vm86_state *state, struct parsed *parsed)
{
    static const char with_immediate[] = "\xCD\xE4\xE5\xE6\xE7";
    static const char known[] = "\x6C\x6D\x6E\x6F\x9C\x9D\xCC\xCD\xCE\xCF\xE4\xE5\xE6\xE7\xEC\xED\xEE\xEF\xF4\xFA\xFB";

    *parsed = (struct parsed){ .data_segment = state->ds };
    for (;;) {
        uint8_t byte;
        enum monitor_outcome outcome = fetch(state, parsed->length++, &byte);
        if (outcome != MONITOR_GOES_ON) {
            return outcome;
        }
        if (byte == 0x66) {
            parsed->wide = true;
        } else if (byte == 0x67) {
            parsed->wide_address = true;
        } else if (byte == 0xF2 || byte == 0xF3) {
            parsed->rep = true;
        } else if (segment_of_prefix(state, byte) != NULL) {
            parsed->data_segment = *segment_of_prefix(state, byte);
        } else {
            parsed->opcode = byte;
            break;
        }
    }
    if (parsed->opcode == 0 || strchr(known, parsed->opcode) == NULL) {
        return MONITOR_UNKNOWN;
    }
    if (strchr(with_immediate, parsed->opcode) != NULL) {
        return fetch(state, parsed->length++, &parsed->immediate);
    }
    return MONITOR_GOES_ON;
}

/* ---- Instructions ---- */

static uint32_t flags_of(const struct model *model)
{
    return (model->state.eflags & 0xDD5) | 2 | (model->interrupts_on ? 0x200 : 0) | model->flags;
}

static void take_flags(struct model *model, uint32_t value, bool wide)
{
    for (uint32_t bit = 0; bit < (wide ? 32 : 16); bit++) {
        uint32_t flag = 1U << bit;
        if ((0xDD5 & flag) != 0) {
            model->state.eflags = (model->state.eflags & ~flag) | (value & flag);
        } else if (flag == 0x200) {
            model->interrupts_on = (value & flag) != 0;
        } else if ((model->kept & flag) != 0) {
            model->flags = (model->flags & ~flag) | (value & flag);
        }
    }
}

static enum monitor_outcome int_(struct model *model, const struct parsed *parsed, uint32_t vector, bool refuses)
{
    struct vm86_state *state = &model->state;
    uint32_t ip, cs;

    if (refuses) {
        state->eax = 0x8600;
        state->eflags |= 1;
        state->eip = (uint16_t)(state->eip + parsed->length);
        return MONITOR_GOES_ON;
    }
    if (!load(0, vector * 4, 2, &ip) || !load(0, vector * 4 + 2, 2, &cs) || !push(state, 2, flags_of(model)) || !push(state, 2, state->cs)
        || !push(state, 2, state->eip + parsed->length)) {
        return MONITOR_FAULT;
    }
    model->interrupts_on = false;
    model->flags &= ~0x40000U;
    state->eflags &= ~0x100U;
    state->cs = cs;
    state->eip = ip;
    model->single_step = false;
    return MONITOR_GOES_ON;
}

static enum monitor_outcome iret(struct model *model, bool wide)
{
    struct vm86_state *state = &model->state;
    uint32_t size = wide ? 4 : 2;
    uint32_t ip, cs, flags;

    if (!pop(state, size, &ip) || !pop(state, size, &cs) || !pop(state, size, &flags)) {
        return MONITOR_FAULT;
    }
    if (ip > 0xFFFF) {
        return MONITOR_UNKNOWN;
    }
    state->eip = ip;
    state->cs = cs & 0xFFFF;
    take_flags(model, flags, wide);
    return MONITOR_GOES_ON;
}

static uint32_t port(struct model *model, bool is_read, uint32_t number, uint32_t width, uint32_t value)
{
    uint32_t mask = width == 4 ? ~0U : width == 2 ? 0xFFFF : 0xFF;

    value = is_read ? world_port_value(model->log_count) : value & mask;
    if (model->log_count < WORLD_LOG_MAX) {
        model->log[model->log_count] = (struct world_port){ is_read, (uint16_t)number, width, value };
    }
    model->log_count++;
    return value & mask;
}

static enum monitor_outcome string(struct model *model, const struct parsed *parsed, uint32_t width)
{
    struct vm86_state *state = &model->state;
    bool is_input = parsed->opcode <= 0x6D;
    uint32_t mask = parsed->wide_address ? ~0U : 0xFFFF;
    uint32_t *index = is_input ? &state->edi : &state->esi;
    uint32_t most = (state->eflags & 0x100) != 0 ? 1 : model->string_max == 0 ? 512 : model->string_max;
    uint32_t done = 0;

    for (; parsed->rep ? (state->ecx & mask) != 0 && done < most : done == 0; done++) {
        uint32_t offset = *index & mask;
        uint32_t value;
        if (is_input ? !can_store(state->es, offset, width) : !load(parsed->data_segment, offset, width, &value)) {
            return done == 0 ? MONITOR_FAULT : MONITOR_AGAIN;
        }
        if (is_input) {
            store(state->es, offset, width, port(model, true, state->edx, width, 0));
        } else {
            port(model, false, state->edx, width, value);
        }
        offset = (state->eflags & 0x400) != 0 ? offset - width : offset + width;
        *index = (*index & ~mask) | (offset & mask);
        if (parsed->rep) {
            state->ecx = (state->ecx & ~mask) | ((state->ecx - 1) & mask);
        }
    }
    return parsed->rep && (state->ecx & mask) != 0 ? MONITOR_AGAIN : MONITOR_GOES_ON;
}

static enum monitor_outcome execute(struct model *model, const struct parsed *parsed, bool refuses)
{
    struct vm86_state *state = &model->state;
    uint32_t size = parsed->wide ? 4 : 2;
    uint32_t width = (parsed->opcode & 1) == 0 ? 1 : size;
    uint32_t mask = width == 4 ? ~0U : width == 2 ? 0xFFFF : 0xFF;
    uint32_t number = parsed->opcode < 0xE8 ? parsed->immediate : state->edx;
    uint32_t value;

    switch (parsed->opcode) {
    case 0x9C:
        return push(state, size, flags_of(model)) ? MONITOR_GOES_ON : MONITOR_FAULT;
    case 0x9D:
        if (!pop(state, size, &value)) {
            return MONITOR_FAULT;
        }
        take_flags(model, value, parsed->wide);
        return MONITOR_GOES_ON;
    case 0xFA:
    case 0xFB:
        model->interrupts_on = parsed->opcode == 0xFB;
        return MONITOR_GOES_ON;
    case 0xF4:
        return model->interrupts_on ? MONITOR_HALTED : MONITOR_HALTED_FOR_EVER;
    case 0xCC:
        return int_(model, parsed, 3, refuses);
    case 0xCD:
        return int_(model, parsed, parsed->immediate, refuses);
    case 0xCE:
        return (state->eflags & 0x800) == 0 ? MONITOR_GOES_ON : int_(model, parsed, 4, refuses);
    case 0xCF:
        return iret(model, parsed->wide);
    case 0xE4:
    case 0xE5:
    case 0xEC:
    case 0xED:
        state->eax = (state->eax & ~mask) | port(model, true, number, width, 0);
        return MONITOR_GOES_ON;
    case 0xE6:
    case 0xE7:
    case 0xEE:
    case 0xEF:
        port(model, false, number, width, state->eax);
        return MONITOR_GOES_ON;
    }
    return string(model, parsed, width);
}

static bool jumps(const struct parsed *parsed, const struct model *before)
{
    return parsed->opcode == 0xCC || parsed->opcode == 0xCD || parsed->opcode == 0xCF || (parsed->opcode == 0xCE && (before->state.eflags & 0x800) != 0);
}

void model_emulate(struct model *model, bool refuses)
{
    static struct model before;
    struct parsed parsed;

    undo_count = 0;
    model->log_count = 0;
    model->single_step = false;
    if (model->state.eip > 0xFFFF) {
        model->state.eip &= 0xFFFF;
        model->state.eflags &= ~0x10000U;
        model->outcome = MONITOR_GOES_ON;
        return;
    }
    before = *model;
    model->outcome = parse(&model->state, &parsed);
    if (model->outcome == MONITOR_GOES_ON) {
        model->single_step = (model->state.eflags & 0x100) != 0;
        model->outcome = execute(model, &parsed, refuses);
    }
    if (model->outcome == MONITOR_FAULT || model->outcome == MONITOR_UNKNOWN) {
        before.outcome = model->outcome;
        *model = before;
        while (undo_count > 0) {
            undo_count--;
            model_memory[undo[undo_count].address] = undo[undo_count].byte;
        }
        return;
    }
    if (model->outcome != MONITOR_AGAIN) {
        model->state.eflags &= ~0x10000U;
        if (!jumps(&parsed, &before)) {
            model->state.eip = (uint16_t)(model->state.eip + parsed.length);
        }
    }
}
