/* The PCI bus, if there is one: which display adapter is ours, and where its framebuffer can be. Main thread. */
#pragma once

#include <abi/types.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * Looks at the bus. Sleeps until d\pci has looked, if there is a d\pci.
 *   argc, argv   of main: d\pci says there for which function this process was started
 * False: another process was started for the machine's adapter.
 */
bool bus_open(int argc, char **argv);

/* Is there a bus? */
bool bus_is_there(void);

/* For bios_options. */
bool bus_read(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out);

/* For mode_limits. Why physical memory is not to be taken for the framebuffer; NULL: it may be. */
const char *bus_frame_problem(physical_t first, uint32_t size);
