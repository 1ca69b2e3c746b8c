/*
 * How a thread enters the kernel with a call in registers and leaves it: what entry.asm and direct_switch.asm do, told
 * in C line by line, so that models can run it between all else. Change one, change the other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "syscall.h"

struct thread;

/* What a thread's registers hold at user level. */
struct user_registers {
    uint32_t eax;
    uint32_t ebx;
    uint32_t edx;
    uint32_t esi;
    uint32_t edi;
    uint32_t ebp;
    uint32_t esp;
};

/*
 * The running thread executes SYSENTER with the number of a call in registers. True: the kernel switched directly, and thread_current
 * goes on with *user. False: nothing has changed, but that the thread has entered the usual way.
 */
bool direct_switch(struct user_registers *user);

/* The running thread calls, by SYSENTER or by int 80h. `handler` is called if there is no direct switch; true if there was one. */
bool enter_by_sysenter(syscall_function_t *handler, struct user_registers *user);
void enter_by_interrupt(syscall_function_t *handler, struct user_registers *user);

/* What a thread that leaves the kernel by its registers has in them. */
struct user_registers registers_of(const struct thread *thread);
