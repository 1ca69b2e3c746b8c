#include <ternion/port.h>

#include "configuration.h"

#define PORT_ADDRESS 0xCF8
#define PORT_DATA 0xCFC          /* four ports, for the four bytes at the address */
#define ADDRESS_ENABLE 0x80000000U

bool configuration_is_present(void)
{
    uint32_t before = port_read32(PORT_ADDRESS);

    port_write32(PORT_ADDRESS, ADDRESS_ENABLE);
    bool keeps_ones = port_read32(PORT_ADDRESS) == ADDRESS_ENABLE;
    port_write32(PORT_ADDRESS, 0);
    bool keeps_zeroes = port_read32(PORT_ADDRESS) == 0;
    port_write32(PORT_ADDRESS, before);
    return keeps_ones && keeps_zeroes;
}

/* Points the data ports at an address; returns the one that its first byte is at. */
static uint16_t select(place_t place, uint32_t offset)
{
    port_write32(PORT_ADDRESS, ADDRESS_ENABLE | (uint32_t)place << 8 | (offset & 0xFC));
    return (uint16_t)(PORT_DATA + (offset & 3));
}

uint32_t configuration_read(place_t place, uint32_t offset, uint32_t size)
{
    uint16_t port = select(place, offset);

    switch (size) {
    case 1:
        return port_read8(port);
    case 2:
        return port_read16(port);
    default:
        return port_read32(port);
    }
}

void configuration_write(place_t place, uint32_t offset, uint32_t size, uint32_t value)
{
    uint16_t port = select(place, offset);

    switch (size) {
    case 1:
        port_write8(port, (uint8_t)value);
        break;
    case 2:
        port_write16(port, (uint16_t)value);
        break;
    default:
        port_write32(port, value);
        break;
    }
}
