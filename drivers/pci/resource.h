/* What a function decodes: its base address registers, and their sizes. PCI Local Bus Specification 3.0, section 6.2.5. One thread only. */
#pragma once

#include <ternion/pci.h>

#include "configuration.h"

/*
 * Finds out what a function decodes, and how large it is; the registers are as before when it returns. To see a size, ones are
 * written into a base address register, and for that moment the function is elsewhere; so it is not asked of who works with it.
 * Host bridges have none that could be asked: what they decode is memory itself.
 *   function   bus, device, function and class are set; resources are filled in, by the number of their register
 * False: a register did not take its old value back.
 */
[[nodiscard]] bool resources_measure(struct pci_function *function);

/* Is it a host bridge? Its resources are not those of a device. */
bool resources_of_host_bridge(const struct pci_function *function);

/* Are a function's base addresses the ones that it is remembered with? */
bool resources_are_unchanged(const struct pci_function *function);
