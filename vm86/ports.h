/* Ports as 16-bit code sees them: the process's own, the few that the library answers for, and all others, which are not there. */
#pragma once

#include <stdint.h>

#include <abi/types.h>
#include <ternion/vm86.h>

#include "monitor.h"

#define PORTS_PCI_FIRST 0xCF8U       /* PCI configuration: address and data */
#define PORTS_PCI_LAST 0xCFFU

/* As monitor.h has them: those that were asked for since ports_reset. */
extern uint32_t ports_plain[MONITOR_PLAIN_PORTS];

typedef bool ports_pci_read_t(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out);

/* What is emulated is as after a reset. pci_read: as struct bios_options has it. */
void ports_reset(void);
void ports_set_pci(ports_pci_read_t *pci_read);

/* Does the driver answer there? He may take his time. */
static inline bool ports_take_long(uint16_t port)
{
    return port >= PORTS_PCI_FIRST && port <= PORTS_PCI_LAST;
}

/* width: 1, 2, 4. Behind native_begin. */
enum bios_port ports_kind(uint16_t port, uint32_t width);
uint32_t ports_read(uint16_t port, uint32_t width, enum bios_port *kind_out);
void ports_write(uint16_t port, uint32_t width, uint32_t value, enum bios_port *kind_out);
