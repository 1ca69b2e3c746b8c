#include "address_space.h"

#include <abi/message.h>
#include <abi/process.h>
#include <abi/system.h>

#include "account.h"
#include "frame.h"
#include "i386/cpu.h"
#include "i386/page_table.h"
#include "memory.h"
#include "panic.h"
#include "string.h"
#include "user_memory.h"

#define USER_TABLES (USER_END / TABLE_SPAN)
#define PAGE_COUNT_MAX ((USER_END - PROGRAM_BASE) / PAGE_SIZE)

static uint32_t page_index(uint32_t address)
{
    return address / PAGE_SIZE % TABLE_ENTRIES;
}

static bool is_active(const struct address_space *space)
{
    return cpu_read_cr3() == space->directory_physical;
}

static void forget_translation(const struct address_space *space, uint32_t address)
{
    if (!is_active(space)) {
        return;
    }
    if (cpu_has(CPU_WRITE_PROTECT)) {
        cpu_invalidate_page(address);
    } else {
        cpu_write_cr3(cpu_read_cr3());   /* the 386 has no INVLPG */
    }
}

static status_t frame_charge(struct address_space *space, uint32_t *frame_out)
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

static void frame_discharge(struct address_space *space, uint32_t frame)
{
    frames_release(&frame_table, frame);
    account_release(space->account, RESOURCE_FRAMES, 1);
    space->frames--;
}

/* The page table for an address, or NULL. */
static uint32_t *table_find(const struct address_space *space, uint32_t address)
{
    uint32_t entry = space->directory[address / TABLE_SPAN];

    return entry & PAGE_PRESENT ? physical_to_virtual(entry & PAGE_ADDRESS) : NULL;
}

/* The entry for an address, or NULL if its page table does not exist. */
static uint32_t *entry_find(const struct address_space *space, uint32_t address)
{
    uint32_t *table = table_find(space, address);

    return table == NULL ? NULL : &table[page_index(address)];
}

static status_t entry_create(struct address_space *space, uint32_t address, uint32_t **entry_out)
{
    uint32_t *table = table_find(space, address);

    if (table == NULL) {
        uint32_t frame;
        status_t status = frame_charge(space, &frame);

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

/* Undoes one mapping. The page table stays. */
static void entry_clear(struct address_space *space, uint32_t *entry, uint32_t address)
{
    uint32_t old = *entry;

    *entry = 0;
    if ((old & PAGE_PRESENT) != 0) {
        forget_translation(space, address);
    }
    if ((old & PAGE_OWNED) != 0) {
        frame_discharge(space, old / PAGE_SIZE);
    }
    if ((old & PAGE_PHYSICAL) != 0) {
        space->physical_pages--;
    }
}

static void range_clear(struct address_space *space, uint32_t address, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = entry_find(space, at);

        if (entry != NULL) {
            entry_clear(space, entry, at);
        }
        cpu_interrupt_window();
    }
}

static status_t stack_promise(struct address_space *space)
{
    for (uint32_t at = STACK_TOP - STACK_SIZE_MAX; at < STACK_TOP; at += PAGE_SIZE) {
        uint32_t *entry;
        status_t status = entry_create(space, at, &entry);

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
    status_t status = frame_charge(space, &frame);
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
            frame_discharge(space, table[i] / PAGE_SIZE);
        }
    }
}

void address_space_destroy(struct address_space *space)
{
    ASSERT(!is_active(space));
    for (uint32_t i = 0; i < USER_TABLES; i++) {
        if ((space->directory[i] & PAGE_PRESENT) != 0) {
            table_destroy(space, physical_to_virtual(space->directory[i] & PAGE_ADDRESS));
            frame_discharge(space, space->directory[i] / PAGE_SIZE);
            cpu_interrupt_window();
        }
    }
    frame_discharge(space, space->directory_physical / PAGE_SIZE);
    ASSERT(space->frames == 0);
}

void address_space_activate(const struct address_space *space)
{
    cpu_write_cr3(space == NULL ? kernel_directory_physical() : space->directory_physical);
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
    }
    return false;
}

/* Free addresses: behind the last ones given, or else anywhere. */
static status_t range_find(struct address_space *space, uint32_t pages, uint32_t *address_out)
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

    status_t status = entry_create(space, address, &entry);
    if (status != OK) {
        return status;
    }
    status = frame_charge(space, &frame);
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
        status_t status = entry_create(space, address, &entry);

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
    status_t status = range_find(space, pages, &address);
    for (uint32_t i = 0; status == OK && i < pages; i++) {
        status = page_allocate(space, address + i * PAGE_SIZE, flags);
        if (status != OK) {
            range_clear(space, address, i);
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
    status_t status = entry_create(space, address, &entry);

    if (status == OK) {
        *entry = frame | PAGE_PRESENT | PAGE_USER;
    }
    return status;
}

/* Maps consecutive frames that the process does not own. */
static status_t range_map(struct address_space *space, physical_t first, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    uint32_t address;
    status_t status = range_find(space, pages, &address);

    for (uint32_t i = 0; status == OK && i < pages; i++) {
        uint32_t *entry;

        status = entry_create(space, address + i * PAGE_SIZE, &entry);
        if (status != OK) {
            range_clear(space, address, i);
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

status_t address_space_show(struct address_space *space, physical_t first, uint32_t pages, uint32_t *address_out)
{
    return range_map(space, first, pages, PAGE_PRESENT | PAGE_USER, address_out);
}

status_t address_space_map_physical(struct address_space *space, physical_t first, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    uint32_t page_flags = PAGE_PRESENT | PAGE_USER | PAGE_PHYSICAL;

    page_flags |= (flags & PHYSICAL_READ_ONLY) != 0 ? 0 : PAGE_WRITABLE;
    page_flags |= (flags & PHYSICAL_UNCACHED) != 0 ? PAGE_UNCACHED | PAGE_WRITE_THROUGH : 0;
    return range_map(space, first, pages, page_flags, address_out);
}

/* Is this a range of whole pages of the process, all of which exist? */
static bool range_exists(const struct address_space *space, uint32_t address, uint32_t pages)
{
    if (address % PAGE_SIZE != 0 || pages == 0 || address >= USER_END || pages > (USER_END - address) / PAGE_SIZE) {
        return false;
    }
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        const uint32_t *entry = entry_find(space, at);

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
    range_clear(space, address, pages);
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
        if (!may_become_writable(*entry_find(space, address + i * PAGE_SIZE))) {
            return BAD_ARGUMENT;
        }
        cpu_interrupt_window();
    }
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = entry_find(space, at);

        cpu_interrupt_window();

        *entry = (*entry & ~PAGE_WRITABLE) | (writable ? PAGE_WRITABLE : 0);
        forget_translation(space, at);
    }
    return OK;
}

enum demand address_space_demand(struct address_space *space, uint32_t address)
{
    uint32_t *entry = address < USER_END ? entry_find(space, address) : NULL;
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
        const uint32_t *entry = entry_find(space, first + i * PAGE_SIZE);

        if (entry == NULL || (*entry & PAGE_WRITABLE) == 0) {
            return false;
        }
    }
    return true;
}

/* ---- From one process to another ---- */

/* The kernel's view of a byte of a process that is not active; NULL if it may not read, or write, there. */
static uint8_t *byte_find(struct address_space *space, uint32_t address, bool to_write)
{
    const uint32_t *entry = address < USER_END ? entry_find(space, address) : NULL;

    if (entry != NULL && (*entry & PAGE_DEMAND) != 0) {
        (void)address_space_demand(space, address);
    }
    if (entry == NULL || (*entry & PAGE_PRESENT) == 0 || (*entry & PAGE_USER) == 0 || (*entry & PAGE_PHYSICAL) != 0
        || (to_write && (*entry & PAGE_WRITABLE) == 0)) {
        return NULL;
    }
    return (uint8_t *)physical_to_virtual(*entry & PAGE_ADDRESS) + address % PAGE_SIZE;
}

/* Pages from `address` on whose entries are in one page table, up to `most`. */
static uint32_t run_of_table(uint32_t address, uint32_t most)
{
    uint32_t run = TABLE_ENTRIES - page_index(address);

    return run < most ? run : most;
}

static uint32_t rest_of_page(uint32_t address, uint32_t size)
{
    uint32_t rest = PAGE_SIZE - address % PAGE_SIZE;

    return rest < size ? rest : size;
}

status_t address_space_read(struct address_space *space, void *to, uint32_t address, uint32_t size)
{
    for (uint32_t done = 0; done < size;) {
        uint32_t part = rest_of_page(address + done, size - done);
        const uint8_t *from = byte_find(space, address + done, false);

        if (from == NULL) {
            return BAD_ADDRESS;
        }
        memcpy((uint8_t *)to + done, from, part);
        done += part;
    }
    return OK;
}

status_t address_space_write(struct address_space *space, uint32_t address, const void *from, uint32_t size)
{
    for (uint32_t done = 0; done < size;) {
        uint32_t part = rest_of_page(address + done, size - done);
        uint8_t *to = byte_find(space, address + done, true);

        if (to == NULL) {
            return BAD_ADDRESS;
        }
        memcpy(to, (const uint8_t *)from + done, part);
        done += part;
    }
    return OK;
}

status_t address_space_copy_out(struct address_space *space, uint32_t from, void USER *to, uint32_t size, bool *own_fault_out)
{
    for (uint32_t done = 0; done < size;) {
        uint32_t part = rest_of_page(from + done, size - done);
        const uint8_t *source = byte_find(space, from + done, false);

        *own_fault_out = source != NULL;
        if (source == NULL || user_write((uint8_t USER *)to + done, source, part) != OK) {
            return BAD_ADDRESS;
        }
        done += part;
    }
    return OK;
}

status_t address_space_copy_in(struct address_space *space, uint32_t to, const void USER *from, uint32_t size, bool *own_fault_out)
{
    for (uint32_t done = 0; done < size;) {
        uint32_t part = rest_of_page(to + done, size - done);
        uint8_t *target = byte_find(space, to + done, true);

        *own_fault_out = target != NULL;
        if (target == NULL || user_read(target, (const uint8_t USER *)from + done, part) != OK) {
            return BAD_ADDRESS;
        }
        done += part;
    }
    *own_fault_out = false;
    return OK;
}

/* Room for one more who has it? */
static bool frame_has_room(uint32_t frame)
{
    return frame_table.frames[frame].references < UINT16_MAX;
}

/* Is this page of the process's own memory, with a frame? A promised one gets its frame. */
static bool page_is_owned(struct address_space *space, uint32_t address, uint32_t *entry)
{
    if ((*entry & (PAGE_PRESENT | PAGE_DEMAND)) == PAGE_DEMAND && address_space_demand(space, address) != DEMAND_MET) {
        return false;
    }
    return (*entry & PAGE_OWNED) != 0 && address != PROCESS_PAGE && frame_has_room(*entry / PAGE_SIZE);
}

/* Are all these pages the process's own? Opens interrupt windows. */
static bool range_is_owned(struct address_space *space, uint32_t address, uint32_t pages)
{
    if (address % PAGE_SIZE != 0 || pages == 0 || address >= USER_END || pages > (USER_END - address) / PAGE_SIZE) {
        return false;
    }
    for (uint32_t done = 0; done < pages;) {
        uint32_t *entry = entry_find(space, address + done * PAGE_SIZE);

        if (entry == NULL) {
            return false;
        }
        for (uint32_t run = run_of_table(address + done * PAGE_SIZE, pages - done); run > 0; run--, done++, entry++) {
            if (!page_is_owned(space, address + done * PAGE_SIZE, entry)) {
                return false;
            }
        }
        cpu_interrupt_window();
    }
    return true;
}

/* The page tables for a range exist afterwards. OK, NO_MEMORY, OVER_QUOTA. */
static status_t tables_create(struct address_space *space, uint32_t address, uint32_t pages)
{
    status_t status = OK;

    for (uint32_t at = address & ~(TABLE_SPAN - 1); status == OK && at < address + pages * PAGE_SIZE; at += TABLE_SPAN) {
        uint32_t *entry;

        status = entry_create(space, at, &entry);
    }
    return status;
}

static void page_share(uint32_t *source, uint32_t *target, bool writable)
{
    uint32_t entry = *source & ~PAGE_WRITABLE;

    frame_table.frames[*source / PAGE_SIZE].references++;
    *target = entry | (writable ? *source & PAGE_WRITABLE : 0);
}

/* `count` entries of one page table each. */
static void entries_move(uint32_t *source, uint32_t *target, uint32_t count, uint32_t flags)
{
    if (flags == PAGES_GIVE) {
        memcpy(target, source, count * sizeof *target);
        memset(source, 0, count * sizeof *source);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        page_share(&source[i], &target[i], flags == PAGES_SHARE_WRITABLE);
    }
}

status_t address_space_move(struct address_space *from, uint32_t address, uint32_t pages, uint32_t flags,
                            struct address_space *to, uint32_t *address_out)
{
    uint32_t target;

    if (!range_is_owned(from, address, pages)) {
        return BAD_ARGUMENT;
    }
    status_t status = range_find(to, pages, &target);
    if (status == OK) {
        status = tables_create(to, target, pages);
    }
    if (status == OK) {
        status = account_charge(to->account, RESOURCE_FRAMES, pages);
    }
    if (status != OK) {
        return status;
    }

    /* Point of no return. */
    to->frames += pages;
    for (uint32_t done = 0; done < pages;) {
        uint32_t at = address + done * PAGE_SIZE;
        uint32_t to_at = target + done * PAGE_SIZE;
        uint32_t run = run_of_table(to_at, run_of_table(at, pages - done));

        entries_move(entry_find(from, at), entry_find(to, to_at), run, flags);
        done += run;
        cpu_interrupt_window();
    }
    if (flags == PAGES_GIVE && is_active(from)) {
        cpu_write_cr3(from->directory_physical);     /* forgets the translations of what was given */
    }
    if (flags == PAGES_GIVE) {
        account_release(from->account, RESOURCE_FRAMES, pages);
        from->frames -= pages;
    }
    *address_out = target;
    return OK;
}

/* ---- Frames that several processes have ---- */

status_t address_space_map_frames(struct address_space *space, const uint32_t *frames, uint32_t count, bool writable,
                                  uint32_t *address_out)
{
    uint32_t flags = PAGE_PRESENT | PAGE_USER | (writable ? PAGE_WRITABLE : 0);
    uint32_t address;
    status_t status = range_find(space, count, &address);

    for (uint32_t i = 0; status == OK && i < count; i++) {
        uint32_t *entry;

        status = entry_create(space, address + i * PAGE_SIZE, &entry);
        if (status != OK) {
            range_clear(space, address, i);
            return status;
        }
        *entry = frames[i] * PAGE_SIZE | flags;
        cpu_interrupt_window();
    }
    if (status == OK) {
        *address_out = address;
    }
    return status;
}

void address_space_unmap_frames(struct address_space *space, uint32_t address, const uint32_t *frames, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = entry_find(space, at);

        if (entry != NULL && (*entry & (PAGE_PRESENT | PAGE_OWNED)) == PAGE_PRESENT && *entry / PAGE_SIZE == frames[i]) {
            entry_clear(space, entry, at);
        }
        cpu_interrupt_window();
    }
}

/* The entry of a frame that could become free; NULL: it is the kernel's for ever, or no RAM. */
static struct frame *frame_of(physical_t physical)
{
    uint32_t number = physical / PAGE_SIZE;

    return number < frame_table.count && frame_table.frames[number].state == FRAME_USED ? &frame_table.frames[number] : NULL;
}

bool address_space_hold_frame(physical_t physical)
{
    struct frame *frame = frame_of(physical);

    if (frame != NULL && frame->references == UINT16_MAX) {
        return false;
    }
    if (frame != NULL) {
        frame->references++;
    }
    return true;
}

void address_space_let_frame_go(physical_t physical)
{
    if (frame_of(physical) != NULL) {
        frames_release(&frame_table, physical / PAGE_SIZE);
    }
}

physical_t address_space_physical(const struct address_space *space, uint32_t address)
{
    return (*entry_find(space, address) & PAGE_ADDRESS) | address % PAGE_SIZE;
}
