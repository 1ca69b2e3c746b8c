/* The way into VM86 mode and back. One state per thread. */
#pragma once

#include <abi/status.h>
#include <abi/syscall_numbers.h>
#include <abi/system.h>
#include <abi/vm86.h>

#include <stddef.h>

/*
 * Runs 16-bit code with the registers of the state that vm86_set_up named for this thread, and comes back when VM86 mode is left: why stands
 * in state->reason. The caller sets registers, flags and ticks. NOT_FOUND: vm86_set_up was not called; nothing ran.
 *
 * The kernel keeps nothing of the thread meanwhile: where it goes on, and with which stack, stands in the state. The system call comes back to
 * its own place only if it is refused.
 */
#ifdef HOST_TEST
[[nodiscard]] status_t vm86_run(struct vm86_state *state);
#else
[[nodiscard]] static inline status_t vm86_run(struct vm86_state *state)
{
    status_t status = (status_t)SYSCALL_VM86_ENTER;

    asm volatile("pushl %%ebp\n\t"
                 "movl $1f, %c[eip](%%ecx)\n\t"
                 "movl %%esp, %c[esp](%%ecx)\n\t"
                 "call *%c[entry]\n"
                 "1:\tpopl %%ebp"
                 : "+a"(status), "+c"(state)
                 : [eip] "i"(offsetof(struct vm86_state, return_eip)), [esp] "i"(offsetof(struct vm86_state, return_esp)),
                   [entry] "i"(SYSTEM_PAGE + offsetof(struct system_page, system_call_entry))
                 : "ebx", "edx", "esi", "edi", "memory", "cc");
    return status;
}
#endif
