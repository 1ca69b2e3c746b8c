/* What the files of the monitor share. */
#pragma once

#include <stddef.h>

#include <abi/types.h>

#include "instruction.h"
#include "monitor.h"

#define SEGMENT_SIZE 0x10000U

/* SDM volume 1, section 3.4.3. */
#define EFLAGS_ALWAYS 0x00000002U
#define EFLAGS_TF 0x00000100U
#define EFLAGS_IF 0x00000200U
#define EFLAGS_DF 0x00000400U
#define EFLAGS_OF 0x00000800U
#define EFLAGS_IOPL 0x00003000U
#define EFLAGS_NT 0x00004000U
#define EFLAGS_RF 0x00010000U
#define EFLAGS_AC 0x00040000U
#define EFLAGS_REAL (VM86_EFLAGS & ~EFLAGS_RF)       /* that are the code's own; RF is for debuggers, and PUSHF does not show it */

static inline uint32_t linear(uint32_t segment, uint32_t offset)
{
    return (segment & 0xFFFF) * 16 + (offset & 0xFFFF);
}

static inline enum monitor_outcome fault(struct monitor *monitor, uint32_t address)
{
    monitor->address = address;
    monitor->single_step = false;
    return MONITOR_FAULT;
}

/* The instruction is done; on at this place. */
static inline enum monitor_outcome go_on_at(struct vm86_state *state, uint32_t ip)
{
    state->eip = ip & 0xFFFF;
    state->eflags &= ~EFLAGS_RF;
    return MONITOR_GOES_ON;
}

/* The low half of a register, in one access. */
static inline void set_low(uint32_t *place, uint32_t value)
{
    uint16_t low = (uint16_t)value;

    __builtin_memcpy(place, &low, sizeof low);
}

static inline void set_sp(struct vm86_state *state, uint32_t sp)
{
    set_low(&state->esp, sp);
}

/* size: bytes that the instruction has values for. */
static inline void flags_set(struct monitor *monitor, struct vm86_state *state, uint32_t flags, uint32_t size)
{
    state->eflags = (state->eflags & ~EFLAGS_REAL) | (flags & EFLAGS_REAL);
    if (size == 2) {
        set_low(&monitor->flags, flags & monitor->kept);
    } else {
        monitor->flags = flags & monitor->kept;
    }
}

/* Interrupts: monitor_interrupt.c. ip: where the code goes on after IRET. */
enum monitor_outcome monitor_interrupt_from(struct monitor *monitor, struct vm86_state *state, uint32_t vector, uint32_t ip);
enum monitor_outcome monitor_return(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction);

/*
 * INS and OUTS: string_io.c. A part of a repeated one is done at most: ECX and ESI or EDI are behind that, EIP stays. GOES_ON: all is done, and
 * EIP is still the caller's to move; AGAIN: there is more; FAULT: not even one element.
 */
enum monitor_outcome string_io(struct monitor *monitor, struct vm86_state *state, const struct instruction *instruction);
