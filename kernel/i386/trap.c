#include "i386/traps.h"

#include <abi/process.h>

#include "address_space.h"
#include "fpu.h"
#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/port_trap.h"
#include "i386/registers.h"
#include "i386/segments.h"
#include "log.h"
#include "panic.h"
#include "process.h"
#include "thread.h"
#include "trace.h"

#define GATE_INTERRUPT 0x8E00U   /* present, ring 0, interrupts off: SDM volume 3, figure 6-2 */
#define GATE_TASK 0x8500U
#define GATE_RING_3 0x6000U

#define SELECTOR_DOUBLE_FAULT 0x30U
#define SELECTOR_NMI 0x38U

struct [[gnu::packed]] table_register {
    uint16_t limit;
    uint32_t base;
};

static uint64_t gates[VECTOR_COUNT];

static const char *const names[] = {
    "division by zero", "single step", "non-maskable interrupt", "breakpoint", "overflow", "bound exceeded",
    "invalid instruction", "no FPU", "double fault", "FPU segment overrun", "invalid task state", "segment not present",
    "stack fault", "general protection fault", "page fault", "reserved exception", "FPU error", "misaligned access",
    "machine check", "SSE error",
};

const char *trap_name(uint32_t vector)
{
    return vector < sizeof names / sizeof names[0] ? names[vector] : "unknown exception";
}

static void gate_set(uint32_t vector, uint32_t selector, uint32_t address, uint32_t type)
{
    gates[vector] = (uint64_t)((address & 0xFFFF0000U) | type) << 32 | selector << 16 | (address & 0xFFFFU);
}

void traps_initialise(void)
{
    struct table_register idtr = { sizeof gates - 1, (uint32_t)(uintptr_t)gates };

    for (uint32_t vector = 0; vector < VECTOR_IRQ_BASE + IRQ_LINES; vector++) {
        gate_set(vector, SEGMENT_KERNEL_CODE, entry_vectors[vector], GATE_INTERRUPT);
    }
    gate_set(VECTOR_NMI, SELECTOR_NMI, 0, GATE_TASK);
    gate_set(VECTOR_DOUBLE_FAULT, SELECTOR_DOUBLE_FAULT, 0, GATE_TASK);
    gate_set(VECTOR_BREAKPOINT, SEGMENT_KERNEL_CODE, entry_vectors[VECTOR_BREAKPOINT], GATE_INTERRUPT | GATE_RING_3);
    gate_set(VECTOR_OVERFLOW, SEGMENT_KERNEL_CODE, entry_vectors[VECTOR_OVERFLOW], GATE_INTERRUPT | GATE_RING_3);
    gate_set(VECTOR_SYSTEM_CALL, SEGMENT_KERNEL_CODE, (uint32_t)(uintptr_t)entry_system_call, GATE_INTERRUPT | GATE_RING_3);
    asm volatile("lidt %0" : : "m"(idtr));
}

/* A fault in a copy of user memory: the copy goes on, or says that the address is bad. */
static void kernel_trap_handle(struct registers *registers, uint32_t address)
{
    if (registers->vector == VECTOR_PAGE_FAULT && registers->eip >= (uint32_t)(uintptr_t)entry_copy_begin
        && registers->eip < (uint32_t)(uintptr_t)entry_copy_end && thread_current != NULL && address < USER_END) {
        if (address_space_demand(&thread_current->process->space, address) != DEMAND_MET) {
            registers->eip = (uint32_t)(uintptr_t)entry_copy_failed;
        }
        return;
    }
    panic_at(registers, "%s in the kernel, error code 0x%x, address 0x%08x", trap_name(registers->vector),
             registers->error, address);
}

/* The process has made a mistake that it cannot go on from. */
static void end_by_fault(const struct registers *registers, uint32_t address)
{
    struct process *self = thread_current->process;

    if ((self->access.partners & ROLE_BIT(ROLE_LOG)) == 0) {
        log_kernel(LOG_ERROR, "%s has ended: %s", self->name, trap_name(registers->vector));     /* its numbers are not for all */
    } else if (registers->vector == VECTOR_PAGE_FAULT) {
        log_kernel(LOG_ERROR, "%s has ended: page fault %s 0x%08x, at 0x%08x, stack 0x%08x", self->name,
                   (registers->error & PAGE_FAULT_WRITE) != 0 ? "writing to" : "reading", address, registers->eip, registers->esp);
    } else {
        log_kernel(LOG_ERROR, "%s has ended: %s, error code 0x%x, at 0x%08x, stack 0x%08x", self->name,
                   trap_name(registers->vector), registers->error, registers->eip, registers->esp);
    }
    trace_process(self, TRACE_FAULTS, TRACE_FAULT, registers->vector, registers->error, address, registers->eip, registers->esp);
    self->fault_address = address;
    process_end_by_mistake(self, EXIT_FAULT | registers->vector);
}

static void end_without_memory(void)
{
    struct process *self = thread_current->process;

    log_kernel(LOG_ERROR, "%s has ended: no memory for a page that was promised to it, or over its quota", self->name);
    process_end_by_mistake(self, EXIT_STACK_NO_MEMORY);
}

bool trap_page_fault(uint32_t address)
{
    enum demand demand = address_space_demand(&thread_current->process->space, address);

    if (demand == DEMAND_NO_MEMORY) {
        end_without_memory();
    }
    return demand != DEMAND_UNKNOWN;
}

void trap_handle(struct registers *registers)
{
    uint32_t address = registers->vector == VECTOR_PAGE_FAULT ? cpu_read_cr2() : 0;

    if ((registers->cs & 3) == 0) {
        kernel_trap_handle(registers, address);
        return;
    }
    switch (registers->vector) {
    case VECTOR_PAGE_FAULT:
        if (!trap_page_fault(address)) {
            end_by_fault(registers, address);
        }
        break;
    case VECTOR_NO_FPU:
        if (!fpu_take()) {
            end_by_fault(registers, address);
        }
        break;
    case VECTOR_GENERAL_PROTECTION:
        /* A direct switch leaves another process's selectors behind. The kernel has loaded flat ones by now. */
        if (registers->ds != SEGMENT_USER_DATA || registers->es != SEGMENT_USER_DATA) {
            break;
        }
        if (!port_trap_handle(registers, &address)) {
            end_by_fault(registers, address);
        }
        break;
    default:
        end_by_fault(registers, address);
        break;
    }
}
