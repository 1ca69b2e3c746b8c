#include "i386/page_table.h"

#include "boot_memory.h"
#include "frame.h"
#include "i386/cpu.h"
#include "i386/start.h"
#include "memory.h"
#include "panic.h"
#include "string.h"
#include "window.h"

/* Forgets the translation of a page of the kernel's. The 386 has no INVLPG, and no global pages. */
static void translation_forget(uint32_t address)
{
    if (cpu_has(CPU_WRITE_PROTECT)) {
        cpu_invalidate_page(address);
    } else {
        cpu_write_cr3(cpu_read_cr3());
    }
}

/* The last page that the first page table of start.asm maps: free to look through. */
#define PEEK_ENTRY (TABLE_ENTRIES - 1)
#define PEEK_ADDRESS (KERNEL_BASE + PEEK_ENTRY * PAGE_SIZE)

static void *peek_open(physical_t physical)
{
    start_table[PEEK_ENTRY] = (physical & PAGE_ADDRESS) | PAGE_PRESENT | PAGE_WRITABLE;
    translation_forget(PEEK_ADDRESS);        /* not by CR3: the page is global from kernel_directory_initialise on */
    return (void *)PEEK_ADDRESS;
}

static void peek_close(void)
{
    start_table[PEEK_ENTRY] = PEEK_ENTRY * PAGE_SIZE | PAGE_PRESENT | PAGE_WRITABLE;
    translation_forget(PEEK_ADDRESS);
}

/* Where the text screen was: nobody needs that while the screen is in another mode. */
#define TEXT_SCREEN_PAGE 0xB8U

void *page_table_peek(physical_t physical)
{
    start_table[TEXT_SCREEN_PAGE] = (physical & PAGE_ADDRESS) | PAGE_PRESENT | PAGE_WRITABLE | PAGE_UNCACHED;
    translation_forget(KERNEL_BASE + TEXT_SCREEN_PAGE * PAGE_SIZE);
    return (void *)(KERNEL_BASE + TEXT_SCREEN_PAGE * PAGE_SIZE);
}

void boot_memory_read(void *to, physical_t from, uint32_t size)
{
    uint8_t *target = to;

    while (size > 0) {
        uint32_t offset = from % PAGE_SIZE;
        uint32_t part = PAGE_SIZE - offset < size ? PAGE_SIZE - offset : size;

        memcpy(target, (uint8_t *)peek_open(from) + offset, part);
        target += part;
        from += part;
        size -= part;
    }
    peek_close();
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
            table_fill(peek_open(table), at, flags);
            peek_close();
            *entry = table | PAGE_PRESENT | PAGE_WRITABLE;
        }
    }
    start_table[PEEK_ENTRY] = (PEEK_ENTRY * PAGE_SIZE) | flags;
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

/* ---- The window of window.h ---- */

static uint32_t *window_tables;  /* consecutive page tables */
static uint32_t window_nothing;  /* the entry of a page that is not mapped: a frame of zeroes */

static uint32_t *window_entry(uint32_t address)
{
    return &window_tables[(address - WINDOW_BASE) / PAGE_SIZE];
}

void window_initialise(void)
{
    uint32_t pages = WINDOW_SIZE / PAGE_SIZE;
    physical_t tables = boot_memory_take(pages * (uint32_t)sizeof(uint32_t));
    physical_t zeroes = boot_memory_take(PAGE_SIZE);

    memset(physical_to_virtual(zeroes), 0, PAGE_SIZE);
    window_tables = physical_to_virtual(tables);
    window_nothing = zeroes | PAGE_PRESENT | PAGE_ACCESSED;   /* or the processor would set that, and the entry be another */
    for (uint32_t i = 0; i < pages; i++) {
        window_tables[i] = window_nothing;
    }
    for (uint32_t i = 0; i < WINDOW_SIZE / TABLE_SPAN; i++) {
        start_directory[WINDOW_BASE / TABLE_SPAN + i] = (tables + i * PAGE_SIZE) | PAGE_PRESENT | PAGE_WRITABLE;
    }
}

static void window_set(uint32_t address, uint32_t entry)
{
    *window_entry(address) = entry;
    translation_forget(address);
}

void window_map(uint32_t address, uint32_t frame)
{
    window_set(address, frame * PAGE_SIZE | PAGE_PRESENT | PAGE_WRITABLE);
}

void window_unmap(uint32_t address)
{
    uint32_t frame = *window_entry(address) / PAGE_SIZE;

    ASSERT(window_is_mapped(address));
    window_set(address, window_nothing);
    frames_release(&frame_table, frame);
}

bool window_is_mapped(uint32_t address)
{
    return *window_entry(address) != window_nothing;
}
