/* The adapter on the PCI bus, if there is a bus: where its framebuffer can be, and what a BIOS is told of the bus. */
#pragma once

#include <abi/types.h>

#include <stdbool.h>
#include <stdint.h>

#define ISA_FRAME 0xE0000000U            /* of adapters on the ISA bus that have a framebuffer */
#define ISA_FRAME_SIZE 0x1000000U

/* argc, argv: of main. False: another process is there for the adapter. */
bool adapter_find(int argc, char **argv);

bool adapter_has_bus(void);

/* Does such a framebuffer lie in the adapter's memory? */
bool adapter_frame_can_be(physical_t frame, uint32_t size);

/* For bios_options. */
bool adapter_read_bus(uint32_t number, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out);
