/*
 * The process's own ports. Which they are no system call tells; so the processor is asked, in VM86 mode: there a port that is not in the grant ends the
 * mode, and is no strike. What is done to one is done outside of that mode, where a tracer sees it.
 */
#pragma once

#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

#include <ternion/port.h>

/* A call begins, with the state that vm86_set_up named. The others leave it as it was. */
void native_begin(struct vm86_state *state);

/* Is the port the process's own? Nothing is done to it. width: 1, 2, 4. */
[[nodiscard]] bool native_is_own(uint16_t port, uint32_t width);

/* Of ports that are. */
static inline uint32_t native_read(uint16_t port, uint32_t width)
{
    return width == 1 ? port_read8(port) : width == 2 ? port_read16(port) : port_read32(port);
}

static inline void native_write(uint16_t port, uint32_t width, uint32_t value)
{
    if (width == 1) {
        port_write8(port, (uint8_t)value);
    } else if (width == 2) {
        port_write16(port, (uint16_t)value);
    } else {
        port_write32(port, value);
    }
}
