#include "i386/segments.h"

#include <stddef.h>

#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/page_table.h"
#include "i386/registers.h"
#include "memory.h"
#include "port_map.h"
#include "string.h"

#define MSR_SYSENTER_ESP 0x175U
#define MSR_SYSENTER_EIP 0x176U

#define SELECTOR_TSS 0x28U
#define SELECTOR_DOUBLE_FAULT 0x30U
#define SELECTOR_NMI 0x38U
#define DESCRIPTORS 8U

#define ACCESS_CODE 0x9AU        /* present, ring 0, readable */
#define ACCESS_DATA 0x92U
#define ACCESS_RING_3 0x60U
#define ACCESS_TSS 0x89U

struct [[gnu::packed]] table_register {
    uint16_t limit;
    uint32_t base;
};

struct task_state task_state;

/* SDM volume 3, figure 3-8. Flat: base 0, limit 4 GB. */
#define FLAT_DESCRIPTOR(access) { 0x0000FFFF, 0x00CF0000 | (access) << 8 }

static struct { uint32_t low, high; } descriptors[DESCRIPTORS] = {
    [SEGMENT_KERNEL_CODE / 8] = FLAT_DESCRIPTOR(ACCESS_CODE),
    [SEGMENT_KERNEL_DATA / 8] = FLAT_DESCRIPTOR(ACCESS_DATA),
    [SEGMENT_USER_CODE / 8] = FLAT_DESCRIPTOR(ACCESS_CODE | ACCESS_RING_3),
    [SEGMENT_USER_DATA / 8] = FLAT_DESCRIPTOR(ACCESS_DATA | ACCESS_RING_3),
};
static struct tss double_fault_tss;
static struct tss nmi_tss;
static uint8_t double_fault_stack[4096] [[gnu::aligned(16)]];
static uint8_t nmi_stack[4096] [[gnu::aligned(16)]];

/* A task state of `size` bytes, less than 64 KB. */
[[gnu::noinline]] static void tss_describe(uint32_t selector, uint32_t address, uint32_t size)
{
    descriptors[selector / 8].low = (size - 1) | address << 16;
    descriptors[selector / 8].high = (address >> 16 & 0xFF) | ACCESS_TSS << 8 | (address & 0xFF000000);
}

/* A task that the processor switches to whatever state the kernel is in. */
static void trouble_task_initialise(struct tss *tss, void (*handler)(void), uint8_t *stack_end)
{
    *tss = (struct tss){
        .cr3 = kernel_directory_physical(),
        .eip = (uint32_t)(uintptr_t)handler,
        .eflags = EFLAGS_ALWAYS,
        .esp = (uint32_t)(uintptr_t)stack_end,
        .cs = SEGMENT_KERNEL_CODE,
        .ss = SEGMENT_KERNEL_DATA,
        .ds = SEGMENT_USER_DATA,
        .es = SEGMENT_USER_DATA,
        .io_map_base = NO_PORT_MAP,
    };
}

void segments_forget(void)
{
    asm volatile("movl %0, %%fs; movl %0, %%gs" : : "r"(0));
}

void segments_show_port_maps(void)
{
    uint32_t state = port_map_initialise(&task_state);
    uint32_t offset = offsetof(struct task_state, tss);

    /* One byte of the page behind the map is looked at, too. */
    tss_describe(SELECTOR_TSS, state + offset, PORT_MAP_OFFSET + PORT_MAP_BYTES + 1 - offset);
    asm volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void segments_initialise(void)
{
    struct table_register gdtr = { sizeof descriptors - 1, (uint32_t)(uintptr_t)descriptors };

    task_state.tss.ss0 = SEGMENT_KERNEL_DATA;
    segments_set_io_map_base(NO_PORT_MAP);
    trouble_task_initialise(&double_fault_tss, entry_double_fault, double_fault_stack + sizeof double_fault_stack);
    trouble_task_initialise(&nmi_tss, entry_nmi, nmi_stack + sizeof nmi_stack);

    tss_describe(SELECTOR_TSS, (uint32_t)(uintptr_t)&task_state.tss, sizeof(struct tss));
    tss_describe(SELECTOR_DOUBLE_FAULT, (uint32_t)(uintptr_t)&double_fault_tss, sizeof double_fault_tss);
    tss_describe(SELECTOR_NMI, (uint32_t)(uintptr_t)&nmi_tss, sizeof nmi_tss);

    entry_load_segments(&gdtr, SELECTOR_TSS);
    if (cpu_has(CPU_SYSENTER)) {
        segments_allow_sysenter(true);
        cpu_write_msr(MSR_SYSENTER_ESP, (uint32_t)(uintptr_t)&task_state.tss.esp0);
        cpu_write_msr(MSR_SYSENTER_EIP, (uint32_t)(uintptr_t)entry_sysenter);
    }
}
