/*
 * Port accesses that trap. What the driver's grant does not have is not performed: reads give all ones, and it is a strike.
 * What it has traps only if its ports are traced: the kernel does it for the driver, and records it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct registers;

/*
 * After a general protection fault of the running process: if it is a driver and its instruction accesses ports (IN, OUT, INS, OUTS
 * with REP or without: SDM volume 2), the registers and memory are as after it; of a long repetition only a part is
 * done, and it traps again. False: it is something else; or its memory is bad, then the registers say a page fault, at *address_out.
 * The process may have ended.
 */
[[nodiscard]] bool port_trap_handle(struct registers *registers, uint32_t *address_out);
