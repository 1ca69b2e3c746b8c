/*
 * FPU state, switched lazily: the FPU belongs to the last thread that used it, and
 * another's first FPU instruction traps. Implemented in i386/fpu.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;

/* 1: the next FPU instruction traps. Read and set by direct_switch.asm. */
extern uint32_t fpu_traps;

/* Whose state the FPU holds; NULL: nobody's. */
extern struct thread *fpu_owner;

void fpu_set_traps(bool wanted);

/* This thread runs from now on. */
static inline void fpu_switch(const struct thread *thread)
{
    if ((thread != fpu_owner) != fpu_traps) {
        fpu_set_traps(thread != fpu_owner);
    }
}

/* The running thread wants the FPU. False if there is none, or no memory for its state. */
[[nodiscard]] bool fpu_take(void);

/* The thread ends: its state is freed. */
void fpu_forget(struct thread *thread);
