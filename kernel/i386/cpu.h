/*
 * The processor: what it can do, and the instructions that C has no words for.
 * The `static inline` functions are one instruction each.
 */
#pragma once

#include <abi/system.h>

#include <stdbool.h>
#include <stdint.h>

#define CR0_TASK_SWITCHED 0x00000008U /* SDM volume 3, section 2.5: the next FPU instruction traps */

/* CPU_… bits of abi/system.h. Constant after cpu_initialise. */
extern uint32_t cpu_features;

/* Finds the features and switches on those that the kernel uses. */
void cpu_initialise(void);

static inline bool cpu_has(uint32_t feature)
{
    return (cpu_features & feature) != 0;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read8(uint16_t port)
{
    uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write16(uint16_t port, uint16_t value)
{
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint16_t port_read16(uint16_t port)
{
    uint16_t value;
    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write32(uint16_t port, uint32_t value)
{
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint32_t port_read32(uint16_t port)
{
    uint32_t value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t cpu_read_cr0(void)
{
    uint32_t value;
    asm volatile("movl %%cr0, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr0(uint32_t value)
{
    asm volatile("movl %0, %%cr0" : : "r"(value) : "memory");
}

static inline uint32_t cpu_read_cr2(void)
{
    uint32_t value;
    asm volatile("movl %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint32_t cpu_read_cr3(void)
{
    uint32_t value;
    asm volatile("movl %%cr3, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr3(uint32_t value)
{
    asm volatile("movl %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint32_t cpu_read_cr4(void)
{
    uint32_t value;
    asm volatile("movl %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr4(uint32_t value)
{
    asm volatile("movl %0, %%cr4" : : "r"(value) : "memory");
}

static inline void cpu_write_msr64(uint32_t msr, uint32_t low, uint32_t high)
{
    asm volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high) : "memory");
}

static inline void cpu_write_msr(uint32_t msr, uint32_t low)
{
    cpu_write_msr64(msr, low, 0);
}

static inline uint64_t cpu_time_stamp(void)
{
    uint64_t value;
    asm volatile("rdtsc" : "=A"(value));
    return value;
}

/* Forgets one page's translation. 486 and later only. */
static inline void cpu_invalidate_page(uint32_t address)
{
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline void cpu_clear_task_switched(void)
{
    asm volatile("clts" : : : "memory");
}

/* Lets pending interrupts in, for two instructions. */
static inline void cpu_interrupt_window(void)
{
    asm volatile("sti; nop; nop; cli" : : : "memory");
}

/* Sleeps until an interrupt was handled. */
static inline void cpu_wait_for_interrupt(void)
{
    asm volatile("sti; hlt; cli" : : : "memory");
}

[[gnu::noreturn]] static inline void cpu_stop(void)
{
    for (;;) {
        asm volatile("cli; hlt" : : : "memory");
    }
}
