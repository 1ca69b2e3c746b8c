#include "pci_fake.h"

#include <string.h>

#include <ternion/port.h>

#include "test.h"

#define PORT_ADDRESS 0xCF8
#define PORT_DATA 0xCFC

struct fake fakes[FAKES_MAX];
struct fake fakes_before[FAKES_MAX];
uint32_t fake_count;
uint32_t fake_address;
bool fake_mechanism_is_there = true;
uint32_t fake_writes;

/* ---- Ports ---- */

static struct fake *selected(void)
{
    for (uint32_t i = 0; fake_address & 0x80000000 && i < fake_count; i++) {
        if (fakes[i].place == (place_t)(fake_address >> 8)) {
            return &fakes[i];
        }
    }
    return NULL;
}

static uint32_t read(uint16_t port, uint32_t size)
{
    const struct fake *fake = selected();

    CHECK(port >= PORT_DATA && port + size <= PORT_DATA + 4);
    return fake == NULL ? 0xFFFFFFFF >> (32 - 8 * size) : fake_get(fake, (fake_address & 0xFC) + (port & 3), size);
}

static void note_move(struct fake *fake)
{
    const struct fake *old = &fakes_before[fake - fakes];
    bool decodes = (fake->bytes[REGISTER_COMMAND] & (COMMAND_PORTS | COMMAND_MEMORY)) != 0;

    fake->is_moved = memcmp(fake->bytes + REGISTER_BASES, old->bytes + REGISTER_BASES, 4 * PCI_RESOURCES_MAX) != 0;
    fake->was_moved_while_decoding |= fake->is_moved && decodes;
    fake->stopped_decoding |= ((fake->bytes[REGISTER_COMMAND] ^ old->bytes[REGISTER_COMMAND]) & (COMMAND_PORTS | COMMAND_MEMORY)) != 0;
}

static void write(uint16_t port, uint32_t size, uint32_t value)
{
    struct fake *fake = selected();
    uint32_t offset = (fake_address & 0xFC) + (port & 3);
    uint32_t ones = 0xFFFFFFFF;

    CHECK(port >= PORT_DATA && port + size <= PORT_DATA + 4);
    CHECK(fake != NULL);
    fake_writes++;
    if (offset >= REGISTER_BASES && offset < REGISTER_BASES + 4 * PCI_RESOURCES_MAX) {
        CHECK_EQUAL(size, 4);
        ones = fake->base_ones[(offset - REGISTER_BASES) / 4];
    } else {
        CHECK_EQUAL(offset, REGISTER_COMMAND);   /* nothing else is written; the status register least of all */
        CHECK_EQUAL(size, 2);
        ones = fake->command_ones;
    }
    fake_put(fake, offset, size, (value & ones) | (fake_get(fake, offset, size) & (fake->keeps_ones ? 0xFFFFFFFF : ~ones)));
    note_move(fake);
}

uint32_t port_read32(uint16_t port)
{
    return port == PORT_ADDRESS ? fake_mechanism_is_there ? fake_address : 0xFFFFFFFF : read(port, 4);
}

uint16_t port_read16(uint16_t port)
{
    return (uint16_t)read(port, 2);
}

uint8_t port_read8(uint16_t port)
{
    return (uint8_t)read(port, 1);
}

void port_write32(uint16_t port, uint32_t value)
{
    if (port == PORT_ADDRESS) {
        fake_address = value;
    } else {
        write(port, 4, value);
    }
}

void port_write16(uint16_t port, uint16_t value)
{
    write(port, 2, value);
}

void port_write8(uint16_t port, uint8_t value)
{
    write(port, 1, value);
}

/* ---- Making a bus ---- */

uint32_t fake_get(const struct fake *fake, uint32_t offset, uint32_t size)
{
    uint32_t value = 0;

    memcpy(&value, fake->bytes + offset, size);
    return value;
}

void fake_put(struct fake *fake, uint32_t offset, uint32_t size, uint32_t value)
{
    memcpy(fake->bytes + offset, &value, size);
}

struct fake *fake_plug(uint8_t bus, uint8_t device, uint8_t function, uint16_t vendor, uint16_t id, uint32_t class)
{
    CHECK(fake_count < FAKES_MAX);
    struct fake *fake = &fakes[fake_count++];

    memset(fake, 0, sizeof *fake);
    fake->place = place_of(bus, device, function);
    fake->command_ones = 0xFFFFFFFF;
    fake_put(fake, REGISTER_VENDOR, 2, vendor);
    fake_put(fake, REGISTER_ID, 2, id);
    fake_put(fake, REGISTER_REVISION, 4, class << 8 | 0x42);
    fake_put(fake, REGISTER_COMMAND, 2, COMMAND_PORTS | COMMAND_MEMORY | 0x100);
    fake_put(fake, REGISTER_STATUS, 2, 0x0290);
    return fake;
}

struct fake *fake_plug_bridge(uint8_t bus, uint8_t device, uint8_t to)
{
    struct fake *bridge = fake_plug(bus, device, 0, 0x1B36, 1, 0x060400);

    fake_put(bridge, REGISTER_HEADER_TYPE, 1, 1);
    fake_put(bridge, REGISTER_SECONDARY_BUS, 1, to);
    return bridge;
}

void fake_base(struct fake *fake, uint32_t index, uint32_t value, uint32_t size)
{
    fake_put(fake, REGISTER_BASES + 4 * index, 4, value);
    fake->base_ones[index] = -size & (value & 1 ? ~3U : ~0xFU);
}

void fake_base_64(struct fake *fake, uint32_t index, uint64_t value, uint64_t size)
{
    fake_put(fake, REGISTER_BASES + 4 * index, 4, (uint32_t)value | 4);
    fake_put(fake, REGISTER_BASES + 4 * index + 4, 4, (uint32_t)(value >> 32));
    fake->base_ones[index] = (uint32_t)-size & ~0xFU;
    fake->base_ones[index + 1] = (uint32_t)(-size >> 32);
}

void fakes_remember(void)
{
    memcpy(fakes_before, fakes, sizeof fakes_before);
    fake_writes = 0;
}

void fakes_check_unchanged(void)
{
    for (uint32_t i = 0; i < fake_count; i++) {
        CHECK(memcmp(fakes[i].bytes, fakes_before[i].bytes, sizeof fakes_before[i].bytes) == 0);
    }
}
