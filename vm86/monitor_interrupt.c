/* Interrupts and the way back from them, as in real mode. SDM volume 2, INT n and IRET. */
#include "monitor_parts.h"

#define FRAME_ITEMS 3U               /* IP, CS, flags */

/* Where the i-th item of a frame is that begins at `sp`. False: across the end of the segment. Between items SP wraps. */
static bool item_address(struct monitor *monitor, const struct vm86_state *state, uint32_t sp, uint32_t i, uint32_t size)
{
    uint32_t offset = (sp + i * size) & 0xFFFF;

    monitor->address = linear(state->ss, offset);
    return offset <= SEGMENT_SIZE - size;
}

/* A frame that wraps, item by item; all or nothing. */
static bool frame_write_wrapped(struct monitor *monitor, const struct vm86_state *state, uint32_t sp, const uint16_t frame[FRAME_ITEMS])
{
    const struct monitor_world *world = monitor->world;

    for (uint32_t i = 0; i < FRAME_ITEMS; i++) {
        if (!item_address(monitor, state, sp, i, 2) || !world->is_writable(world->context, monitor->address, 2)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < FRAME_ITEMS; i++) {
        (void)item_address(monitor, state, sp, i, 2);
        if (!world->write(world->context, monitor->address, &frame[i], 2)) {
            return false;
        }
    }
    return true;
}

static bool frame_write(struct monitor *monitor, const struct vm86_state *state, uint32_t sp, const uint16_t frame[FRAME_ITEMS])
{
    const struct monitor_world *world = monitor->world;

    if (sp > SEGMENT_SIZE - 6) {
        return frame_write_wrapped(monitor, state, sp, frame);
    }
    monitor->address = linear(state->ss, sp);
    return world->write(world->context, monitor->address, frame, 6);
}

enum monitor_outcome monitor_interrupt_from(struct monitor *monitor, struct vm86_state *state, uint32_t vector, uint32_t ip)
{
    const struct monitor_world *world = monitor->world;
    const uint16_t frame[FRAME_ITEMS] = { (uint16_t)ip, (uint16_t)state->cs, (uint16_t)monitor_flags(monitor, state) };
    uint32_t sp = (state->esp - sizeof frame) & 0xFFFF;
    uint16_t target[2];

    if (!world->read(world->context, vector % MONITOR_VECTORS * sizeof target, target, sizeof target)) {
        return fault(monitor, vector % MONITOR_VECTORS * sizeof target);
    }
    if (!frame_write(monitor, state, sp, frame)) {
        return MONITOR_FAULT;
    }
    __builtin_memcpy(monitor->read, target, sizeof target);
    monitor->read_size = sizeof target;
    __builtin_memcpy(monitor->written, frame, sizeof frame);
    monitor->written_size = sizeof frame;
    set_sp(state, sp);
    monitor->flags &= ~(EFLAGS_IF | EFLAGS_AC);
    monitor->single_step = false;
    state->eflags &= ~EFLAGS_TF;
    state->cs = target[1];
    return go_on_at(state, target[0]);
}

enum monitor_outcome monitor_interrupt(struct monitor *monitor, struct vm86_state *state, uint32_t vector)
{
    return monitor_interrupt_from(monitor, state, vector, state->eip);
}

static bool frame_read(struct monitor *monitor, const struct vm86_state *state, uint32_t size)
{
    const struct monitor_world *world = monitor->world;
    uint32_t sp = state->esp & 0xFFFF;

    if (sp <= SEGMENT_SIZE - FRAME_ITEMS * size) {
        monitor->address = linear(state->ss, sp);
        return world->read(world->context, monitor->address, monitor->read, FRAME_ITEMS * size);
    }
    for (uint32_t i = 0; i < FRAME_ITEMS; i++) {
        if (!item_address(monitor, state, sp, i, size) || !world->read(world->context, monitor->address, &monitor->read[i * size], size)) {
            return false;
        }
    }
    return true;
}

static uint32_t frame_item(const struct monitor *monitor, uint32_t i, uint32_t size)
{
    uint32_t item = 0;

    __builtin_memcpy(&item, &monitor->read[i * size], size);
    return item;
}

enum monitor_outcome monitor_return(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction)
{
    uint32_t size = instruction->is_wide ? 4 : 2;

    if (!frame_read(monitor, state, size)) {
        return MONITOR_FAULT;
    }
    monitor->read_size = FRAME_ITEMS * size;
    uint32_t ip = frame_item(monitor, 0, size);
    if (ip >= SEGMENT_SIZE) {
        return MONITOR_UNKNOWN;      /* beyond the code segment's end: a general protection fault */
    }
    set_sp(state, state->esp + FRAME_ITEMS * size);
    state->cs = frame_item(monitor, 1, size) & 0xFFFF;
    flags_set(monitor, state, frame_item(monitor, 2, size), size);
    return go_on_at(state, ip);
}
