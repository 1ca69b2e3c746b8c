#include "monitor_parts.h"

#define BATCH_USUAL 512U             /* long enough to pay for the trap, short enough to be preempted by a budget */

struct transfer {
    uint16_t port;
    uint32_t width;
    uint32_t base;               /* linear address of the segment */
    uint32_t mask;               /* bits of index and count that the instruction uses */
    uint32_t step;
    uint32_t index;              /* ESI or EDI */
};

static uint32_t segment_base(const struct vm86_state *state, enum segment segment)
{
    const uint32_t segments[] = {
        [SEGMENT_ES] = state->es, [SEGMENT_CS] = state->cs, [SEGMENT_SS] = state->ss, [SEGMENT_DS] = state->ds,
        [SEGMENT_FS] = state->fs, [SEGMENT_GS] = state->gs, [SEGMENT_NONE] = state->ds,
    };

    return (segments[segment] & 0xFFFF) * 16;
}

/* Where the element is. False: across the end of the segment, or behind it. */
static bool element_address(struct monitor *monitor, const struct transfer *transfer, uint32_t *address_out)
{
    uint32_t offset = transfer->index & transfer->mask;

    monitor->address = transfer->base + offset;
    *address_out = monitor->address;
    return offset <= SEGMENT_SIZE - transfer->width;
}

static bool element_in(struct monitor *monitor, const struct transfer *transfer)
{
    const struct monitor_world *world = monitor->world;
    uint32_t address;

    if (!element_address(monitor, transfer, &address) || !world->is_writable(world->context, address, transfer->width)) {
        return false;
    }
    uint32_t value = world->port_read(world->context, transfer->port, transfer->width);
    return world->write(world->context, address, &value, transfer->width);
}

static bool element_out(struct monitor *monitor, const struct transfer *transfer)
{
    const struct monitor_world *world = monitor->world;
    uint32_t value = 0;
    uint32_t address;

    if (!element_address(monitor, transfer, &address) || !world->read(world->context, address, &value, transfer->width)) {
        return false;
    }
    world->port_write(world->context, transfer->port, transfer->width, value);
    return true;
}

/* The bits that do not take part stay. */
static void set_masked(uint32_t *register_, uint32_t mask, uint32_t value)
{
    *register_ = (*register_ & ~mask) | (value & mask);
}

static void transfer_begin(struct transfer *transfer, const struct vm86_state *state, const struct instruction *instruction, bool is_input)
{
    uint32_t width = instruction_width(instruction);

    *transfer = (struct transfer){
        .port = (uint16_t)state->edx,
        .width = width,
        .base = segment_base(state, is_input ? SEGMENT_ES : instruction->segment),
        .mask = instruction->has_wide_addresses ? UINT32_MAX : 0xFFFF,
        .step = (state->eflags & EFLAGS_DF) != 0 ? 0 - width : width,
        .index = is_input ? state->edi : state->esi,
    };
}

/* How many are done in one go: the trap flag's exception comes after each. */
static uint32_t batch(const struct monitor *monitor, const struct vm86_state *state)
{
    if ((state->eflags & EFLAGS_TF) != 0) {
        return 1;
    }
    return monitor->string_max == 0 ? BATCH_USUAL : monitor->string_max;
}

enum monitor_outcome string_io(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction)
{
    bool is_input = instruction->opcode <= OPCODE_INS;
    struct transfer transfer;
    uint32_t done = 0;

    transfer_begin(&transfer, state, instruction, is_input);
    uint32_t count = instruction->repeats ? state->ecx & transfer.mask : 1;
    uint32_t most = batch(monitor, state);
    most = most < count ? most : count;
    while (done < most && (is_input ? element_in(monitor, &transfer) : element_out(monitor, &transfer))) {
        transfer.index += transfer.step;
        done++;
    }
    if (done == 0 && count != 0) {
        return MONITOR_FAULT;
    }
    set_masked(is_input ? &state->edi : &state->esi, transfer.mask, transfer.index);
    if (instruction->repeats) {
        set_masked(&state->ecx, transfer.mask, count - done);
    }
    return done == count ? MONITOR_GOES_ON : MONITOR_AGAIN;
}
