/*
 * Segments and task states. All segments that a process can load are flat, so
 * nothing that it does to DS, ES, FS or GS can lead the kernel or another process
 * astray: at worst it faults, and gets flat ones back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "i386/cpu.h"
#include "i386/registers.h"
#include "port_map.h"

struct tss {
    uint32_t link;
    uint32_t esp0;
    uint32_t ss0;
    uint32_t unused_stacks[4];
    uint32_t cr3;
    uint32_t eip;
    uint32_t eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs;
    uint32_t ldt;
    uint16_t trap;
    uint16_t io_map_base;
};

/*
 * SYSENTER loads ESP with the address of tss.esp0. A debug exception in the
 * kernel's first instruction, which a process can cause with the trap flag, is
 * pushed below that: onto debug_stack and `link`, which nobody uses.
 */
struct task_state {
    uint32_t debug_stack[32];
    struct tss tss;
} __attribute__((aligned(4096)));    /* a page of its own, which port_map.h shows where the processor looks for it */

extern struct task_state task_state;

#define NO_PORT_MAP 0xFFFFU      /* io_map_base: every port is closed */

#define MSR_SYSENTER_CS 0x174U   /* SDM volume 4, table 2-2 */

/* Loads the descriptor tables, and with SYSENTER its registers. */
void segments_initialise(void);

/* From here on there are maps of ports. After window_initialise. */
void segments_show_port_maps(void);

/* The kernel is entered from a process onto the registers that end at this address. */
static inline void segments_set_registers_end(void *end)
{
    task_state.tss.esp0 = (uint32_t)(uintptr_t)end;
}

/* FS and GS of the process that ran: the next finds them null. The kernel does not use them. */
void segments_forget(void);

/* What the task state says while a thread runs that may, or may not, touch the ports that are open to drivers. */
[[nodiscard]] static inline uint32_t segments_io_map_base(bool ports_allowed)
{
    return ports_allowed ? PORT_MAP_OFFSET - (uint32_t)offsetof(struct task_state, tss) : NO_PORT_MAP;
}

/* Without it SYSENTER faults. */
static inline void segments_allow_sysenter(bool allowed)
{
    if (cpu_has(CPU_SYSENTER)) {
        cpu_write_msr(MSR_SYSENTER_CS, allowed ? SEGMENT_KERNEL_CODE : 0);
    }
}

static inline void segments_set_io_map_base(uint32_t base)
{
    task_state.tss.io_map_base = (uint16_t)base;
}
