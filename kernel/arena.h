/*
 * Objects at addresses that follow from their IDs: object N of an arena lies at base + N * stride.
 * So a look-up is a shift and a comparison, with no table in between; direct_switch.asm does it
 * in five instructions. Pages of an arena exist while an object is in them; where none
 * is, a page of zeroes is seen, in which no ID is found.
 *
 * An ID is the index and the generation of its slot: never valid for a later object. Slots whose generations
 * are used up are retired. Called with interrupts off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ID_INDEX_BITS 12U
#define ID_INDEX_MASK ((1U << ID_INDEX_BITS) - 1)
#define ID_GENERATION_MAX ((1U << (32 - ID_INDEX_BITS)) - 1)

/* What an object begins with. */
struct arena_object {
    uint32_t id;                 /* 0: none */
};

struct arena_slot {
    uint32_t generation;         /* of the object, or of the next one; 0: retired */
    uint32_t next_free;          /* index, or ARENA_NO_SLOT */
    uint32_t memory;             /* survives the object: for its owner's use */
};

struct arena {
    uint32_t base;               /* constant: address of slot 0, at a page boundary */
    uint32_t stride_shift;       /* constant: log2 of bytes per object, at most of a page */
    struct arena_slot *slots;    /* constant */
    uint32_t capacity;           /* constant */
    uint32_t first_free;
    uint32_t used;
    uint32_t pages;              /* that exist */
};

/* `slots`: room for `capacity` of them. Slot 0 stays empty, so that no ID is 0. */
void arena_initialise(struct arena *arena, uint32_t base, uint32_t stride_shift, struct arena_slot *slots, uint32_t capacity);

/* A zeroed object with its ID. NULL: no slot or no memory. `reserve` as in heap.h. */
[[nodiscard]] void *arena_add(struct arena *arena, bool reserve);

/* The object's memory goes, its ID is valid no more. */
void arena_remove(struct arena *arena, void *object);

/* The object that has this ID, or NULL. Any value is fine. */
[[nodiscard]] void *arena_find(const struct arena *arena, uint32_t id);

/* The object in this slot, or NULL. Any index is fine. */
[[nodiscard]] void *arena_at(const struct arena *arena, uint32_t index);

/* The object with the lowest index above that of `id` (0: the first), or NULL. */
[[nodiscard]] void *arena_next(const struct arena *arena, uint32_t id);

/* The word that survives the objects of a slot. */
[[nodiscard]] uint32_t *arena_memory(struct arena *arena, const void *object);
