/*
 * Configuration space, by mechanism 1: an address port and a data port. PCI Local Bus Specification 3.0, section 3.2.2.3.2.
 * Nobody else in the system has these ports. One thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CONFIGURATION_SIZE 256U  /* bytes that each function has */
#define DEVICES_PER_BUS 32U
#define FUNCTIONS_PER_DEVICE 8U

/* Where a function is: bits 15-8 bus, 7-3 device, 2-0 function; as the address port takes it. */
typedef uint16_t place_t;

static inline place_t place_of(uint8_t bus, uint8_t device, uint8_t function)
{
    return (place_t)(bus << 8 | device << 3 | function);
}

/* "00:1f.2", as `format_text` takes it. */
#define PLACE_FORMAT "%02x:%02x.%u"
#define PLACE_VALUES(place) (unsigned)(place) >> 8, (unsigned)(place) >> 3 & 31, (unsigned)(place) & 7

/* Registers: section 6.1, figure 6-1; PCI-to-PCI Bridge Architecture Specification 1.2, section 3.2. */
enum configuration_register {
    REGISTER_VENDOR = 0x00,
    REGISTER_ID = 0x02,
    REGISTER_COMMAND = 0x04,
    REGISTER_STATUS = 0x06,      /* written ones clear: never written */
    REGISTER_REVISION = 0x08,
    REGISTER_INTERFACE = 0x09,
    REGISTER_SUBCLASS = 0x0A,
    REGISTER_CLASS = 0x0B,
    REGISTER_HEADER_TYPE = 0x0E,
    REGISTER_BASES = 0x10,
    REGISTER_SECONDARY_BUS = 0x19,
    REGISTER_INTERRUPT_LINE = 0x3C,
    REGISTER_INTERRUPT_PIN = 0x3D,
};

/* REGISTER_COMMAND: table 6-1. */
#define COMMAND_PORTS 0x0001U
#define COMMAND_MEMORY 0x0002U
#define COMMAND_MASTER 0x0004U
#define COMMAND_NO_INTERRUPT 0x0400U /* since PCI 2.3; reads 0 before */

#define VENDOR_NONE 0xFFFFU

/* Is there such a mechanism? It keeps what is written to its address port. */
bool configuration_is_present(void);

/* Reads 1, 2 or 4 bytes; offset is a multiple of size. Where no function is, all ones. */
uint32_t configuration_read(place_t place, uint32_t offset, uint32_t size);

void configuration_write(place_t place, uint32_t offset, uint32_t size, uint32_t value);
