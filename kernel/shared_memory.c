/*
 * Shared memory: pages of zeroes that several processes map. The object has the frames, and each member pays for all of them, whatever
 * it does to its mapping: that holds no references, as it cannot outlive the membership.
 */
#include "address_space.h"
#include "frame.h"
#include "heap.h"
#include "i386/cpu.h"
#include "memory.h"
#include "panic.h"
#include "process.h"
#include "random.h"
#include "shared_object.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

struct shared_memory {
    struct shared_object object; /* first: member_find gives it */
    uint32_t pages;              /* constant */
    uint32_t frames[];           /* constant: one number per page */
};

static void member_left(struct member *member);
static void shared_free(struct shared_object *object);

static const struct shared_object_type shared_memory_type = {
    .released = EVENT_SHARED_RELEASED,
    .member_left = member_left,
    .free = shared_free,
};

static struct shared_memory *memory_of(const struct member *member)
{
    return LIST_ENTRY(member->object, struct shared_memory, object);
}

static void frames_give_back(struct shared_memory *memory, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        frames_release(&frame_table, memory->frames[i]);
        cpu_interrupt_window();
    }
}

/* False: there are not so many. Opens interrupt windows. */
static bool frames_get(struct shared_memory *memory, bool reserve)
{
    for (uint32_t i = 0; i < memory->pages; i++) {
        memory->frames[i] = frames_take(&frame_table, 0, reserve);
        if (memory->frames[i] == FRAME_NONE) {
            frames_give_back(memory, i);
            return false;
        }
        memset(frame_to_virtual(memory->frames[i]), 0, PAGE_SIZE);
        cpu_interrupt_window();
    }
    return true;
}

static void member_left(struct member *member)
{
    struct shared_memory *memory = memory_of(member);

    if (member->address != 0 && !list_is_empty(&member->process->threads)) {
        address_space_unmap_frames(&member->process->space, member->address, memory->frames, memory->pages);
    }                            /* else the process is ending, and all its memory goes */
}

static void shared_free(struct shared_object *object)
{
    struct shared_memory *memory = LIST_ENTRY(object, struct shared_memory, object);

    frames_give_back(memory, memory->pages);
    heap_free(memory);
}

/* Maps the memory for a new member, or ends the membership. OK, NO_MEMORY, OVER_QUOTA. */
static status_t member_map(struct member *member, bool writable)
{
    const struct shared_memory *memory = memory_of(member);
    status_t status = address_space_map_frames(&member->process->space, memory->frames, memory->pages, writable, &member->address);

    if (status != OK) {
        member->address = 0;
        member_undo(member);
    }
    return status;
}

status_t sys_shared_create(uint32_t pages, struct shared_handle USER *handle_out)
{
    struct process *self = thread_current->process;
    struct member *member;

    if (pages == 0 || pages > SHARED_PAGES_MAX) {
        return BAD_ARGUMENT;
    }
    struct shared_memory *memory = heap_allocate(sizeof *memory + pages * (uint32_t)sizeof memory->frames[0], self->space.reserve);
    if (memory == NULL) {
        return NO_MEMORY;
    }
    memory->pages = pages;
    /* Who has no right to so much shall not make the kernel take it first. */
    status_t status = account_charge(&self->account, RESOURCE_FRAMES, pages);
    if (status == OK) {
        account_release(&self->account, RESOURCE_FRAMES, pages);
        status = frames_get(memory, self->space.reserve) ? OK : NO_MEMORY;
    }
    if (status != OK) {
        heap_free(memory);
        return status;
    }
    status = shared_object_begin(&memory->object, &shared_memory_type, pages, &member);
    if (status != OK) {
        shared_free(&memory->object);
        return status;
    }
    memory->object.read_only_key = random_key();
    status = member_map(member, true);
    if (status != OK) {
        return status;
    }
    struct shared_handle handle = {
        .key = memory->object.key, .read_only_key = memory->object.read_only_key, .id = memory->object.id, .address = member->address,
    };
    status = user_write(handle_out, &handle, sizeof handle);
    if (status != OK) {
        member_undo(member);
    }
    return status;
}

status_t sys_shared_join(shared_id_t id, object_key_t key, uint32_t flags, uint32_t *address_out, uint32_t *pages_out)
{
    struct member *member;
    bool read_only;

    if ((flags & ~SHARED_READ_ONLY) != 0) {
        return BAD_ARGUMENT;
    }
    status_t status = member_join(id, &shared_memory_type, key, &read_only, &member);
    if (status == OK) {
        status = member_map(member, !read_only && (flags & SHARED_READ_ONLY) == 0);
    }
    if (status == OK) {
        *address_out = member->address;
        *pages_out = memory_of(member)->pages;
    }
    return status;
}

status_t sys_shared_leave(shared_id_t id)
{
    struct member *member = member_find(id, &shared_memory_type);

    if (member == NULL) {
        return BAD_ID;
    }
    member_leave(member);
    return OK;
}
