#include "arena.h"

#include <abi/types.h>

#include <stddef.h>

#include "frame.h"
#include "panic.h"
#include "string.h"
#include "window.h"

#define ARENA_NO_SLOT UINT32_MAX

static struct arena_object *object_at(const struct arena *arena, uint32_t index)
{
    return (struct arena_object *)(uintptr_t)(arena->base + (index << arena->stride_shift));
}

static uint32_t index_of(const struct arena *arena, const void *object)
{
    return ((uint32_t)(uintptr_t)object - arena->base) >> arena->stride_shift;
}

static uint32_t page_of(const struct arena_object *object)
{
    return (uint32_t)(uintptr_t)object & ~(PAGE_SIZE - 1);
}

void arena_initialise(struct arena *arena, uint32_t base, uint32_t stride_shift, struct arena_slot *slots, uint32_t capacity)
{
    *arena = (struct arena){
        .base = base, .stride_shift = stride_shift, .slots = slots, .capacity = capacity, .first_free = ARENA_NO_SLOT,
    };
    slots[0] = (struct arena_slot){ .next_free = ARENA_NO_SLOT };
    for (uint32_t index = capacity - 1; index > 0; index--) {
        slots[index] = (struct arena_slot){ .generation = 1, .next_free = arena->first_free };
        arena->first_free = index;
    }
}

void *arena_add(struct arena *arena, bool reserve)
{
    uint32_t index = arena->first_free;

    if (index == ARENA_NO_SLOT) {
        return NULL;
    }
    struct arena_object *object = object_at(arena, index);
    if (!window_is_mapped(page_of(object))) {
        uint32_t frame = frames_take(&frame_table, 0, reserve);

        if (frame == FRAME_NONE) {
            return NULL;
        }
        window_map(page_of(object), frame);
        memset((void *)(uintptr_t)page_of(object), 0, PAGE_SIZE);
        arena->pages++;
    }
    struct arena_slot *slot = &arena->slots[index];
    arena->first_free = slot->next_free;
    arena->used++;
    memset(object, 0, 1U << arena->stride_shift);
    object->id = slot->generation << ID_INDEX_BITS | index;
    return object;
}

static bool page_is_empty(const struct arena *arena, uint32_t page)
{
    for (uint32_t at = page; at < page + PAGE_SIZE; at += 1U << arena->stride_shift) {
        if (((const struct arena_object *)(uintptr_t)at)->id != 0) {
            return false;
        }
    }
    return true;
}

void arena_remove(struct arena *arena, void *object)
{
    struct arena_object *removed = object;
    uint32_t index = index_of(arena, object);
    struct arena_slot *slot = &arena->slots[index];

    ASSERT(removed->id == (slot->generation << ID_INDEX_BITS | index));
    removed->id = 0;
    arena->used--;
    if (slot->generation == ID_GENERATION_MAX) {
        slot->generation = 0;    /* no ID has generation 0 */
    } else {
        slot->generation++;
        slot->next_free = arena->first_free;
        arena->first_free = index;
    }
    if (page_is_empty(arena, page_of(removed))) {
        window_unmap(page_of(removed));
        arena->pages--;
    }
}

void *arena_find(const struct arena *arena, uint32_t id)
{
    uint32_t index = id & ID_INDEX_MASK;

    if (id == 0 || index >= arena->capacity || object_at(arena, index)->id != id) {
        return NULL;
    }
    return object_at(arena, index);
}

void *arena_at(const struct arena *arena, uint32_t index)
{
    return index < arena->capacity && object_at(arena, index)->id != 0 ? object_at(arena, index) : NULL;
}

void *arena_next(const struct arena *arena, uint32_t id)
{
    for (uint32_t index = (id & ID_INDEX_MASK) + 1; index < arena->capacity; index++) {
        if (object_at(arena, index)->id != 0) {
            return object_at(arena, index);
        }
    }
    return NULL;
}

uint32_t *arena_memory(struct arena *arena, const void *object)
{
    return &arena->slots[index_of(arena, object)].memory;
}
