#include "kernel_user_memory.h"

#include <string.h>

#include "test.h"
#include "thread.h"

#define PIECES_MAX 64U
#define GARBAGE 0xEE             /* what a copy that failed leaves behind */

static struct piece {
    const struct process *process;
    uintptr_t begin;
    uint32_t size;
} pieces[PIECES_MAX];
static uint32_t piece_count;

void user_memory_add(const struct process *process, void *begin, uint32_t size)
{
    CHECK(piece_count < PIECES_MAX);
    pieces[piece_count++] = (struct piece){ process, (uintptr_t)begin, size };
}

void user_memory_remove(const void *begin)
{
    uint32_t which = 0;

    while (pieces[which].begin != (uintptr_t)begin) {
        which++;
        CHECK(which < piece_count);
    }
    pieces[which] = pieces[--piece_count];
}

/* The running thread's process is the one whose address space is active. */
static bool is_own(const void *from, uint32_t size)
{
    uintptr_t address = (uintptr_t)from;

    CHECK(thread_current != NULL);
    for (uint32_t i = 0; i < piece_count; i++) {
        if (pieces[i].process == thread_current->process && address >= pieces[i].begin
            && address - pieces[i].begin <= pieces[i].size && size <= pieces[i].size - (address - pieces[i].begin)) {
            return true;
        }
    }
    return false;
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
