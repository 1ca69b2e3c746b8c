/* What goes from one address space to another: bytes, pages, and frames that several have. */
#include "address_space.h"

#include <abi/message.h>
#include <abi/process.h>
#include <abi/system.h>

#include "account.h"
#include "frame.h"
#include "i386/address_entries.h"
#include "i386/cpu.h"
#include "memory.h"
#include "panic.h"
#include "string.h"
#include "user_memory.h"

/* The kernel's view of a byte of a process that is not active; NULL if it may not read, or write, there. */
static uint8_t *byte_find(struct address_space *space, uint32_t address, bool to_write)
{
    const uint32_t *entry = address < USER_END ? space_entry_find(space, address) : NULL;

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
        cpu_interrupt_window();
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
        cpu_interrupt_window();
    }
    *own_fault_out = false;
    return OK;
}

/* How many may have a frame that is moved. Shared: one message may share the same frame as often as it carries pages. Given: its giver alone. */
static uint32_t references_most(uint32_t flags)
{
    return flags == PAGES_GIVE ? 1 : UINT16_MAX - MESSAGE_PAGES_MAX - 1;
}

/* Can what is in this entry move? Owned pages with frames that so many have at most; a promised one gets its frame. What is public can be shared. */
[[gnu::cold]] static bool page_can_move(struct address_space *space, uint32_t address, uint32_t *entry, uint32_t flags)
{
    if (flags == PAGES_SHARE && (*entry & (PAGE_PRESENT | PAGE_OWNED)) == PAGE_PRESENT) {
        return frame_is_public(&frame_table, *entry / PAGE_SIZE);
    }
    if ((*entry & (PAGE_PRESENT | PAGE_DEMAND)) == PAGE_DEMAND) {
        if (address_space_demand(space, address) != DEMAND_MET) {
            return false;
        }
        cpu_interrupt_window();
    }
    return (*entry & PAGE_OWNED) != 0 && address != PROCESS_PAGE
        && frame_table.frames[*entry / PAGE_SIZE].references <= references_most(flags);
}

/* The same of all these pages, and how many of them are owned. Opens interrupt windows. */
[[gnu::cold]] static bool range_can_move(struct address_space *space, uint32_t address, uint32_t pages, uint32_t flags, uint32_t *owned_out)
{
    *owned_out = 0;
    if (address % PAGE_SIZE != 0 || pages == 0 || address >= USER_END || pages > (USER_END - address) / PAGE_SIZE) {
        return false;
    }
    for (uint32_t done = 0; done < pages;) {
        uint32_t *entry = space_entry_find(space, address + done * PAGE_SIZE);

        if (entry == NULL) {
            return false;
        }
        for (uint32_t run = run_of_table(address + done * PAGE_SIZE, pages - done); run > 0; run--, done++, entry++) {
            if (!page_can_move(space, address + done * PAGE_SIZE, entry, flags)) {
                return false;
            }
            *owned_out += (*entry & PAGE_OWNED) != 0;
        }
        cpu_interrupt_window();
    }
    return true;
}

/* The page tables for a range exist afterwards. OK, NO_MEMORY, OVER_QUOTA. */
[[gnu::cold]] static status_t tables_create(struct address_space *space, uint32_t address, uint32_t pages)
{
    status_t status = OK;

    for (uint32_t at = address & ~(TABLE_SPAN - 1); status == OK && at < address + pages * PAGE_SIZE; at += TABLE_SPAN) {
        uint32_t *entry;

        status = space_entry_create(space, at, &entry);
    }
    return status;
}

static void page_share(uint32_t *source, uint32_t *target, bool writable)
{
    uint32_t entry = *source & ~PAGE_WRITABLE;

    if ((entry & PAGE_OWNED) != 0) {
        frame_table.frames[entry / PAGE_SIZE].references++;
    }
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

/* The taker pays. What is given is nobody's for a moment: the ancestors of both need not have room for it twice. OK or OVER_QUOTA. */
[[gnu::cold]] static status_t pages_charge(struct address_space *from, struct address_space *to, uint32_t pages, bool given)
{
    if (given) {
        account_release(from->account, RESOURCE_FRAMES, pages);
    }
    status_t status = account_charge(to->account, RESOURCE_FRAMES, pages);
    if (status != OK && given) {
        status_t back = account_charge(from->account, RESOURCE_FRAMES, pages);

        ASSERT(back == OK);
    }
    return status;
}

[[gnu::cold]] status_t address_space_move(struct address_space *from, uint32_t address, uint32_t pages, uint32_t flags,
                            struct address_space *to, uint32_t *address_out)
{
    uint32_t target, owned;

    if (!range_can_move(from, address, pages, flags, &owned)) {
        return BAD_ARGUMENT;
    }
    status_t status = space_range_find(to, pages, &target);
    if (status == OK) {
        status = tables_create(to, target, pages);
    }
    if (status == OK) {
        status = pages_charge(from, to, owned, flags == PAGES_GIVE);
    }
    if (status != OK) {
        return status;
    }

    /* Point of no return. */
    to->frames += owned;
    for (uint32_t done = 0; done < pages;) {
        uint32_t at = address + done * PAGE_SIZE;
        uint32_t to_at = target + done * PAGE_SIZE;
        uint32_t run = run_of_table(to_at, run_of_table(at, pages - done));

        entries_move(space_entry_find(from, at), space_entry_find(to, to_at), run, flags);
        done += run;
        cpu_interrupt_window();
    }
    if (flags == PAGES_GIVE && space_is_active(from)) {
        cpu_write_cr3(from->directory_physical);     /* forgets the translations of what was given */
    }
    if (flags == PAGES_GIVE) {
        from->frames -= owned;
    }
    *address_out = target;
    return OK;
}

/* ---- Frames that several processes have ---- */

[[gnu::cold]] status_t address_space_map_frames(struct address_space *space, const uint32_t *frames, uint32_t count, uint32_t physical_flags,
                                  uint32_t *address_out)
{
    uint32_t flags = physical_bits(physical_flags) | ((physical_flags & FRAMES_ARE_PHYSICAL) != 0 ? PAGE_PHYSICAL : 0);
    uint32_t address;
    status_t status = space_range_find(space, count, &address);

    for (uint32_t i = 0; status == OK && i < count; i++) {
        uint32_t *entry;

        status = space_entry_create(space, address + i * PAGE_SIZE, &entry);
        if (status != OK) {
            space_range_clear(space, address, i);
            return status;
        }
        *entry = frames[i] * PAGE_SIZE | flags;
        space->physical_pages += (flags & PAGE_PHYSICAL) != 0;
        cpu_interrupt_window();
    }
    if (status == OK) {
        *address_out = address;
    }
    return status;
}

[[gnu::cold]] void address_space_unmap_frames(struct address_space *space, uint32_t address, const uint32_t *frames, uint32_t count, bool promise)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = address + i * PAGE_SIZE;
        uint32_t *entry = space_entry_find(space, at);

        if (entry != NULL && (*entry & (PAGE_PRESENT | PAGE_OWNED)) == PAGE_PRESENT && *entry / PAGE_SIZE == frames[i]) {
            space_entry_clear(space, entry, at);
            if (promise) {
                *entry = PAGE_DEMAND | PAGE_WRITABLE | PAGE_USER;
            }
            space_table_release(space, at);
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
    return (*space_entry_find(space, address) & PAGE_ADDRESS) | address % PAGE_SIZE;
}
