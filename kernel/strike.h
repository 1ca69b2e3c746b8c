/*
 * Strikes: accesses outside a grant. None is performed; each is told to the log, and too many end the process.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/status.h>
#include <abi/trace.h>

struct process;

/* The running process tried what it may not: `what` is the port, address, line, role or right; `where` its instruction, 0: a system call. It may have ended. */
void strike(enum strike_kind kind, uint32_t what, uint32_t where);

/* The same in a system call, which answers NOT_ALLOWED. */
[[nodiscard]] status_t strike_refuse(enum strike_kind kind, uint32_t what);
