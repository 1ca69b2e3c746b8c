#include "i386/page_table.h"

#include "boot_memory.h"
#include "i386/cpu.h"
#include "i386/start.h"
#include "memory.h"
#include "string.h"

/* The last page that the first page table of start.asm maps: free to look through. */
#define WINDOW_ENTRY (TABLE_ENTRIES - 1)
#define WINDOW_ADDRESS (KERNEL_BASE + WINDOW_ENTRY * PAGE_SIZE)

static void *window_open(physical_t physical)
{
    start_table[WINDOW_ENTRY] = (physical & PAGE_ADDRESS) | PAGE_PRESENT | PAGE_WRITABLE;
    cpu_write_cr3(cpu_read_cr3());
    return (void *)WINDOW_ADDRESS;
}

static void window_close(void)
{
    start_table[WINDOW_ENTRY] = WINDOW_ENTRY * PAGE_SIZE | PAGE_PRESENT | PAGE_WRITABLE;
    cpu_write_cr3(cpu_read_cr3());
}

void boot_memory_read(void *to, physical_t from, uint32_t size)
{
    uint8_t *target = to;

    while (size > 0) {
        uint32_t offset = from % PAGE_SIZE;
        uint32_t part = PAGE_SIZE - offset < size ? PAGE_SIZE - offset : size;

        memcpy(target, (uint8_t *)window_open(from) + offset, part);
        target += part;
        from += part;
        size -= part;
    }
    window_close();
}

static void table_fill(uint32_t *table, physical_t first, uint32_t flags)
{
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        table[i] = (first + i * PAGE_SIZE) | flags;
    }
}

void kernel_directory_initialise(physical_t end)
{
    uint32_t flags = PAGE_PRESENT | PAGE_WRITABLE | (cpu_has(CPU_PGE) ? PAGE_GLOBAL : 0);

    /* The first 4 MB keep the page table of start.asm, with small pages. */
    table_fill(start_table, 0, flags);
    for (physical_t at = TABLE_SPAN; at < end; at += TABLE_SPAN) {
        uint32_t *entry = &start_directory[(KERNEL_BASE + at) / TABLE_SPAN];

        if (cpu_has(CPU_PSE)) {
            *entry = at | flags | PAGE_LARGE;
        } else {
            physical_t table = boot_memory_take(PAGE_SIZE);
            table_fill(window_open(table), at, flags);
            window_close();
            *entry = table | PAGE_PRESENT | PAGE_WRITABLE;
        }
    }
    start_table[WINDOW_ENTRY] = (WINDOW_ENTRY * PAGE_SIZE) | flags;
    start_directory[0] = 0;
    cpu_write_cr3(kernel_directory_physical());
}

uint32_t *kernel_directory(void)
{
    return start_directory;
}

physical_t kernel_directory_physical(void)
{
    return virtual_to_physical(start_directory);
}
