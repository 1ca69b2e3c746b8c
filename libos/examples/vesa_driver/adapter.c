#include "adapter.h"

#include <ternion/clock.h>
#include <ternion/pci.h>

static struct device bus;
static bool has_bus;
static struct pci_function adapter;

/* d\pci starts one process of this program for the adapter on its bus. Another, for the ISA bus, does not stand in its way. */
bool adapter_find(int argc, char **argv)
{
    has_bus = device_open(&bus, "buses\\pci\\0", DEVICE_BUS, clock_after(SECOND)) == OK;
    return !has_bus || pci_own_function(&bus, argc, argv, &adapter) == OK;
}

bool adapter_has_bus(void)
{
    return has_bus;
}

bool adapter_frame_can_be(physical_t frame, uint32_t size)
{
    if (frame == 0 || frame % PAGE_SIZE != 0) {
        return false;
    }
    if (!has_bus) {
        return frame >= ISA_FRAME && frame - ISA_FRAME < ISA_FRAME_SIZE && size <= ISA_FRAME_SIZE - (frame - ISA_FRAME);
    }
    for (uint32_t i = 0; i < PCI_RESOURCES_MAX; i++) {
        const struct pci_resource *resource = &adapter.resources[i];

        if (!(resource->flags & PCI_RESOURCE_PORTS) && frame >= resource->first && frame - resource->first < resource->size
            && size <= resource->size - (frame - resource->first)) {
            return true;
        }
    }
    return false;
}

bool adapter_read_bus(uint32_t number, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    struct pci_function asked = { .bus = (uint8_t)number, .device = (uint8_t)device, .function = (uint8_t)function };

    return pci_read(&bus, &asked, offset, size, value_out) == OK;
}
