#include "bus.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/pci.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#define BUS_NAME "buses\\pci\\0"
#define BUS_DRIVER "d\\pci"
#define BUS_WAIT_NS (2 * SECOND)         /* for its look at the bus: it takes milliseconds */
#define BUS_LOOK_NS (5 * MILLISECOND)
#define BUS_PATIENCE_NS (500 * MILLISECOND)  /* a BIOS asks in the middle of its work */

/* PCI Local Bus Specification 3.0, appendix D. */
#define CLASS_DISPLAY 0x03U
#define SUBCLASS_VGA 0x00U

#define ADAPTERS_MAX 8U

static struct device bus;
static bool is_there;
static struct pci_function adapters[ADAPTERS_MAX];
static uint32_t adapter_count;

/* Physical memory that is known to be in the grant; and whether any was not: each look at such is a strike, and a BIOS may name many. */
static physical_t granted_first = 1, granted_last;
static bool was_denied;

/* d\pci ends where there is no bus. */
static bool find_bus(void)
{
    nanoseconds_t end_ns = clock_after(BUS_WAIT_NS);
    process_id_t driver;

    for (;;) {
        status_t status = device_open(&bus, BUS_NAME, DEVICE_BUS, 0);
        if (status == OK) {
            bus.patience_ns = BUS_PATIENCE_NS;
            return true;
        }
        if (name_find(BUS_DRIVER, &driver) != OK || clock_now() >= end_ns) {
            return false;
        }
        clock_sleep(BUS_LOOK_NS);
    }
}

static void find_adapters(void)
{
    struct pci_function function;

    for (uint32_t index = 0; pci_function(&bus, index, &function) == OK; index++) {
        if (function.class == CLASS_DISPLAY && adapter_count < ADAPTERS_MAX) {
            adapters[adapter_count++] = function;
        }
    }
}

/* d\pci has started the drivers that it knows of before it answers. */
static bool is_for_another(void)
{
    process_id_t self = process_page()->id;

    for (uint32_t i = 0; i < adapter_count; i++) {
        if (adapters[i].subclass == SUBCLASS_VGA && adapters[i].driver != 0 && adapters[i].driver != self) {
            return true;
        }
    }
    return false;
}

bool bus_open(int argc, char **argv)
{
    struct pci_function own;

    is_there = find_bus();
    if (!is_there) {
        return true;
    }
    bool has_function = pci_own_function(&bus, argc, argv, &own) == OK;
    find_adapters();
    return has_function || !is_for_another();
}

bool bus_is_there(void)
{
    return is_there;
}

/*
 * There are BIOSes that ask where their registers are at each access to them, a hundred thousand times in a mode set. Nobody but d\pci writes
 * to configuration space, so what was read is true; but for command and status, which change by themselves.
 */
#define KNOWN_COUNT 16U
#define COMMAND_FIRST 0x04U
#define COMMAND_END 0x08U
static struct {
    uint32_t place;                      /* bus, device, function, offset */
    uint32_t size;                       /* 0: nothing is known here */
    uint32_t value;
} known[KNOWN_COUNT];

bool bus_read(uint32_t bus_number, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    struct pci_function asked = { .bus = (uint8_t)bus_number, .device = (uint8_t)device, .function = (uint8_t)function };
    uint32_t place = bus_number << 16 | device << 11 | function << 8 | offset;
    uint32_t at = (place >> 11 ^ place >> 2 ^ place) % KNOWN_COUNT;

    if (known[at].place == place && known[at].size == size) {
        *value_out = known[at].value;
        return true;
    }
    if (pci_read(&bus, &asked, offset, size, value_out) != OK) {
        return false;
    }
    if (offset + size <= COMMAND_FIRST || offset >= COMMAND_END) {
        known[at].place = place;
        known[at].size = size;
        known[at].value = *value_out;
    }
    return true;
}

/* ---- Framebuffers ---- */

static bool adapter_has(const struct pci_function *adapter, physical_t first, physical_t last)
{
    for (uint32_t i = 0; i < PCI_RESOURCES_MAX; i++) {
        const struct pci_resource *resource = &adapter->resources[i];

        if (resource->size != 0 && !(resource->flags & PCI_RESOURCE_PORTS) && first >= resource->first
            && last - resource->first <= resource->size - 1) {
            return true;
        }
    }
    return false;
}

static bool is_of_an_adapter(physical_t first, physical_t last)
{
    for (uint32_t i = 0; i < adapter_count; i++) {
        if (adapter_has(&adapters[i], first, last)) {
            return true;
        }
    }
    return false;
}

/* Its first page and its last: what lies in a grant is one range. */
static bool is_granted(physical_t first, physical_t last)
{
    const physical_t pages[] = { first & ~(PAGE_SIZE - 1), last & ~(PAGE_SIZE - 1) };

    if (first >= granted_first && last <= granted_last) {
        return true;
    }
    for (uint32_t i = 0; i < 2 && !was_denied; i++) {
        uint32_t address;

        was_denied = physical_map(pages[i], 1, PHYSICAL_READ_ONLY, &address) != OK;
        if (!was_denied) {
            MUST(memory_free(address, 1));
        }
    }
    if (was_denied) {
        return false;
    }
    granted_first = first;
    granted_last = last;
    return true;
}

const char *bus_frame_problem(physical_t first, uint32_t size)
{
    physical_t last = first + (size - 1);

    if (is_there && !is_of_an_adapter(first, last)) {
        return "the BIOS's address of the framebuffer is none of a display adapter on the PCI bus";
    }
    return is_granted(first, last) ? NULL : "the framebuffer is not in this driver's grant";
}
