/* What the monitor's instructions reach: the first megabyte, ports, the table of interrupts. */
#include "running.h"

#include "memory.h"
#include "ports.h"
#include "problem.h"
#include "recorder.h"
#include "refused.h"
#include "services.h"

#define PORTS_A_LOOK 64U             /* one instruction may have 512 of them, and those that others answer take longest */

static void tell_of_port(bool is_read, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind)
{
    if (kind == BIOS_PORT_REFUSED) {
        running.cost.refused++;
        refused_note(port, width, is_read);
    }
    if (ports_take_long(port) || running.cost.ports % PORTS_A_LOOK == 0) {
        budget_look();
    }
    if (recorder_listens()) {
        recorder_port(is_read, &running.state, port, width, value, kind);
    }
}

static inline void count_port(bool is_read, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind)
{
    running.cost.ports++;
    if (kind >= BIOS_PORT_SWALLOWED || ports_take_long(port) || running.cost.ports % PORTS_A_LOOK == 0 || recorder_listens()) {
        tell_of_port(is_read, port, width, value, kind);
    }
}

static uint32_t port_read(void *context, uint16_t port, uint32_t width)
{
    enum bios_port kind;
    (void)context;

    if (running.failure != OK) {
        return UINT32_MAX;           /* its time is up, and this the rest of a repeated instruction */
    }
    uint32_t value = ports_read(port, width, &kind);

    count_port(true, port, width, value, kind);
    return value;
}

static void port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    enum bios_port kind;
    (void)context;

    if (running.failure != OK) {
        return;
    }
    ports_write(port, width, value, &kind);
    count_port(false, port, width, value, kind);
}

static bool interrupt(void *context, struct vm86_state *state, uint32_t vector)
{
    (void)context;
    running.cost.interrupts++;
    if (recorder_listens()) {
        recorder_interrupt(false, state, vector);
    }
    if (service_refuse(vector, state)) {
        return false;
    }
    if (!has_handler(vector)) {
        problem_set_at(state, "interrupt %02xh has no handler; it was called", vector);
        running.failure = FAULT;
        return false;
    }
    running.interrupted = true;
    return true;
}

const struct monitor_world world = {
    .direct = &places, .read = memory_world_read, .write = memory_world_write, .is_writable = memory_world_is_writable,
    .port_read = port_read, .port_write = port_write, .interrupt = interrupt,
};
