#include "vm86_world.h"

#include <string.h>

#include "test.h"

uint8_t world_memory[WORLD_SIZE];
static uint8_t direct_pages[WORLD_SIZE / WORLD_PAGE];
static uint32_t plain_ports[MONITOR_PLAIN_PORTS];
static bool asked_vectors[MONITOR_VECTORS];
uint8_t world_pages[WORLD_SIZE / WORLD_PAGE];
struct world_port world_log[WORLD_LOG_MAX];
uint32_t world_log_count;
uint32_t world_writes;
bool world_refuses_interrupts;
uint32_t world_interrupt;

static uint32_t asked_address, asked_size;   /* of the last question whether memory can be written; size 0: no, it cannot */
static bool port_was_read;                   /* what comes next puts that into memory */
static int self;                                     /* the context */

void world_begin(void)
{
    memset(world_memory, 0, sizeof world_memory);
    memset(world_pages, WORLD_WRITABLE, sizeof world_pages);
    memset(plain_ports, 0, sizeof plain_ports);
    memset(asked_vectors, 0, sizeof asked_vectors);
    world_log_count = 0;
    world_writes = 0;
    world_refuses_interrupts = false;
    world_interrupt = UINT32_MAX;
    asked_size = 0;
    port_was_read = false;
}

void world_open_pages(void)
{
    for (uint32_t i = 0; i < sizeof direct_pages; i++) {
        direct_pages[i] = world_pages[i] == WORLD_WRITABLE ? MONITOR_PAGE_WRITABLE : world_pages[i] == WORLD_READ_ONLY ? MONITOR_PAGE_READABLE : 0;
    }
}

void world_keep_plain(uint16_t port, uint32_t width, enum monitor_plain kind)
{
    plain_ports[monitor_plain_place(port)] = MONITOR_PLAIN_PORT(port, width, kind);
}

void world_ask_about(uint32_t vector)
{
    asked_vectors[vector] = true;
}

static bool is_all(uint32_t address, uint32_t size, enum world_page worst)
{
    CHECK(size >= 1 && size <= 16);
    CHECK(address <= WORLD_SIZE + 16 - size);            /* so the header promises */
    if (address >= WORLD_SIZE || size > WORLD_SIZE - address) {
        return false;
    }
    return world_pages[address / WORLD_PAGE] <= worst && world_pages[(address + size - 1) / WORLD_PAGE] <= worst;
}

static bool read(void *context, uint32_t address, void *to, uint32_t size)
{
    CHECK(context == &self);
    if (!is_all(address, size, WORLD_READ_ONLY)) {
        return false;
    }
    memcpy(to, world_memory + address, size);
    return true;
}

static bool write(void *context, uint32_t address, const void *from, uint32_t size)
{
    CHECK(context == &self);
    if (!is_all(address, size, WORLD_WRITABLE)) {
        return false;
    }
    memcpy(world_memory + address, from, size);
    world_writes++;
    if (port_was_read && world_log_count != 0) {         /* by this instruction. What a port gave cannot be put back: it was asked before */
        CHECK(address == asked_address && size == asked_size);
    }
    port_was_read = false;
    return true;
}

static bool is_writable(void *context, uint32_t address, uint32_t size)
{
    CHECK(context == &self);
    asked_address = address;
    asked_size = is_all(address, size, WORLD_WRITABLE) ? size : 0;
    return asked_size != 0;
}

uint32_t world_port_value(uint32_t number)
{
    return (number + 1) * 0x9E3779B9U;
}

static void log_access(bool is_read, uint16_t port, uint32_t width, uint32_t value)
{
    CHECK(width == 1 || width == 2 || width == 4);
    if (world_log_count < WORLD_LOG_MAX) {
        world_log[world_log_count] = (struct world_port){ is_read, port, width, value };
    }
    world_log_count++;
}

static uint32_t port_read(void *context, uint16_t port, uint32_t width)
{
    uint32_t value = world_port_value(world_log_count);      /* with bits beyond the width: they are not to come through */

    CHECK(context == &self);
    log_access(true, port, width, value);
    port_was_read = true;
    return value;
}

static void port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    CHECK(context == &self && (width == 4 || value >> width * 8 == 0));
    log_access(false, port, width, value);
}

static uint32_t own_read(uint16_t port, uint32_t width)
{
    return port_read(&self, port, width);
}

static void own_write(uint16_t port, uint32_t width, uint32_t value)
{
    port_write(&self, port, width, value);
}

static bool interrupt(void *context, struct vm86_state *state, uint32_t vector)
{
    CHECK(context == &self && vector <= UINT8_MAX);
    world_interrupt = vector;
    if (world_refuses_interrupts) {
        state->eax = 0x8600;
        state->eflags |= 1;
    }
    return !world_refuses_interrupts;
}

const struct monitor_world world = {
    .context = &self, .read = read, .write = write, .is_writable = is_writable, .port_read = port_read, .port_write = port_write,
    .interrupt = interrupt,
};

const struct monitor_direct world_places = {
    .memory = world_memory, .pages = direct_pages, .plain_ports = plain_ports, .own_read = own_read, .own_write = own_write, .asked_vectors = asked_vectors,
};

const struct monitor_world world_direct = {
    .context = &self, .direct = &world_places, .read = read, .write = write, .is_writable = is_writable, .port_read = port_read,
    .port_write = port_write, .interrupt = interrupt,
};
