/* The ways into the kernel and out of it: entry.asm. */
#pragma once

#include <stdint.h>

struct registers;

/* One entry per vector; the first EXCEPTIONS push what the processor did not. */
extern const uint32_t entry_vectors[];

void entry_sysenter(void);
void entry_system_call(void);
void entry_double_fault(void);
void entry_nmi(void);

/* Loads GDTR, all segment registers and the task register. `table`: limit and base. */
void entry_load_segments(const void *table, uint32_t task_selector);

/* The instructions that a process calls to enter the kernel, to be copied into its system page. */
extern const uint8_t entry_page_int[];
extern const uint8_t entry_page_int_end[];
extern const uint8_t entry_page_sysenter[];
extern const uint8_t entry_page_sysenter_end[];
#define ENTRY_PAGE_OFFSET 0x800U /* into the system page */
#define ENTRY_PAGE_SYSENTER_RETURN 4U /* into the instructions: behind the SYSENTER */

/* Leaves the kernel to the process whose registers these are, on a fresh kernel stack. */
[[gnu::noreturn]] void entry_resume(struct registers *registers);

/* The same for the running thread, in VM86 mode. */
[[gnu::noreturn]] void entry_resume_vm86(void);

/*
 * memory copies that stop at a fault: 0, or 1 if an address was not there. trap_handle knows
 * their bounds. `size` in bytes.
 */
uint32_t entry_copy(void *to, const void *from, uint32_t size);
extern const uint8_t entry_copy_begin[];
extern const uint8_t entry_copy_end[];
extern const uint8_t entry_copy_failed[];
