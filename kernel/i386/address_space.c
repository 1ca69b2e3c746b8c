#include "address_space.h"

#include <abi/message.h>
#include <abi/process.h>
#include <abi/system.h>

#include "account.h"
#include "frame.h"
#include "i386/address_entries.h"
#include "i386/cpu.h"
#include "i386/page_table.h"
#include "memory.h"
#include "panic.h"
#include "port_map.h"
#include "string.h"
#include "user_memory.h"

#define USER_TABLES (USER_END / TABLE_SPAN)
#define PAGE_COUNT_MAX ((USER_END - PROGRAM_BASE) / PAGE_SIZE)

static void forget_translation(const struct address_space *space, uint32_t address)
{
    if (!space_is_active(space)) {
        return;
    }
    if (cpu_has(CPU_WRITE_PROTECT)) {
        cpu_invalidate_page(address);
    } else {
        cpu_write_cr3(cpu_read_cr3());   /* the 386 has no INVLPG */
    }
}

status_t space_frame_charge(struct address_space *space, uint32_t *frame_out)
{
    status_t status = account_charge(space->account, RESOURCE_FRAMES, 1);

    if (status != OK) {
        return status;
    }
    uint32_t frame = frames_take(&frame_table, 0, space->reserve);
    if (frame == FRAME_NONE) {
        account_release(space->account, RESOURCE_FRAMES, 1);
        return NO_MEMORY;
    }
    space->frames++;
    *frame_out = frame;
    return OK;
}

void space_frame_discharge(struct address_space *space, uint32_t frame)
{
    frames_release(&frame_table, frame);
    account_release(space->account, RESOURCE_FRAMES, 1);
    space->frames--;
}

status_t space_entry_create(struct address_space *space, uint32_t address, uint32_t **entry_out)
{
    uint32_t *table = table_find(space, address);

    if (table == NULL) {
        uint32_t frame;
        status_t status = space_frame_charge(space, &frame);

        if (status != OK) {
            return status;
        }
        table = frame_to_virtual(frame);
        memset(table, 0, PAGE_SIZE);
        space->directory[address / TABLE_SPAN] = frame * PAGE_SIZE | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER;
    }
    *entry_out = &table[page_index(address)];
    return OK;
}

void space_entry_clear(struct address_space *space, uint32_t *entry, uint32_t address)
{
    uint32_t old = *entry;

    *entry = 0;
    if ((old & PAGE_PRESENT) != 0) {
        forget_translation(space, address);
    }
    if ((old & PAGE_OWNED) != 0) {
        space_frame_discharge(space, old / PAGE_SIZE);
    }
    if ((old & PAGE_PHYSICAL) != 0) {
        space->physical_pages--;
    }
}

/* How many pages from `address` on are free, up to `wanted`? */
static uint32_t free_run(const struct address_space *space, uint32_t address, uint32_t wanted)
{
    uint32_t room = (USER_END - address) / PAGE_SIZE;
    uint32_t run = 0;

    wanted = wanted < room ? wanted : room;
    while (run < wanted) {
        uint32_t at = address + run * PAGE_SIZE;
        const uint32_t *table = table_find(space, at);

        if (table == NULL) {
            run += TABLE_ENTRIES - page_index(at);
            continue;
        }
        for (uint32_t i = page_index(at); i < TABLE_ENTRIES && run < wanted; i++, run++) {
            if (table[i] != 0) {
                return run;
            }
        }
    }
    return wanted;
}

[[gnu::cold]] void space_table_release(struct address_space *space, uint32_t address)
{
    uint32_t *entry = &space->directory[address / TABLE_SPAN];

    if (page_index(address) == TABLE_ENTRIES - 1 && free_run(space, address & ~(TABLE_SPAN - 1), TABLE_ENTRIES) == TABLE_ENTRIES) {
        space_frame_discharge(space, *entry / PAGE_SIZE);
        *entry = 0;
        forget_translation(space, address);
    }
}

void space_range_clear(struct address_space *space, uint32_t address, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = space_entry_find(space, at);

        if (entry != NULL) {
            space_entry_clear(space, entry, at);
            space_table_release(space, at);
        }
        cpu_interrupt_window();
    }
}

static status_t stack_promise(struct address_space *space)
{
    for (uint32_t at = STACK_TOP - STACK_SIZE_MAX; at < STACK_TOP; at += PAGE_SIZE) {
        uint32_t *entry;
        status_t status = space_entry_create(space, at, &entry);

        if (status != OK) {
            return status;
        }
        *entry = PAGE_DEMAND | PAGE_WRITABLE | PAGE_USER;
    }
    return OK;
}

status_t address_space_create(struct address_space *space, struct account *account, bool reserve)
{
    uint32_t frame;

    *space = (struct address_space){ .account = account, .reserve = reserve, .next_address = PROGRAM_BASE };
    status_t status = space_frame_charge(space, &frame);
    if (status != OK) {
        return status;
    }
    space->directory = frame_to_virtual(frame);
    space->directory_physical = frame * PAGE_SIZE;
    memset(space->directory, 0, USER_TABLES * sizeof(uint32_t));
    memcpy(&space->directory[USER_TABLES], &kernel_directory()[USER_TABLES],
           PAGE_SIZE - USER_TABLES * sizeof(uint32_t));

    status = stack_promise(space);
    if (status != OK) {
        address_space_destroy(space);
    }
    return status;
}

static void table_destroy(struct address_space *space, uint32_t *table)
{
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        if ((table[i] & PAGE_OWNED) != 0) {
            space_frame_discharge(space, table[i] / PAGE_SIZE);
        }
    }
}

void address_space_destroy(struct address_space *space)
{
    ASSERT(!space_is_active(space));
    for (uint32_t i = 0; i < USER_TABLES; i++) {
        if ((space->directory[i] & PAGE_PRESENT) != 0) {
            table_destroy(space, physical_to_virtual(space->directory[i] & PAGE_ADDRESS));
            space_frame_discharge(space, space->directory[i] / PAGE_SIZE);
            cpu_interrupt_window();
        }
    }
    port_map_destroy(space);
    space_frame_discharge(space, space->directory_physical / PAGE_SIZE);
    ASSERT(space->frames == 0);
}

void address_space_activate(const struct address_space *space)
{
    cpu_write_cr3(space == NULL ? kernel_directory_physical() : space->directory_physical);
}

static bool range_search(const struct address_space *space, uint32_t begin, uint32_t end, uint32_t pages, uint32_t *address_out)
{
    uint32_t at = begin;

    while (at < end) {
        uint32_t run = free_run(space, at, pages);

        if (run >= pages) {
            *address_out = at;
            return true;
        }
        at += (run + 1) * PAGE_SIZE;
        cpu_interrupt_window();
    }
    return false;
}

status_t space_range_find(struct address_space *space, uint32_t pages, uint32_t *address_out)
{
    if (pages == 0 || pages > PAGE_COUNT_MAX) {
        return BAD_ARGUMENT;
    }
    if (!range_search(space, space->next_address, USER_END, pages, address_out)
        && !range_search(space, PROGRAM_BASE, space->next_address, pages, address_out)) {
        return NO_MEMORY;
    }
    space->next_address = *address_out + pages * PAGE_SIZE;
    return OK;
}

status_t address_space_add_page(struct address_space *space, uint32_t address, bool writable, void **memory_out)
{
    uint32_t *entry;
    uint32_t frame;

    status_t status = space_entry_create(space, address, &entry);
    if (status != OK) {
        return status;
    }
    status = space_frame_charge(space, &frame);
    if (status != OK) {
        return status;
    }
    ASSERT((*entry & ~PAGE_DEMAND & ~PAGE_WRITABLE & ~PAGE_USER) == 0);
    *entry = frame * PAGE_SIZE | PAGE_PRESENT | PAGE_USER | PAGE_OWNED | (writable ? PAGE_WRITABLE : 0);
    *memory_out = frame_to_virtual(frame);
    return OK;
}

static status_t page_allocate(struct address_space *space, uint32_t address, uint32_t flags)
{
    bool writable = (flags & MEMORY_READ_ONLY) == 0;
    void *memory;

    if ((flags & MEMORY_ON_DEMAND) != 0) {
        uint32_t *entry;
        status_t status = space_entry_create(space, address, &entry);

        if (status == OK) {
            *entry = PAGE_DEMAND | PAGE_USER | (writable ? PAGE_WRITABLE : 0);
        }
        return status;
    }
    status_t status = address_space_add_page(space, address, writable, &memory);
    if (status == OK) {
        memset(memory, 0, PAGE_SIZE);
    }
    return status;
}

status_t address_space_allocate(struct address_space *space, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    uint32_t address;

    if ((flags & ~(MEMORY_READ_ONLY | MEMORY_ON_DEMAND)) != 0) {
        return BAD_ARGUMENT;
    }
    status_t status = space_range_find(space, pages, &address);
    for (uint32_t i = 0; status == OK && i < pages; i++) {
        status = page_allocate(space, address + i * PAGE_SIZE, flags);
        if (status != OK) {
            space_range_clear(space, address, i);
            return status;
        }
        cpu_interrupt_window();
    }
    if (status == OK) {
        *address_out = address;
    }
    return status;
}

status_t address_space_show_frame(struct address_space *space, uint32_t address, physical_t frame)
{
    uint32_t *entry;
    status_t status = space_entry_create(space, address, &entry);

    if (status == OK) {
        *entry = frame | PAGE_PRESENT | PAGE_USER;
    }
    return status;
}

/* Maps consecutive frames that the process does not own. */
static status_t range_map(struct address_space *space, physical_t first, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    uint32_t address;
    status_t status = space_range_find(space, pages, &address);

    for (uint32_t i = 0; status == OK && i < pages; i++) {
        uint32_t *entry;

        status = space_entry_create(space, address + i * PAGE_SIZE, &entry);
        if (status != OK) {
            space_range_clear(space, address, i);
            return status;
        }
        *entry = (first + i * PAGE_SIZE) | flags;
        space->physical_pages += (flags & PAGE_PHYSICAL) != 0;
        cpu_interrupt_window();
    }
    if (status == OK) {
        *address_out = address;
    }
    return status;
}

status_t address_space_show(struct address_space *space, physical_t first, uint32_t pages, bool writable, uint32_t *address_out)
{
    return range_map(space, first, pages, PAGE_PRESENT | PAGE_USER | (writable ? PAGE_WRITABLE : 0), address_out);
}

void address_space_hide(struct address_space *space, uint32_t address, physical_t first, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t *entry = space_entry_find(space, address + i * PAGE_SIZE);

        if (entry != NULL && (*entry & PAGE_PRESENT) != 0 && (*entry & PAGE_ADDRESS) == first + i * PAGE_SIZE) {
            space_entry_clear(space, entry, address + i * PAGE_SIZE);
        }
        cpu_interrupt_window();
    }
}

status_t address_space_map_physical(struct address_space *space, physical_t first, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    return range_map(space, first, pages, physical_bits(flags) | PAGE_PHYSICAL, address_out);
}

/* Is this a range of whole pages of the process, all of which exist? */
static bool range_exists(const struct address_space *space, uint32_t address, uint32_t pages)
{
    if (address % PAGE_SIZE != 0 || pages == 0 || address >= USER_END || pages > (USER_END - address) / PAGE_SIZE) {
        return false;
    }
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        const uint32_t *entry = space_entry_find(space, at);

        if (entry == NULL || *entry == 0 || at == SYSTEM_PAGE || at == PROCESS_PAGE) {
            return false;
        }
        cpu_interrupt_window();
    }
    return true;
}

status_t address_space_free(struct address_space *space, uint32_t address, uint32_t pages)
{
    if (!range_exists(space, address, pages)) {
        return BAD_ARGUMENT;
    }
    space_range_clear(space, address, pages);
    return OK;
}

/* A page of the process's own, which nobody else has: others may have given it to be read only. */
static bool may_become_writable(uint32_t entry)
{
    return (entry & PAGE_DEMAND) != 0
        || ((entry & PAGE_OWNED) != 0 && ((entry & PAGE_WRITABLE) != 0 || frame_table.frames[entry / PAGE_SIZE].references == 1));
}

status_t address_space_protect(struct address_space *space, uint32_t address, uint32_t pages, bool writable)
{
    if (!range_exists(space, address, pages)) {
        return BAD_ARGUMENT;
    }
    for (uint32_t i = 0; writable && i < pages; i++) {
        if (!may_become_writable(*space_entry_find(space, address + i * PAGE_SIZE))) {
            return BAD_ARGUMENT;
        }
        cpu_interrupt_window();
    }
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = space_entry_find(space, at);

        cpu_interrupt_window();

        *entry = (*entry & ~PAGE_WRITABLE) | (writable ? PAGE_WRITABLE : 0);
        forget_translation(space, at);
    }
    return OK;
}

enum demand address_space_demand(struct address_space *space, uint32_t address)
{
    uint32_t *entry = address < USER_END ? space_entry_find(space, address) : NULL;
    void *memory;

    if (entry == NULL || (*entry & PAGE_DEMAND) == 0) {
        return DEMAND_UNKNOWN;
    }
    if (address_space_add_page(space, address, (*entry & PAGE_WRITABLE) != 0, &memory) != OK) {
        return DEMAND_NO_MEMORY;
    }
    memset(memory, 0, PAGE_SIZE);
    return DEMAND_MET;
}

bool address_space_is_writable(const struct address_space *space, uint32_t address, uint32_t size)
{
    uint32_t first = address & PAGE_ADDRESS;
    uint32_t pages = (address % PAGE_SIZE + size + PAGE_SIZE - 1) / PAGE_SIZE;

    for (uint32_t i = 0; i < pages; i++) {
        const uint32_t *entry = space_entry_find(space, first + i * PAGE_SIZE);

        if (entry == NULL || (*entry & PAGE_WRITABLE) == 0) {
            return false;
        }
    }
    return true;
}
