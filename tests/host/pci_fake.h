/* A PCI bus made of an array, behind the ports of configuration mechanism 1. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ternion/pci.h>

#include "configuration.h"

#define FAKES_MAX 600U

struct fake {
    place_t place;
    uint8_t bytes[CONFIGURATION_SIZE];
    uint32_t base_ones[PCI_RESOURCES_MAX];   /* bits of the base address registers that can be written */
    uint32_t command_ones;                   /* the same of the command register */
    bool keeps_ones;                         /* a broken one: a bit that is set stays set */
    bool is_moved;                           /* a base address is not what it was */
    bool was_moved_while_decoding;
    bool stopped_decoding;
};

extern struct fake fakes[FAKES_MAX];
extern struct fake fakes_before[FAKES_MAX];  /* as they were at fakes_remember */
extern uint32_t fake_count;
extern uint32_t fake_address;                /* what the address port keeps */
extern bool fake_mechanism_is_there;
extern uint32_t fake_writes;                 /* to data ports, since fakes_remember */

/* Plugs in a function; class: its three bytes. */
struct fake *fake_plug(uint8_t bus, uint8_t device, uint8_t function, uint16_t vendor, uint16_t id, uint32_t class);
struct fake *fake_plug_bridge(uint8_t bus, uint8_t device, uint8_t to);

/* Sets a register, as the hardware or the firmware would. */
void fake_put(struct fake *fake, uint32_t offset, uint32_t size, uint32_t value);
uint32_t fake_get(const struct fake *fake, uint32_t offset, uint32_t size);

/* A base address register: its value, and how many bytes it decodes. */
void fake_base(struct fake *fake, uint32_t index, uint32_t value, uint32_t size);
void fake_base_64(struct fake *fake, uint32_t index, uint64_t value, uint64_t size);

void fakes_remember(void);

/* Is every register as it was at fakes_remember? */
void fakes_check_unchanged(void);
