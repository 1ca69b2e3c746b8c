/* Arenas: objects at addresses that follow from their IDs, none of which is ever valid for a later object. */
#include "arena.h"

#include <abi/types.h>
#include <stdlib.h>

#include "kernel_heap.h"
#include "kernel_window.h"
#include "test.h"
#include "window.h"

#define CAPACITY 64U
#define STRIDE_SHIFT 10U
#define PER_PAGE (PAGE_SIZE >> STRIDE_SHIFT)
#define CYCLES 300000U
#define HOLDERS 4096U

struct thing {
    struct arena_object object;
    uint32_t bytes[(1U << STRIDE_SHIFT) / 4 - 1];
};

static struct arena arena;
static struct arena_slot *slots;             /* exactly as many as the arena has, for the address sanitizer */

static void begin(uint32_t capacity)
{
    free(slots);
    slots = malloc(capacity * sizeof *slots);
    arena_initialise(&arena, window_place(0), STRIDE_SHIFT, slots, capacity);
    CHECK(window_frames() == 0 && arena.used == 0 && arena.pages == 0);
}

/* A new object is zeroed, at the place that its ID says, and found. */
static struct thing *add(void)
{
    struct thing *thing = arena_add(&arena, false);

    if (thing == NULL) {
        return NULL;
    }
    uint32_t id = thing->object.id;
    CHECK(id != 0 && (id & ID_INDEX_MASK) != 0 && (id & ID_INDEX_MASK) < arena.capacity);
    CHECK_EQUAL((uint32_t)(uintptr_t)thing, arena.base + ((id & ID_INDEX_MASK) << STRIDE_SHIFT));
    CHECK(arena_find(&arena, id) == thing && arena_at(&arena, id & ID_INDEX_MASK) == thing);
    for (uint32_t i = 0; i < sizeof thing->bytes / sizeof thing->bytes[0]; i++) {
        CHECK_EQUAL(thing->bytes[i], 0);
        thing->bytes[i] = id;
    }
    return thing;
}

static void check_intact(const struct thing *thing, uint32_t id)
{
    CHECK_EQUAL(thing->object.id, id);
    for (uint32_t i = 0; i < sizeof thing->bytes / sizeof thing->bytes[0]; i++) {
        CHECK_EQUAL(thing->bytes[i], id);
    }
}

/* Pages are there for those who live, and for no other. */
static void check_pages(struct thing *const live[], uint32_t capacity)
{
    uint32_t pages = 0;

    for (uint32_t first = 0; first < capacity; first += PER_PAGE) {
        bool wanted = false;

        for (uint32_t i = first; i < first + PER_PAGE && i < capacity; i++) {
            wanted |= live[i] != NULL;
        }
        CHECK_EQUAL(window_is_mapped(arena.base + (first << STRIDE_SHIFT)), wanted);
        pages += wanted;
    }
    CHECK_EQUAL(arena.pages, pages);
    CHECK_EQUAL(window_frames(), pages);
}

static void check_walk(struct thing *const live[], uint32_t capacity)
{
    const struct thing *seen = NULL;

    for (uint32_t i = 0; i < capacity; i++) {
        if (live[i] != NULL) {
            seen = arena_next(&arena, seen == NULL ? 0 : seen->object.id);
            CHECK(seen == live[i]);
        }
    }
    CHECK(arena_next(&arena, seen == NULL ? 0 : seen->object.id) == NULL);
}

static void random_objects_come_and_go_with_their_pages(void)
{
    static struct thing *live[CAPACITY];     /* by index */
    static uint32_t ids[CAPACITY];
    static uint32_t memories[CAPACITY];
    static uint32_t holders[HOLDERS];        /* old IDs, that somebody still has */
    uint32_t used = 0, held = 0;

    begin(CAPACITY);
    for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
        uint32_t at = random_below(CAPACITY);

        if (live[at] == NULL || random_one_in(4)) {
            bool must_fail = random_one_in(10) && window_add_needs_page(&arena);

            heap_fail_after(must_fail ? 0 : UINT32_MAX);
            struct thing *thing = add();
            CHECK_EQUAL(thing == NULL, must_fail || used == CAPACITY - 1);
            heap_fail_after(UINT32_MAX);
            if (thing != NULL) {
                at = thing->object.id & ID_INDEX_MASK;
                CHECK(live[at] == NULL && *arena_memory(&arena, thing) == memories[at]);
                memories[at] = *arena_memory(&arena, thing) = random_next();
                live[at] = thing;
                ids[at] = thing->object.id;
                used++;
            }
        } else {
            check_intact(live[at], ids[at]);
            arena_remove(&arena, live[at]);
            holders[held++ % HOLDERS] = ids[at];
            live[at] = NULL;
            used--;
        }
        CHECK_EQUAL(arena.used, used);
        CHECK(arena_find(&arena, holders[random_below(held < HOLDERS ? held + 1 : HOLDERS)]) == NULL);
        if (cycle % 16 == 0) {
            check_pages(live, CAPACITY);
            check_walk(live, CAPACITY);
        }
    }
}

static void place_is_retired_with_its_last_generation(void)
{
    uint32_t ids[3];

    begin(2);
    slots[1].generation = ID_GENERATION_MAX - 2;
    for (uint32_t i = 0; i < 3; i++) {
        struct thing *thing = add();

        CHECK(thing != NULL);
        ids[i] = thing->object.id;
        CHECK_EQUAL(ids[i] >> ID_INDEX_BITS, ID_GENERATION_MAX - 2 + i);
        arena_remove(&arena, thing);
    }
    CHECK(add() == NULL);
    CHECK(arena.used == 0 && arena.pages == 0 && window_frames() == 0);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(arena_find(&arena, ids[i]) == NULL);
    }
    CHECK(arena_find(&arena, 1) == NULL);    /* index 1 of no generation */
}

static void retired_places_leave_the_others_alone(void)
{
    struct thing *thing;
    uint32_t seen = 0;

    begin(8);
    for (uint32_t i = 1; i < 8; i++) {
        slots[i].generation = ID_GENERATION_MAX - i;
    }
    while ((thing = add()) != NULL) {
        arena_remove(&arena, thing);
        seen++;
    }
    CHECK_EQUAL(seen, 2 + 3 + 4 + 5 + 6 + 7 + 8);
}

/* Where nothing lives, not even a page is; and beyond the capacity too. */
static void any_number_can_be_looked_up(void)
{
    static const uint32_t capacities[] = { 1, 2, 5, CAPACITY, 1U << ID_INDEX_BITS };

    for (uint32_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        uint32_t id = 0;

        begin(capacities[i]);
        struct thing *thing = add();
        CHECK_EQUAL(thing == NULL, capacities[i] == 1);
        id = thing == NULL ? 0 : thing->object.id;
        for (uint32_t guess = 0; guess < 100000; guess++) {
            uint32_t number = random_one_in(2) ? random_edgy() : random_edgy() << ID_INDEX_BITS | random_edgy();
            uint32_t index = number & ID_INDEX_MASK;

            CHECK(arena_find(&arena, number) == (number == id && id != 0 ? thing : NULL));
            CHECK(arena_at(&arena, index) == (thing != NULL && index == 1 ? thing : NULL));
            CHECK(arena_next(&arena, number) == (index == 0 ? thing : NULL));
        }
        CHECK(arena_find(&arena, 0) == NULL && arena_at(&arena, 0) == NULL);
        if (thing != NULL) {
            arena_remove(&arena, thing);
        }
    }
}

static void removing_what_is_not_there_panics(void)
{
    begin(4);
    struct thing *thing = add();
    struct thing *other = add();
    arena_remove(&arena, thing);
    CHECK_PANICS(arena_remove(&arena, thing));
    other->object.id += 1U << ID_INDEX_BITS;
    CHECK_PANICS(arena_remove(&arena, other));
}

static const struct test tests[] = {
    TEST(random_objects_come_and_go_with_their_pages),
    TEST(place_is_retired_with_its_last_generation),
    TEST(retired_places_leave_the_others_alone),
    TEST(any_number_can_be_looked_up),
    TEST(removing_what_is_not_there_panics),
};
TEST_MAIN(tests)
