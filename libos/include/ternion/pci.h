/* The PCI bus: what is plugged in, and who drives it. DEVICE_BUS. PCI Local Bus Specification 3.0. */
#pragma once

#include <ternion/device.h>

#define PCI_RESOURCES_MAX 6U

#define PCI_RESOURCE_MEMORY 0U
#define PCI_RESOURCE_PORTS 1U
#define PCI_RESOURCE_PREFETCHABLE 2U /* flag beside PCI_RESOURCE_MEMORY */

#define PCI_IRQ_NONE 0xFFU

struct pci_resource {
    uint32_t first;            /* physical address or port */
    uint32_t size;             /* bytes; 0: there is none */
    uint32_t flags;            /* PCI_RESOURCE_… */
};

struct pci_function {
    uint8_t bus, device, function, irq; /* irq: line, or PCI_IRQ_NONE */
    uint16_t vendor, id;
    uint8_t class, subclass, interface, revision;
    uint32_t is_master;        /* bus mastering is on */
    process_id_t driver;       /* that was started for it; 0: none */
    struct pci_resource resources[PCI_RESOURCES_MAX];
};

struct pci_call_index {
    uint32_t number;
    uint32_t index;
};

struct pci_call_configuration {
    uint32_t number;
    uint16_t offset;           /* bytes */
    uint16_t size;             /* 1, 2 or 4 */
    uint8_t bus, device, function, unused;
};

struct pci_call_value {
    uint32_t value;
};

struct pci_call_mastering {
    uint32_t number;
    uint32_t is_on;
    uint8_t bus, device, function, unused;
};

#define PCI_PROTOCOL(OPERATION, TRANSFER, pci_call) \
    OPERATION(pci_call, function, 1, struct pci_call_index, struct pci_function)         /* NOT_FOUND: no more */ \
    OPERATION(pci_call, read, 2, struct pci_call_configuration, struct pci_call_value) \
    OPERATION(pci_call, set_mastering, 3, struct pci_call_mastering, struct nothing)     /* NOT_ALLOWED: not its driver */
PROTOCOL_DECLARE(pci_call, 0x0017, 1, PCI_PROTOCOL)

/* Goes through all functions, by index from 0 on. Blocks. Statuses: NOT_FOUND, those of protocol.h. */
[[nodiscard]] status_t pci_function(struct device *device, uint32_t index, struct pci_function *function_out);

/* The function that this process was started for: the last two arguments of its command line are "pci" and "BUS:DEVICE.FUNCTION". NOT_FOUND: none. */
[[nodiscard]] status_t pci_own_function(struct device *device, int argc, char **argv, struct pci_function *function_out);

/* Reads configuration space. Blocks. Statuses: BAD_ARGUMENT, those of protocol.h. */
[[nodiscard]] status_t pci_read(struct device *device, const struct pci_function *function, uint32_t offset, uint32_t size, uint32_t *value_out);

/*
 * Switches bus mastering of a function on or off: for the driver of that function alone. It goes off by itself when the driver
 * ends, before its DMA memory is given to others. Statuses: NOT_ALLOWED, those of protocol.h.
 */
[[nodiscard]] status_t pci_set_mastering(struct device *device, const struct pci_function *function, bool is_on);
