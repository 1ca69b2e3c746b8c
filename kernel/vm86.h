/*
 * VM86 mode: see abi/vm86.h and docs/vm86.md. Implemented in i386/vm86.c.
 *
 * Called with interrupts off.
 */
#pragma once

struct registers;
struct thread;

/* Keeps page 0 as it was at boot. Before the first process. */
void vm86_initialise(void);

/* A thread ends, or has another state from now on. */
void vm86_forget(struct thread *thread);

/* Called by entry.asm: the running thread is about to go on in VM86 mode. Where its registers are. */
struct registers *vm86_on(void);

/* Called by entry.asm: an interrupt or an exception has come in VM86 mode. The registers of the thread, which may be none any more: where to go on. */
struct registers *vm86_trap(struct registers *registers);
