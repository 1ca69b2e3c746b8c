#include "i386/segments.h"

#include <stddef.h>

#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/page_table.h"
#include "i386/registers.h"
#include "memory.h"
#include "string.h"

#define MSR_SYSENTER_CS 0x174U   /* SDM volume 4, table 2-2 */
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

#define NO_PORT_MAP ((uint16_t)0xFFFF)

struct [[gnu::packed]] table_register {
    uint16_t limit;
    uint32_t base;
};

/* Ports that give away ring 0 or the machine; in nobody's reach but the kernel's. */
static const struct {
    uint16_t first, last;
} closed_ports[] = {
    { 0x0000, 0x001F },          /* 8237 DMA controller 1 and its mirror */
    { 0x0020, 0x0021 },          /* 8259 interrupt controller 1 */
    { 0x0040, 0x0043 },          /* 8254 timer */
    { 0x0081, 0x008F },          /* DMA page registers; 80h is the delay port */
    { 0x0092, 0x0092 },          /* system control: A20, reset */
    { 0x00A0, 0x00A1 },          /* 8259 interrupt controller 2 */
    { 0x00B2, 0x00B3 },          /* system management interrupt */
    { 0x00C0, 0x00DF },          /* 8237 DMA controller 2 */
    { 0x04D0, 0x04D1 },          /* edge or level of the interrupt lines */
    { 0x0CF8, 0x0CFF },          /* PCI configuration, reset */
};

struct task_state task_state [[gnu::aligned(16)]];

static uint64_t descriptors[DESCRIPTORS];
static struct tss double_fault_tss;
static struct tss nmi_tss;
static uint8_t double_fault_stack[4096] [[gnu::aligned(16)]];
static uint8_t nmi_stack[4096] [[gnu::aligned(16)]];

/* SDM volume 3, figure 3-8. Flat: base 0, limit 4 GB. */
static uint64_t flat_descriptor(uint8_t access)
{
    return 0x00CF00000000FFFFULL | (uint64_t)access << 40;
}

static uint64_t tss_descriptor(const struct tss *tss, uint32_t size)
{
    uint64_t base = (uint32_t)(uintptr_t)tss;

    return (size - 1) | (base & 0xFFFFFF) << 16 | (uint64_t)ACCESS_TSS << 40 | (base >> 24) << 56;
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

static void port_map_initialise(void)
{
    memset(task_state.port_map, 0, PORT_MAP_BYTES);
    task_state.port_map[PORT_MAP_BYTES] = 0xFF;
    for (uint32_t i = 0; i < sizeof closed_ports / sizeof closed_ports[0]; i++) {
        for (uint32_t port = closed_ports[i].first; port <= closed_ports[i].last; port++) {
            task_state.port_map[port / 8] |= (uint8_t)(1U << port % 8);
        }
    }
}

uint32_t segments_io_map_base(bool ports_allowed)
{
    return ports_allowed ? offsetof(struct task_state, port_map) - offsetof(struct task_state, tss) : NO_PORT_MAP;
}

void segments_forget(void)
{
    asm volatile("movl %0, %%fs; movl %0, %%gs" : : "r"(0));
}

void segments_initialise(void)
{
    struct table_register gdtr = { sizeof descriptors - 1, (uint32_t)(uintptr_t)descriptors };

    task_state.tss.ss0 = SEGMENT_KERNEL_DATA;
    port_map_initialise();
    segments_set_io_map_base(NO_PORT_MAP);
    trouble_task_initialise(&double_fault_tss, entry_double_fault, double_fault_stack + sizeof double_fault_stack);
    trouble_task_initialise(&nmi_tss, entry_nmi, nmi_stack + sizeof nmi_stack);

    descriptors[SEGMENT_KERNEL_CODE / 8] = flat_descriptor(ACCESS_CODE);
    descriptors[SEGMENT_KERNEL_DATA / 8] = flat_descriptor(ACCESS_DATA);
    descriptors[SEGMENT_USER_CODE / 8] = flat_descriptor(ACCESS_CODE | ACCESS_RING_3);
    descriptors[SEGMENT_USER_DATA / 8] = flat_descriptor(ACCESS_DATA | ACCESS_RING_3);
    descriptors[SELECTOR_TSS / 8] = tss_descriptor(&task_state.tss, sizeof task_state - offsetof(struct task_state, tss));
    descriptors[SELECTOR_DOUBLE_FAULT / 8] = tss_descriptor(&double_fault_tss, sizeof double_fault_tss);
    descriptors[SELECTOR_NMI / 8] = tss_descriptor(&nmi_tss, sizeof nmi_tss);

    entry_load_segments(&gdtr, SELECTOR_TSS);
    if (cpu_has(CPU_SYSENTER)) {
        cpu_write_msr(MSR_SYSENTER_CS, SEGMENT_KERNEL_CODE);
        cpu_write_msr(MSR_SYSENTER_ESP, (uint32_t)(uintptr_t)&task_state.tss.esp0);
        cpu_write_msr(MSR_SYSENTER_EIP, (uint32_t)(uintptr_t)entry_sysenter);
    }
}
