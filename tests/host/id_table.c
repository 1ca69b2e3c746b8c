/* IDs: none is ever valid for a later object. */
#include "id_table.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define CAPACITY 64U
#define HOLDERS 4096U
#define CYCLES 1000000U

static struct id_entry *entries;             /* exactly as many as the table has, for the address sanitizer */
static struct id_table table;
static uint8_t things[1U << TABLE_INDEX_BITS];  /* objects are addresses in here */

static void begin(uint32_t capacity)
{
    free(entries);
    entries = malloc(capacity * sizeof *entries);
    id_table_initialise(&table, entries, capacity);
}

static uint32_t add(void *object)
{
    uint32_t id = 0;

    CHECK(id_table_add(&table, object, &id));
    CHECK(id != 0);
    CHECK(id_table_find(&table, id) == object);
    return id;
}

static void old_ids_stay_dead_through_a_million_objects(void)
{
    static uint32_t holders[HOLDERS];        /* old IDs, that somebody still has */
    uint32_t live[CAPACITY / 2];
    uint32_t held = 0;

    begin(CAPACITY);
    for (uint32_t i = 0; i < CAPACITY / 2; i++) {
        live[i] = add(&things[i]);
    }
    for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
        uint32_t which = random_below(CAPACITY / 2);
        uint32_t old = live[which];

        id_table_remove(&table, old);
        CHECK(id_table_find(&table, old) == NULL);
        holders[held++ % HOLDERS] = old;
        live[which] = add(&things[which]);
        CHECK(live[which] != old);
        CHECK(id_table_find(&table, holders[random_below(held < HOLDERS ? held : HOLDERS)]) == NULL);
        CHECK_EQUAL(table.used, CAPACITY / 2);
    }
    for (uint32_t i = 0; i < HOLDERS; i++) {
        CHECK(id_table_find(&table, holders[i]) == NULL);
    }
    for (uint32_t i = 0; i < CAPACITY / 2; i++) {
        CHECK(id_table_find(&table, live[i]) == &things[i]);
    }
}

static void entry_is_retired_with_its_last_generation(void)
{
    uint32_t ids[3];
    uint32_t id;

    begin(2);
    entries[1].generation = TABLE_GENERATION_MAX - 2;
    for (uint32_t i = 0; i < 3; i++) {
        ids[i] = add(&things[i]);
        id_table_remove(&table, ids[i]);
    }
    CHECK(!id_table_add(&table, &things[0], &id));
    CHECK_EQUAL(table.used, 0);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(id_table_find(&table, ids[i]) == NULL);
    }
    for (uint32_t generation = 0; generation <= TABLE_GENERATION_MAX; generation += TABLE_GENERATION_MAX / 1000 | 1) {
        CHECK(id_table_find(&table, generation << TABLE_INDEX_BITS | 1) == NULL);
    }
}

static void retired_entries_leave_the_others_alone(void)
{
    uint32_t seen = 0;
    uint32_t id;

    begin(8);
    for (uint32_t i = 1; i < 8; i++) {
        entries[i].generation = TABLE_GENERATION_MAX - i;
    }
    while (id_table_add(&table, &things[0], &id)) {
        CHECK(id_table_find(&table, id) == &things[0]);
        id_table_remove(&table, id);
        seen++;
    }
    CHECK_EQUAL(seen, 2 + 3 + 4 + 5 + 6 + 7 + 8);
}

static void full_table_refuses_and_takes_again_when_there_is_room(void)
{
    static const uint32_t capacities[] = { 1, 2, 3, CAPACITY, 1U << TABLE_INDEX_BITS };

    for (uint32_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        uint32_t capacity = capacities[i];
        uint32_t id = 77;
        uint32_t last = 0;

        begin(capacity);
        for (uint32_t n = 1; n < capacity; n++) {
            last = add(&things[n]);
        }
        CHECK(!id_table_add(&table, &things[0], &id));
        CHECK_EQUAL(id, 77);
        CHECK_EQUAL(table.used, capacity - 1);
        if (capacity > 1) {
            id_table_remove(&table, last);
            CHECK(add(&things[0]) != last);
        }
    }
}

static void any_number_can_be_looked_up(void)
{
    uint32_t id;

    begin(CAPACITY);
    for (uint32_t i = 0; i < CAPACITY / 2; i++) {
        id = add(&things[i]);
    }
    for (uint32_t i = 0; i < 1000000; i++) {
        uint32_t guess = random_edgy();
        const void *found = id_table_find(&table, guess);

        CHECK(found == NULL || (guess >> TABLE_INDEX_BITS == 1 && found == &things[(guess & TABLE_INDEX_MASK) - 1]));
    }
    CHECK(id_table_find(&table, 0) == NULL);
    CHECK(id_table_find(&table, id ^ 1U << 31) == NULL);
}

/* The IDs in order of their indices, by id_table_next; `ids` has them by thing. */
static void check_walk(const uint32_t *ids)
{
    uint32_t at = 0;
    uint32_t seen = 0;

    for (const uint8_t *object; (object = id_table_next(&table, at)) != NULL; seen++) {
        uint32_t id = ids[object - things];

        CHECK(id != 0);
        CHECK((id & TABLE_INDEX_MASK) > (at & TABLE_INDEX_MASK));
        at = id;
    }
    CHECK_EQUAL(seen, table.used);
}

static void walk_sees_every_object_once(void)
{
    uint32_t ids[CAPACITY - 1] = { 0 };

    begin(CAPACITY);
    check_walk(ids);
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t which = random_below(CAPACITY - 1);

        if (ids[which] == 0) {
            ids[which] = add(&things[which]);
        } else {
            id_table_remove(&table, ids[which]);
            ids[which] = 0;
        }
        check_walk(ids);
        (void)id_table_next(&table, random_edgy());
    }
}

static void removing_an_id_that_is_not_valid_panics(void)
{
    begin(CAPACITY);
    uint32_t id = add(&things[0]);
    id_table_remove(&table, id);
    CHECK_PANICS(id_table_remove(&table, id));
    uint32_t next = add(&things[0]);
    CHECK_PANICS(id_table_remove(&table, id));
    CHECK(id_table_find(&table, next) == &things[0]);
}

static const struct test tests[] = {
    TEST(old_ids_stay_dead_through_a_million_objects),
    TEST(entry_is_retired_with_its_last_generation),
    TEST(retired_entries_leave_the_others_alone),
    TEST(full_table_refuses_and_takes_again_when_there_is_room),
    TEST(any_number_can_be_looked_up),
    TEST(walk_sees_every_object_once),
    TEST(removing_an_id_that_is_not_valid_panics),
};
TEST_MAIN(tests)
