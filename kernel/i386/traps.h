/* The vectors through which the processor enters the kernel. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Intel 64 and IA-32 SDM volume 3, table 6-1. */
#define VECTOR_DEBUG 1U
#define VECTOR_NMI 2U
#define VECTOR_BREAKPOINT 3U
#define VECTOR_OVERFLOW 4U
#define VECTOR_NO_FPU 7U
#define VECTOR_DOUBLE_FAULT 8U
#define VECTOR_GENERAL_PROTECTION 13U
#define VECTOR_PAGE_FAULT 14U
#define PAGE_FAULT_WRITE 2U      /* error code: SDM volume 3, section 4.7 */
#define EXCEPTIONS 32U

#define VECTOR_IRQ_BASE 0x20U
#define IRQ_LINES 16U
#define VECTOR_SYSTEM_CALL 0x80U
#define VECTOR_SYSENTER 0x100U   /* not a vector: the mark of the other way in */
#define VECTOR_COUNT 256U

struct registers;

/* Fills the interrupt descriptor table. Exceptions in the kernel panic from here on. */
void traps_initialise(void);

/* Called by entry.asm with interrupts off: an exception, in a process or in the kernel. */
void trap_handle(struct registers *registers);

/* A page fault of the running process: it gets a page that was promised, or ends as there is none. False: it was promised nothing there. */
[[nodiscard]] bool trap_page_fault(uint32_t address);

/* "page fault", …; or "unknown exception". */
const char *trap_name(uint32_t vector);
