#include <ternion/string.h>

#include "resource.h"

#define HEADER_TYPE 0x7FU        /* without the bit that says that there are more functions */
#define HEADER_BRIDGE 1U
#define HEADER_CARD_BUS 2U

/* Base address registers: section 6.2.5.1. */
#define BASE_IS_PORTS 0x1U
#define BASE_PORTS_MASK 0xFFFFFFFCU
#define BASE_MEMORY_MASK 0xFFFFFFF0U
#define BASE_PREFETCHABLE 0x8U
#define BASE_TYPE 0x6U
#define BASE_TYPE_64 0x4U

/* Classes: appendix D. */
#define CLASS_OLD 0x00U
#define SUBCLASS_OLD_VGA 0x01U
#define CLASS_MASS_STORAGE 0x01U
#define SUBCLASS_IDE 0x01U
#define IDE_NATIVE_CHANNELS 0x05U
#define CLASS_DISPLAY 0x03U
#define CLASS_BRIDGE 0x06U
#define SUBCLASS_HOST_BRIDGE 0x00U

static place_t place(const struct pci_function *function)
{
    return place_of(function->bus, function->device, function->function);
}

static uint32_t base_count(const struct pci_function *function)
{
    switch (configuration_read(place(function), REGISTER_HEADER_TYPE, 1) & HEADER_TYPE) {
    case 0:
        return PCI_RESOURCES_MAX;
    case HEADER_BRIDGE:
        return 2;
    case HEADER_CARD_BUS:
        return 1;
    default:
        return 0;
    }
}

bool resources_of_host_bridge(const struct pci_function *function)
{
    return function->class == CLASS_BRIDGE && function->subclass == SUBCLASS_HOST_BRIDGE;
}

/*
 * Would others miss a function that decodes nothing? A bridge passes on what is behind it, maybe the screen; a display adapter
 * has the text screen, and an IDE controller its old ports, at addresses that no base address register tells of.
 */
static bool must_go_on_decoding(const struct pci_function *function)
{
    switch (function->class) {
    case CLASS_BRIDGE:
    case CLASS_DISPLAY:
        return true;
    case CLASS_OLD:
        return function->subclass == SUBCLASS_OLD_VGA;
    case CLASS_MASS_STORAGE:
        return function->subclass == SUBCLASS_IDE && (function->interface & IDE_NATIVE_CHANNELS) != IDE_NATIVE_CHANNELS;
    default:
        return false;
    }
}

/* Writes ones, reads what sticks of them, and puts the old value back. False: it did not come back. */
static bool measure_register(place_t place, uint32_t offset, uint32_t *old_out, uint32_t *ones_out)
{
    uint32_t old = configuration_read(place, offset, 4);

    configuration_write(place, offset, 4, 0xFFFFFFFF);
    uint32_t ones = configuration_read(place, offset, 4);
    configuration_write(place, offset, 4, old);
    *old_out = old;
    *ones_out = ones;
    return configuration_read(place, offset, 4) == old;
}

/* The lowest bit that takes a one is the size: what is above it is the address. */
static struct pci_resource resource(uint32_t first, uint32_t ones, uint32_t flags)
{
    uint32_t size = ones & -ones;

    return (struct pci_resource){ first, (first & (size - 1)) == 0 ? size : 0, flags };
}

static struct pci_resource ports(uint32_t old, uint32_t ones)
{
    return resource(old & BASE_PORTS_MASK, ones & BASE_PORTS_MASK, PCI_RESOURCE_PORTS);
}

/* What lies over 4 GB, or is as large, is out of our reach: it has no size. */
static struct pci_resource memory(uint64_t old, uint64_t ones)
{
    uint32_t flags = PCI_RESOURCE_MEMORY | (old & BASE_PREFETCHABLE ? PCI_RESOURCE_PREFETCHABLE : 0);

    if (old >> 32 != 0) {
        return (struct pci_resource){ 0, 0, flags };
    }
    return resource((uint32_t)old & BASE_MEMORY_MASK, (uint32_t)ones & BASE_MEMORY_MASK, flags);
}

/* Measures what begins at register *index, and leaves the last register that belongs to it there. */
static bool measure(struct pci_function *function, uint32_t *index, uint32_t count)
{
    struct pci_resource *resource = &function->resources[*index];
    uint32_t offset = REGISTER_BASES + *index * 4;
    uint32_t old, ones, old_high = 0, ones_high = 0xFFFFFFFF;

    bool is_whole = measure_register(place(function), offset, &old, &ones);
    if (ones & BASE_IS_PORTS) {
        *resource = ports(old, ones);
        return is_whole;
    }
    if ((ones & BASE_TYPE) == BASE_TYPE_64 && *index + 1 < count) {
        (*index)++;
        is_whole &= measure_register(place(function), offset + 4, &old_high, &ones_high);
    }
    if ((ones & BASE_MEMORY_MASK) != 0 || (old_high | ~ones_high) != 0) {
        *resource = memory((uint64_t)old_high << 32 | old, (uint64_t)ones_high << 32 | ones);
    }
    return is_whole;
}

bool resources_measure(struct pci_function *function)
{
    uint32_t command = configuration_read(place(function), REGISTER_COMMAND, 2);
    uint32_t count = base_count(function);
    bool is_whole = true;

    memset(function->resources, 0, sizeof function->resources);
    if (resources_of_host_bridge(function)) {
        return true;
    }
    if (!must_go_on_decoding(function)) {
        configuration_write(place(function), REGISTER_COMMAND, 2, command & ~(COMMAND_PORTS | COMMAND_MEMORY));
    }
    for (uint32_t index = 0; index < count; index++) {
        is_whole &= measure(function, &index, count);
    }
    configuration_write(place(function), REGISTER_COMMAND, 2, command);
    return is_whole;
}

bool resources_are_unchanged(const struct pci_function *function)
{
    uint32_t count = resources_of_host_bridge(function) ? 0 : base_count(function);

    for (uint32_t index = 0; index < count; index++) {
        const struct pci_resource *resource = &function->resources[index];
        uint32_t mask = resource->flags & PCI_RESOURCE_PORTS ? BASE_PORTS_MASK : BASE_MEMORY_MASK;
        uint32_t base = configuration_read(place(function), REGISTER_BASES + index * 4, 4);
        if (resource->size != 0 && (base & mask) != resource->first) {
            return false;
        }
    }
    return true;
}
