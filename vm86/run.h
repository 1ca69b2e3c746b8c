/* The way into VM86 mode and back. One state per thread. */
#pragma once

#include <abi/status.h>
#include <abi/vm86.h>

#include <stddef.h>

/* As i386/run.asm says. */
[[nodiscard]] status_t vm86_cross(uint32_t *return_to);

_Static_assert(offsetof(struct vm86_state, return_esp) == offsetof(struct vm86_state, return_eip) + 4, "vm86_cross takes both");

/*
 * Runs 16-bit code with the registers of the state that vm86_set_up named for this thread, and comes back when VM86 mode is left: why stands
 * in state->reason. The caller sets registers, flags and ticks. NOT_FOUND: vm86_set_up was not called; nothing ran.
 */
[[nodiscard]] static inline status_t vm86_run(struct vm86_state *state)
{
    return vm86_cross(&state->return_eip);
}
