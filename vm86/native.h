/*
 * Accesses to ports by the processor itself, in VM86 mode: there a port that is not in the grant ends the mode, and is no strike.
 * So the library finds out what the grant has, which no system call tells, and never touches what it has not.
 */
#pragma once

#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

/* A call begins, with the state that vm86_set_up named. The others leave it as it was. */
void native_begin(struct vm86_state *state);

/* False: the port is not the process's own, and nothing was done. width: 1, 2, 4. */
[[nodiscard]] bool native_read(uint16_t port, uint32_t width, uint32_t *value_out);
[[nodiscard]] bool native_write(uint16_t port, uint32_t width, uint32_t value);

/* Is the port the process's own? Nothing is done to it. */
[[nodiscard]] bool native_is_own(uint16_t port, uint32_t width);
