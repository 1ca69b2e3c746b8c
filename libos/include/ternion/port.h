/*
 * Port input and output. Drivers only: in any other class, and outside a driver's
 * grant, the kernel does not perform the access, reads give all ones, and it counts as a strike.
 */
#pragma once

#include <stdint.h>

uint8_t port_read8(uint16_t port);
uint16_t port_read16(uint16_t port);
uint32_t port_read32(uint16_t port);

void port_write8(uint16_t port, uint8_t value);
void port_write16(uint16_t port, uint16_t value);
void port_write32(uint16_t port, uint32_t value);
