/*
 * The page table entries of an address space: for address_space.c, and for address_transfer.c, which moves what is in
 * them from one space to another. Called with interrupts off.
 */
#pragma once

#include <abi/process.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

#include "address_space.h"
#include "i386/cpu.h"
#include "i386/page_table.h"
#include "memory.h"

static inline uint32_t page_index(uint32_t address)
{
    return address / PAGE_SIZE % TABLE_ENTRIES;
}

/* The page table for an address, or NULL. */
static inline uint32_t *table_find(const struct address_space *space, uint32_t address)
{
    uint32_t entry = space->directory[address / TABLE_SPAN];

    return entry & PAGE_PRESENT ? physical_to_virtual(entry & PAGE_ADDRESS) : NULL;
}

/* The entry for an address, or NULL if its page table does not exist. */
static inline uint32_t *space_entry_find(const struct address_space *space, uint32_t address)
{
    uint32_t *table = table_find(space, address);

    return table == NULL ? NULL : &table[page_index(address)];
}

/* What PHYSICAL_… of abi/process.h say. Write-through alone is write-combining where there is a PAT: see cpu.c. */
static inline uint32_t physical_bits(uint32_t flags)
{
    return PAGE_PRESENT | PAGE_USER | ((flags & PHYSICAL_READ_ONLY) != 0 ? 0 : PAGE_WRITABLE)
        | ((flags & PHYSICAL_UNCACHED) != 0 ? PAGE_UNCACHED | PAGE_WRITE_THROUGH : 0)
        | ((flags & PHYSICAL_WRITE_COMBINING) != 0 ? PAGE_WRITE_THROUGH : 0);
}

/* Is it the one that the processor uses? */
static inline bool space_is_active(const struct address_space *space)
{
    return cpu_read_cr3() == space->directory_physical;
}

/* A frame more, or one less, that the space has and its account pays for. OK, NO_MEMORY, OVER_QUOTA. */
status_t space_frame_charge(struct address_space *space, uint32_t *frame_out);
void space_frame_discharge(struct address_space *space, uint32_t frame);

/* The entry for an address; its page table is made if need be. OK, NO_MEMORY, OVER_QUOTA. */
status_t space_entry_create(struct address_space *space, uint32_t address, uint32_t **entry_out);

/* Free addresses: behind the last ones given, or else anywhere. OK, BAD_ARGUMENT, NO_MEMORY. */
status_t space_range_find(struct address_space *space, uint32_t pages, uint32_t *address_out);

/* Undoes mappings; pages that have none are fine. Opens interrupt windows. */
void space_range_clear(struct address_space *space, uint32_t address, uint32_t pages);

/* Undoes one mapping. The page table stays. */
void space_entry_clear(struct address_space *space, uint32_t *entry, uint32_t address);

/* The page table that ends with this page is given back if there is nothing in it. */
void space_table_release(struct address_space *space, uint32_t address);
