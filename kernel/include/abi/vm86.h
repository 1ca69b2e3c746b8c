/*
 * VM86 mode: a thread of a driver runs 16-bit code in the first megabyte of its own address space.
 *
 * The kernel's part is small. It enters the mode, and leaves it at whatever the processor does not do there by itself:
 * CLI, STI, PUSHF, POPF, INT, IRET, HLT, ports that are closed, mistakes. Then the thread goes on outside, with all registers in its
 * state, and decides. What that means for a BIOS, which wants each of these done, is the monitor of the library in vm86/.
 *
 * Interrupts, other threads and page faults of promised pages happen below, unseen. Intel 64 and IA-32 SDM volume 3, chapter 20.
 */
#pragma once

#include <abi/types.h>

/* Linear addresses that 16-bit code can form: the first megabyte, and 64 KB less 16 bytes behind it. vm86_map maps pages there, nobody else. */
#define VM86_MEMORY_END 0x00110000U

/* Why the thread is outside again: the vector of an exception (SDM volume 3, table 6-1), or that. */
#define VM86_EXCEPTION_COUNT 32U
#define VM86_TICKS_OVER 32U      /* state.ticks is 0 now: the vector of the clock's interrupt */

/* flags of the state */
#define VM86_PORTS_TRAP 1U       /* each access to a port leaves the mode, also where the port is the process's own */

/* EFLAGS that 16-bit code has for real: CF PF AF ZF SF TF DF OF RF. IF is always set, IOPL 0, and what it reads of them is the monitor's to tell. */
#define VM86_EFLAGS 0x00010DD5U

/*
 * All about a thread's VM86 mode; in memory of its own, whole in one page. vm86_set_up tells the kernel where. While 16-bit code runs its
 * registers are saved here whenever it is interrupted; whoever changes them then only harms that code.
 */
struct vm86_state {
    uint32_t ebx, edx, esi, edi, ebp, eax, ecx;
    uint32_t unused[2];
    uint32_t reason;             /* exception, or VM86_TICKS_OVER */
    uint32_t error;              /* error code of the exception, or 0 */
    uint32_t eip;                /* the lower half counts */
    uint32_t cs;                 /* of segments the lower half counts, too */
    uint32_t eflags;
    uint32_t esp;
    uint32_t ss, es, ds, fs, gs;

    uint32_t flags;              /* VM86_… */
    uint32_t ticks;              /* of the clock that the thread may still run in the mode; the kernel counts down. 0: for ever */
    uint32_t address;            /* of a page fault */

    uint32_t return_eip;         /* where the thread goes on outside, with this stack; vm86_run fills them in. EAX is 0 there, the other */
    uint32_t return_esp;         /* registers are lost, segments and flags the usual */
};

/*
 * flags of vm86_map: one of the first three. Physical memory must be in the grant, and is no RAM; but page 0, as it was at boot, and the
 * extended BIOS data area can be copied without, and page 0 itself is mapped if the grant has it.
 */
#define VM86_MAP_ZEROES 1U       /* pages of the process's own; each gets its frame when it is first touched: without memory for that the process ends */
#define VM86_MAP_COPY 2U         /* pages of the process's own, at once, with what physical memory has at the same address */
#define VM86_MAP_PHYSICAL 4U     /* physical memory itself at the same address */
#define VM86_MAP_READ_ONLY 8U    /* beside one of the above */
