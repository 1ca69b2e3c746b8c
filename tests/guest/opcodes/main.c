/*
 * d\opcodes: runs the random cases of tests/vm86/cases.asm in VM86 mode, with the monitor for what traps, and a model of the ports that they
 * touch. What they send out of port E9 goes there: a system test compares it with what real mode sent.
 */
#include <abi/vm86.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "../../../vm86/run.h"
#include "../../../vm86/usual.h"
#include "../../vm86/port_model.h"

#define OUTPUT_PORT 0xE9U
#define VECTORS_END 0x1000U
#define CASES 0x10000U
#define CASES_END 0x80000U
#define SINGLE_STEP 1U
#define BREAKPOINT 3U
#define OVERFLOWED 4U
#define GENERAL_PROTECTION 13U
#define ID 0x200000U

MANIFEST(.partners = PARTNERS_ALL, .rights = RIGHT_VM86, .ports = { { OUTPUT_PORT, OUTPUT_PORT } });

extern const uint8_t cases_image[], cases_image_end[];

static struct vm86_state state __attribute__((aligned(128)));
static struct port_model ports;
static uint32_t traps;

static bool is_there(uint32_t address, uint32_t size)
{
    return (address < VECTORS_END && size <= VECTORS_END - address) || (address >= CASES && address < CASES_END && size <= CASES_END - address);
}

/* Page 0 has an address that is no pointer to C. */
static volatile uint8_t *at(uint32_t address)
{
    return (volatile uint8_t *)address;
}

static bool world_read(void *context, uint32_t address, void *to, uint32_t size)
{
    uint8_t *bytes = to;
    (void)context;

    for (uint32_t i = 0; i < size && is_there(address, size); i++) {
        bytes[i] = *at(address + i);
    }
    return is_there(address, size);
}

static bool world_is_writable(void *context, uint32_t address, uint32_t size)
{
    (void)context;
    return is_there(address, size);
}

static bool world_write(void *context, uint32_t address, const void *from, uint32_t size)
{
    const uint8_t *bytes = from;
    (void)context;

    for (uint32_t i = 0; i < size && is_there(address, size); i++) {
        *at(address + i) = bytes[i];
    }
    return is_there(address, size);
}

static uint32_t world_port_read(void *context, uint16_t port, uint32_t width)
{
    (void)context;
    return port_model_read(&ports, port, width);
}

static void world_port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    (void)context;
    port_model_write(&ports, port, width, value);
}

static bool world_interrupt(void *context, struct vm86_state *with, uint32_t vector)
{
    (void)context;
    (void)with;
    (void)vector;
    return true;
}

static uint8_t pages[VM86_MEMORY_END / PAGE_SIZE];

/* No port is plain, and no vector asked about. */
static const uint32_t plain_ports[MONITOR_PLAIN_PORTS];
static const bool asked_vectors[MONITOR_VECTORS];

static const struct monitor_direct direct = { .memory = NULL, .pages = pages, .plain_ports = plain_ports, .asked_vectors = asked_vectors };
static const struct monitor_world world = {
    .direct = &direct, .read = world_read, .write = world_write, .is_writable = world_is_writable, .port_read = world_port_read,
    .port_write = world_port_write, .interrupt = world_interrupt,
};

static void map(uint32_t first, uint32_t end)
{
    MUST(vm86_map(first, (end - first) / PAGE_SIZE, VM86_MAP_ZEROES));
    memset(pages + first / PAGE_SIZE, MONITOR_PAGE_WRITABLE, (end - first) / PAGE_SIZE);
}

static enum monitor_outcome go_on(struct monitor *monitor)
{
    MUST(vm86_run(&state));
    traps++;
    if (state.reason == SINGLE_STEP || state.reason == BREAKPOINT || state.reason == OVERFLOWED) {
        return monitor_interrupt(monitor, &state, state.reason);
    }
    if (state.reason != GENERAL_PROTECTION) {
        log_print(LOG_ERROR, "exception %u at %x:%x", state.reason, state.cs, state.eip);
        return MONITOR_UNKNOWN;
    }
    if (usual_emulate(monitor, &direct, &state) != USUAL_NOT) {
        return MONITOR_GOES_ON;
    }
    enum monitor_outcome outcome = monitor_emulate(monitor, &state);
    return outcome <= MONITOR_AGAIN && monitor->single_step ? monitor_interrupt(monitor, &state, SINGLE_STEP) : outcome;
}

int main(void)
{
    enum monitor_outcome outcome = MONITOR_GOES_ON;
    struct monitor monitor;

    MUST(vm86_set_up((uint32_t)&state));
    map(0, VECTORS_END);
    map(CASES, CASES_END);
    memcpy((void *)CASES, cases_image, (size_t)(cases_image_end - cases_image));
    monitor_initialise(&monitor, &world);
    monitor.kept |= ID;
    state.cs = CASES >> 4;
    while (outcome <= MONITOR_HALTED) {          /* HLT: a tick is as good as there */
        outcome = go_on(&monitor);
    }
    log_print(outcome == MONITOR_HALTED_FOR_EVER ? LOG_INFORMATION : LOG_ERROR, "outcome %u at %x:%x after %u traps", (unsigned)outcome,
              state.cs & 0xFFFF, state.eip, traps);
    return outcome == MONITOR_HALTED_FOR_EVER ? 0 : 1;
}
