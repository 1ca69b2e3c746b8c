/*
 * Port accesses outside the rights of a driver. They are not performed: reads
 * give all ones. Each is reported and counts as a strike; too many end the driver.
 */
#pragma once

#include <stdbool.h>

struct registers;

#define STRIKES_MAX 16U

/*
 * After a general protection fault of the running process: if it is a driver and its
 * instruction is an IN or OUT (SDM volume 2), the registers are as after it. False: it is something else. The process may
 * have ended.
 */
[[nodiscard]] bool port_trap_handle(struct registers *registers);
