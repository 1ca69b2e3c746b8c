#include "dma.h"

#include <abi/process.h>

#include <stdbool.h>

#include "address_space.h"
#include "frame.h"
#include "heap.h"
#include "i386/cpu.h"
#include "memory.h"
#include "process.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"

#define BELOW_16_MB (0x01000000U / PAGE_SIZE)    /* frames that devices on the ISA bus reach */
#define PAGES_IN_64_KB 16U       /* a block of this size or less is aligned to its own, and so crosses no 64 KB */

struct region {
    struct list node;            /* in its owner's dma_regions, or in orphans */
    process_id_t owner;          /* constant */
    uint32_t frame;              /* constant: the first one, of as many as there are pages; each for itself, as all memory */
    uint32_t pages;              /* constant */
    uint32_t address;            /* constant: in the owner's memory, as it was mapped */
};

struct guard {
    struct list node;            /* in guards */
    struct process *process;     /* who guards; NULL: it has ended without releasing, and its successor has to */
    process_id_t target;         /* alive or dead */
    uint32_t right;              /* by which it guards: RIGHT_PCI, RIGHT_DMA_CONTROLLER, or both */
};

static struct list orphans;      /* regions whose owner has ended, and which somebody guards */
static struct list guards;
static uint32_t objects;

void dma_initialise(void)
{
    list_initialise(&orphans);
    list_initialise(&guards);
}

static void frames_give_back(uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        frames_release(&frame_table, first + i);
    }
}

/* The frames go back; nobody pays for the region any more. */
static void region_free(struct region *region)
{
    list_remove(&region->node);
    frames_give_back(region->frame, region->pages);
    heap_free(region);
    objects--;
}

static void region_discharge(struct account *account, const struct region *region)
{
    account_release(account, RESOURCE_OBJECTS, 1);
    account_release(account, RESOURCE_FRAMES, region->pages);
}

/* OK, or OVER_QUOTA with nothing charged. */
static status_t region_charge(struct account *account, const struct region *region)
{
    status_t status = account_charge(account, RESOURCE_OBJECTS, 1);

    if (status == OK) {
        status = account_charge(account, RESOURCE_FRAMES, region->pages);
        if (status != OK) {
            account_release(account, RESOURCE_OBJECTS, 1);
        }
    }
    return status;
}

static uint32_t order_of(uint32_t pages)
{
    uint32_t order = 0;

    while (1U << order < pages) {
        order++;
    }
    return order;
}

/* Frames, zeroed and mapped. OK, NO_MEMORY, OVER_QUOTA; then nothing is left. Opens interrupt windows. */
static status_t region_fill(struct region *region, struct process *self, uint32_t flags)
{
    uint32_t order = order_of(region->pages);

    region->frame = frames_take_below(&frame_table, order, (flags & DMA_BELOW_16_MB) != 0 ? BELOW_16_MB : UINT32_MAX, self->space.reserve);
    if (region->frame == FRAME_NONE) {
        return NO_MEMORY;
    }
    frames_split(&frame_table, region->frame);
    frames_give_back(region->frame + region->pages, (1U << order) - region->pages);
    for (uint32_t i = 0; i < region->pages; i++) {
        memset(frame_to_virtual(region->frame + i), 0, PAGE_SIZE);
        cpu_interrupt_window();
    }
    status_t status = address_space_show(&self->space, region->frame * PAGE_SIZE, region->pages, true, &region->address);
    if (status != OK) {
        frames_give_back(region->frame, region->pages);
    }
    return status;
}

status_t sys_dma_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out, physical_t *physical_out)
{
    struct process *self = thread_current->process;

    if (pages == 0 || pages > DMA_PAGES_MAX || (flags & ~(DMA_BELOW_16_MB | DMA_WITHIN_64_KB)) != 0
        || ((flags & DMA_WITHIN_64_KB) != 0 && pages > PAGES_IN_64_KB)) {
        return BAD_ARGUMENT;
    }
    if (!access_has_right(&self->access, RIGHT_DMA)) {
        return NOT_ALLOWED;
    }
    struct region *region = heap_allocate(sizeof *region, self->space.reserve);
    if (region == NULL) {
        return NO_MEMORY;
    }
    *region = (struct region){ .owner = self->id, .pages = pages };
    status_t status = region_charge(&self->account, region);
    if (status == OK) {
        status = region_fill(region, self, flags);
        if (status != OK) {
            region_discharge(&self->account, region);
        }
    }
    if (status != OK) {
        heap_free(region);
        return status;
    }
    list_append(&self->dma_regions, &region->node);
    objects++;
    *address_out = region->address;
    *physical_out = region->frame * PAGE_SIZE;
    return OK;
}

/* Bus masters are their own driver's to stop; the DMA controller is not. */
static bool is_used_by_controller(process_id_t owner)
{
    LIST_FOR_EACH(node, &guards) {
        const struct guard *guard = LIST_ENTRY(node, struct guard, node);

        if (guard->target == owner && (guard->right & RIGHT_DMA_CONTROLLER) != 0) {
            return true;
        }
    }
    return false;
}

status_t sys_dma_free(uint32_t address)
{
    struct process *self = thread_current->process;

    LIST_FOR_EACH(node, &self->dma_regions) {
        struct region *region = LIST_ENTRY(node, struct region, node);

        if (region->address == address && is_used_by_controller(self->id)) {
            return BUSY;         /* a transfer may be under way that the owner cannot stop itself */
        }
        if (region->address == address) {
            address_space_hide(&self->space, address, region->frame * PAGE_SIZE, region->pages);
            region_discharge(&self->account, region);
            region_free(region);
            return OK;
        }
    }
    return BAD_ARGUMENT;
}

/* ---- Guards ---- */

/* By which right may a process program controllers for others? 0: by none. */
static uint32_t controller_right(const struct process *process)
{
    return process->access.rights & (RIGHT_DMA_CONTROLLER | RIGHT_PCI);
}

static struct guard *guard_find(const struct process *process, process_id_t target)
{
    LIST_FOR_EACH(node, &guards) {
        struct guard *guard = LIST_ENTRY(node, struct guard, node);

        if (guard->process == process && guard->target == target) {
            return guard;
        }
    }
    return NULL;
}

/* The place of one that has ended, which guarded by a right that the process has, too. */
static struct guard *vacant_find(const struct process *process, process_id_t target)
{
    LIST_FOR_EACH(node, &guards) {
        struct guard *guard = LIST_ENTRY(node, struct guard, node);

        if (guard->process == NULL && guard->target == target && (guard->right & ~controller_right(process)) == 0) {
            return guard;
        }
    }
    return NULL;
}

static bool is_guarded(process_id_t target)
{
    LIST_FOR_EACH(node, &guards) {
        if (LIST_ENTRY(node, struct guard, node)->target == target) {
            return true;
        }
    }
    return false;
}

status_t sys_dma_guard(process_id_t id)
{
    struct process *self = thread_current->process;
    const struct process *target = process_look_up(id);

    if (controller_right(thread_current->process) == 0) {
        return NOT_ALLOWED;
    }
    if (target == NULL) {
        return BAD_ID;
    }
    if (target == self) {
        return BAD_ARGUMENT;
    }
    if (guard_find(self, id) != NULL) {
        return EXISTS;
    }
    status_t status = account_charge(&self->account, RESOURCE_OBJECTS, 1);
    if (status != OK) {
        return status;
    }
    struct guard *guard = vacant_find(self, id);
    bool is_vacant = guard != NULL;
    if (!is_vacant) {
        guard = heap_allocate(sizeof *guard, self->space.reserve);
    }
    status = guard == NULL ? NO_MEMORY : sys_process_watch(id);
    if (status != OK && status != EXISTS) {
        if (!is_vacant) {
            heap_free(guard);
        }
        account_release(&self->account, RESOURCE_OBJECTS, 1);
        return status;
    }
    if (is_vacant) {
        guard->process = self;   /* takes a dead one's place */
        return OK;
    }
    guard->process = self;
    guard->target = id;
    guard->right = controller_right(self);
    list_append(&guards, &guard->node);
    objects++;
    return OK;
}

static void guard_end(struct guard *guard)
{
    process_id_t target = guard->target;

    list_remove(&guard->node);
    if (guard->process != NULL) {
        account_release(&guard->process->account, RESOURCE_OBJECTS, 1);
    }
    heap_free(guard);
    objects--;
    if (is_guarded(target)) {
        return;
    }
    LIST_FOR_EACH_SAFE(node, &orphans) {
        struct region *region = LIST_ENTRY(node, struct region, node);

        if (region->owner == target) {
            region_free(region);
        }
    }
}

status_t sys_dma_release(process_id_t id)
{
    struct guard *guard = guard_find(thread_current->process, id);

    if (guard == NULL) {
        guard = vacant_find(thread_current->process, id);
    }
    if (guard == NULL) {
        return NOT_FOUND;
    }
    guard_end(guard);
    return OK;
}

status_t sys_dma_check(process_id_t id, physical_t physical, uint32_t size)
{
    const struct process *owner = process_look_up(id);

    if (controller_right(thread_current->process) == 0) {
        return NOT_ALLOWED;
    }
    if (owner == NULL) {
        return BAD_ID;
    }
    LIST_FOR_EACH(node, &owner->dma_regions) {
        const struct region *region = LIST_ENTRY(node, struct region, node);
        uint32_t offset = physical - region->frame * PAGE_SIZE;

        if (offset < region->pages * PAGE_SIZE && size - 1 < region->pages * PAGE_SIZE - offset) {
            return OK;
        }
    }
    return NOT_ALLOWED;
}

static bool has_orphans(process_id_t owner)
{
    LIST_FOR_EACH(node, &orphans) {
        if (LIST_ENTRY(node, struct region, node)->owner == owner) {
            return true;
        }
    }
    return false;
}

/* Who guarded is gone, but perhaps not what it has set going: its successor takes its place, or releases what it stops. */
static void guard_becomes_vacant(struct guard *guard)
{
    if (arena_find(&process_arena, guard->target) == NULL && !has_orphans(guard->target)) {
        guard_end(guard);
        return;
    }
    account_release(&guard->process->account, RESOURCE_OBJECTS, 1);
    guard->process = NULL;
}

void dma_process_ended(struct process *process)
{
    bool guarded = is_guarded(process->id);
    struct guard *vacant;
    struct list *node;

    while ((node = list_take_first(&process->dma_regions)) != NULL) {
        struct region *region = LIST_ENTRY(node, struct region, node);

        region_discharge(&process->account, region);
        if (guarded) {
            list_append(&orphans, &region->node);
        } else {
            region_free(region);
        }
    }
    while (!has_orphans(process->id) && (vacant = guard_find(NULL, process->id)) != NULL) {
        guard_end(vacant);       /* there is nothing to guard */
    }
    LIST_FOR_EACH_SAFE(at, &guards) {
        struct guard *guard = LIST_ENTRY(at, struct guard, node);

        if (guard->process == process) {
            guard_becomes_vacant(guard);
        }
    }
}

uint32_t dma_object_count(void)
{
    return objects;
}
