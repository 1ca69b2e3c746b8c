#include "kernel_user_memory.h"

#include <stdlib.h>
#include <string.h>

#include "address_space.h"
#include "process.h"
#include "test.h"
#include "thread.h"

#define PIECES_MAX 256U
#define GARBAGE 0xEE             /* what a copy that failed leaves behind */

static struct piece {
    const struct process *process;
    uintptr_t begin;
    uint32_t size;
    bool pages;
} pieces[PIECES_MAX];
static uint32_t piece_count;
static bool others_fail;

static void piece_add(const struct process *process, void *begin, uint32_t size, bool pages)
{
    CHECK(piece_count < PIECES_MAX);
    pieces[piece_count++] = (struct piece){ process, (uintptr_t)begin, size, pages };
}

void user_memory_add(const struct process *process, void *begin, uint32_t size)
{
    piece_add(process, begin, size, false);
}

static struct piece *piece_at(uintptr_t begin)
{
    struct piece *piece = pieces;

    while (piece < pieces + piece_count && piece->begin != begin) {
        piece++;
    }
    return piece < pieces + piece_count ? piece : NULL;
}

void user_memory_remove(const void *begin)
{
    struct piece *piece = piece_at((uintptr_t)begin);

    CHECK(piece != NULL);
    *piece = pieces[--piece_count];
}

void *user_pages_add(const struct process *process, uint32_t pages, uint8_t fill)
{
    void *begin = aligned_alloc(PAGE_SIZE, pages * PAGE_SIZE);

    CHECK(begin != NULL);
    piece_add(process, memset(begin, fill, pages * PAGE_SIZE), pages * PAGE_SIZE, true);
    return begin;
}

void user_pages_remove(const struct process *process)
{
    for (uint32_t i = 0; i < piece_count;) {
        if (pieces[i].process == process && pieces[i].pages) {
            free((void *)pieces[i].begin);
            pieces[i] = pieces[--piece_count];
        } else {
            i++;
        }
    }
}

bool user_pages_are(const struct process *process, const void *begin, uint32_t pages)
{
    const struct piece *piece = piece_at((uintptr_t)begin);

    return piece != NULL && piece->pages && piece->process == process && piece->size == pages * PAGE_SIZE;
}

uint32_t user_pages_pieces(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < piece_count; i++) {
        count += pieces[i].pages;
    }
    return count;
}

void user_memory_fail_others(bool fail)
{
    others_fail = fail;
}

static bool is_of(const struct process *process, uintptr_t address, uint32_t size)
{
    for (uint32_t i = 0; i < piece_count; i++) {
        if (pieces[i].process == process && address >= pieces[i].begin
            && address - pieces[i].begin <= pieces[i].size && size <= pieces[i].size - (address - pieces[i].begin)) {
            return true;
        }
    }
    return false;
}

/* The running thread's process is the one whose address space is active. */
static bool is_own(const void *from, uint32_t size)
{
    CHECK(thread_current != NULL);
    return is_of(thread_current->process, (uintptr_t)from, size);
}

status_t user_read(void *to, const void USER *from, uint32_t size)
{
    if (size == 0) {
        return OK;
    }
    if (!is_own(from, size)) {
        memset(to, GARBAGE, size);
        return BAD_ADDRESS;
    }
    memcpy(to, from, size);
    return OK;
}

status_t user_write(void USER *to, const void *from, uint32_t size)
{
    if (size == 0) {
        return OK;
    }
    if (!is_own(to, size)) {
        return BAD_ADDRESS;
    }
    memcpy(to, from, size);
    return OK;
}

/* ---- Memory of another process ---- */

static bool fails_now(void)
{
    bool fails = others_fail;

    others_fail = false;
    return fails;
}

static bool is_others(const struct address_space *space, uint32_t address, uint32_t size)
{
    const struct process *process = LIST_ENTRY(space, struct process, space);

    return size == 0 || (!fails_now() && is_of(process, address, size));
}

status_t address_space_read(struct address_space *space, void *to, uint32_t address, uint32_t size)
{
    if (!is_others(space, address, size)) {
        return BAD_ADDRESS;
    }
    memcpy(to, (const void *)(uintptr_t)address, size);
    return OK;
}

status_t address_space_write(struct address_space *space, uint32_t address, const void *from, uint32_t size)
{
    if (!is_others(space, address, size)) {
        return BAD_ADDRESS;
    }
    memcpy((void *)(uintptr_t)address, from, size);
    return OK;
}

status_t address_space_copy_out(struct address_space *space, uint32_t from, void USER *to, uint32_t size, bool *own_fault_out)
{
    *own_fault_out = is_others(space, from, size);
    return *own_fault_out ? user_write(to, (const void *)(uintptr_t)from, size) : BAD_ADDRESS;
}

status_t address_space_copy_in(struct address_space *space, uint32_t to, const void USER *from, uint32_t size, bool *own_fault_out)
{
    if (size == 0) {
        *own_fault_out = false;
        return OK;
    }
    *own_fault_out = is_others(space, to, size);
    status_t status = *own_fault_out ? user_read((void *)(uintptr_t)to, from, size) : BAD_ADDRESS;
    *own_fault_out &= status != OK;
    return status;
}

/* What is shared is copied: nobody writes to it in a test. */
status_t address_space_move(struct address_space *from, uint32_t address, uint32_t count, uint32_t flags,
                            struct address_space *to, uint32_t *address_out)
{
    const struct process *giver = LIST_ENTRY(from, struct process, space);
    const struct process *taker = LIST_ENTRY(to, struct process, space);
    const void *begin = (const void *)(uintptr_t)address;

    if (!user_pages_are(giver, begin, count)) {
        return BAD_ARGUMENT;
    }
    if (fails_now()) {
        return NO_MEMORY;
    }
    void *target = user_pages_add(taker, count, *(const uint8_t *)begin);
    *address_out = (uint32_t)(uintptr_t)target;
    if (flags == PAGES_GIVE) {
        user_memory_remove(begin);
        free((void *)(uintptr_t)address);
    }
    return OK;
}

physical_t address_space_physical(const struct address_space *space, uint32_t address)
{
    CHECK(is_of(LIST_ENTRY(space, struct process, space), address, 1));
    return address;
}

static uint32_t frames_held;

bool address_space_hold_frame(physical_t physical)
{
    (void)physical;
    frames_held++;
    return true;
}

void address_space_let_frame_go(physical_t physical)
{
    CHECK(physical != 0 && frames_held > 0);
    frames_held--;
}

uint32_t user_memory_held(void)
{
    return frames_held;
}
