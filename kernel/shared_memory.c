/*
 * Shared memory: pages of zeroes that several processes map. The object has the frames, and each member pays for all of them, whatever
 * it does to its mapping: that holds no references, as it cannot outlive the membership.
 *
 * Or physical memory, as of a framebuffer, which is nobody's to pay for and its maker's to take back.
 */
#include <abi/process.h>

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
    struct process *maker;       /* of physical memory, while that is a member; NULL: none */
    bool is_physical;            /* constant */
    uint32_t flags;              /* constant: PHYSICAL_… */
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

static void member_unmap(struct member *member, bool promise)
{
    const struct shared_memory *memory = memory_of(member);

    if (member->address != 0 && !list_is_empty(&member->process->threads)) {
        address_space_unmap_frames(&member->process->space, member->address, memory->frames, memory->pages, promise);
    }                            /* else the process is ending, and all its memory goes */
}

static void member_left(struct member *member)
{
    struct shared_memory *memory = memory_of(member);

    member_unmap(member, false);
    if (member->process == memory->maker) {
        memory->maker = NULL;
        LIST_FOR_EACH(node, &memory->object.members) {
            member_unmap(LIST_ENTRY(node, struct member, object_node), true);
        }
    }
}

static void shared_free(struct shared_object *object)
{
    struct shared_memory *memory = LIST_ENTRY(object, struct shared_memory, object);

    if (!memory->is_physical) {
        frames_give_back(memory, memory->pages);
    }
    heap_free(memory);
}

/* Maps the memory for a new member, or ends the membership. OK, NO_MEMORY, OVER_QUOTA. */
static status_t member_map(struct member *member, bool writable)
{
    const struct shared_memory *memory = memory_of(member);
    uint32_t flags = memory->flags | (writable ? 0 : PHYSICAL_READ_ONLY) | (memory->is_physical ? FRAMES_ARE_PHYSICAL : 0);
    status_t status = address_space_map_frames(&member->process->space, memory->frames, memory->pages, flags, &member->address);

    if (status != OK) {
        member->address = 0;
        member_undo(member);
    }
    return status;
}

/* Room for an object of so many pages. NULL: there is none. */
static struct shared_memory *memory_allocate(uint32_t pages)
{
    struct shared_memory *memory = heap_allocate(sizeof *memory + pages * (uint32_t)sizeof memory->frames[0], thread_current->process->space.reserve);

    if (memory != NULL) {
        memory->pages = pages;
    }
    return memory;
}

/* The object begins, with the running process as its member; on failure it is freed. `charged`: pages that each member pays for. */
static status_t memory_begin(struct shared_memory *memory, uint32_t charged, struct shared_handle USER *handle_out)
{
    struct member *member;
    status_t status = shared_object_begin(&memory->object, &shared_memory_type, charged, &member);

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

status_t sys_shared_create(uint32_t pages, struct shared_handle USER *handle_out)
{
    struct process *self = thread_current->process;

    if (pages == 0 || pages > SHARED_PAGES_MAX) {
        return BAD_ARGUMENT;
    }
    struct shared_memory *memory = memory_allocate(pages);
    if (memory == NULL) {
        return NO_MEMORY;
    }
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
    return memory_begin(memory, pages, handle_out);
}

status_t sys_shared_physical(physical_t physical, uint32_t pages, uint32_t flags, struct shared_handle USER *handle_out)
{
    status_t status = pages > SHARED_PAGES_MAX ? BAD_ARGUMENT : memory_check_physical(physical, pages, flags);

    if (status != OK) {
        return status;
    }
    struct shared_memory *memory = memory_allocate(pages);
    if (memory == NULL) {
        return NO_MEMORY;
    }
    memory->is_physical = true;
    memory->maker = thread_current->process;
    memory->flags = flags;
    for (uint32_t i = 0; i < pages; i++) {
        memory->frames[i] = physical / PAGE_SIZE + i;
    }
    return memory_begin(memory, 0, handle_out);
}

status_t sys_shared_join(shared_id_t id, object_key_t key, uint32_t flags, uint32_t *address_out, uint32_t *pages_out)
{
    struct member *member;
    bool read_only;

    if ((flags & ~SHARED_READ_ONLY) != 0) {
        return BAD_ARGUMENT;
    }
    status_t status = member_join(id, &shared_memory_type, key, &read_only, &member);
    if (status == OK && memory_of(member)->is_physical && memory_of(member)->maker == NULL) {
        member_undo(member);     /* its maker has taken it back */
        status = BAD_ID;
    }
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
