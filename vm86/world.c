/* What the monitor's instructions reach: the first megabyte, ports, the table of interrupts. */
#include "running.h"

#include "memory.h"
#include "ports.h"
#include "problem.h"
#include "recorder.h"
#include "services.h"

static bool read(void *context, uint32_t address, void *to, uint32_t size)
{
    (void)context;
    return memory_read(address, to, size);
}

static bool write(void *context, uint32_t address, const void *from, uint32_t size)
{
    (void)context;
    return memory_write(address, from, size);
}

static bool is_writable(void *context, uint32_t address, uint32_t size)
{
    (void)context;
    return memory_make_writable(address, size);
}

static void count_port(bool is_read, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind)
{
    running.cost.ports++;
    running.cost.refused += kind == BIOS_PORT_REFUSED;
    if (recorder_listens()) {
        recorder_port(is_read, &running.state, port, width, value, kind);
    }
}

static uint32_t port_read(void *context, uint16_t port, uint32_t width)
{
    enum bios_port kind;
    uint32_t value = ports_read(port, width, &kind);
    (void)context;

    count_port(true, port, width, value, kind);
    return value;
}

static void port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    enum bios_port kind;
    (void)context;

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
    .memory = vm86_memory, .pages = memory_pages,
    .read = read, .write = write, .is_writable = is_writable, .port_read = port_read, .port_write = port_write, .interrupt = interrupt,
};
