/*
 * Records of what a call does, for who wants them. Without a listener each of these is a look at a pointer.
 *
 * Within a call a record has its number, and the depth of interrupts that it stands in.
 */
#pragma once

#include <ternion/vm86.h>

#include <stdbool.h>

#include "monitor.h"

/* NULL: nobody listens. */
extern void (*recorder_listener)(const struct bios_record *record);

static inline bool recorder_listens(void)
{
    return recorder_listener != NULL;
}

/* Time that listeners have taken so far: that is theirs, and not the call's. */
nanoseconds_t recorder_time_ns(void);

/* Interrupts nested: said before what happens in them. */
void recorder_set_depth(uint32_t depth);

/* A call begins: memory is kept, to be compared at its end; if there is no memory for that, it is not. */
void recorder_begin(uint32_t vector, const struct vm86_state *state);

/* code: bytes of the instruction. */
void recorder_step(const struct vm86_state *before, const uint8_t *code);

/* The monitor has just done an instruction. flags_before: as the code saw them. */
void recorder_trap(const struct vm86_state *before, uint32_t flags_before, const struct vm86_state *after, const struct monitor *monitor,
                   enum monitor_outcome outcome);
void recorder_port(bool is_read, const struct vm86_state *state, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind);
void recorder_interrupt(bool is_return, const struct vm86_state *state, uint32_t vector);

/* It is over. */
void recorder_end(status_t status, const struct vm86_state *state, const struct bios_cost *cost);
