/* The heap on memory of its own, against a model: each object is filled with a pattern of its own. */
#include "heap.h"

#include <string.h>

#include "frame.h"
#include "memory.h"
#include "physical_memory.h"
#include "test.h"

#define FRAMES 2048U
#define OBJECTS_MAX 3000U
#define ROUNDS 60000U

struct object {
    uint8_t *memory;
    uint32_t size;
    uint8_t pattern;
};

static struct object objects[OBJECTS_MAX];
static uint32_t object_count;

static uint32_t random_size(void)
{
    switch (random_below(8)) {
    case 0:
        return 1 + random_below(16 * PAGE_SIZE);
    case 1:
        return (32U << random_below(9)) + random_below(3) - 1;
    default:
        return 1 + random_below(2100);
    }
}

static bool is_filled(const uint8_t *memory, uint8_t pattern, uint32_t size)
{
    return memory[0] == pattern && memcmp(memory, memory + 1, size - 1) == 0;
}

static void check_object(const struct object *object)
{
    if (!is_filled(object->memory, object->pattern, object->size)) {
        FAIL("an object of %u bytes at %p was written to by somebody else", object->size, (void *)object->memory);
    }
}

static bool allocate(uint32_t size)
{
    bool zeroed = random_one_in(2);
    struct object object = { .size = size, .pattern = (uint8_t)random_next() };

    object.memory = zeroed ? heap_allocate(size, true) : heap_allocate_unset(size, true);
    if (object.memory == NULL) {
        return false;
    }
    CHECK_EQUAL((uintptr_t)object.memory % 16, 0);
    CHECK(!zeroed || is_filled(object.memory, 0, size));
    memset(object.memory, object.pattern, size);
    objects[object_count++] = object;
    return true;
}

static void free_one(uint32_t which)
{
    struct object object = objects[which];

    check_object(&object);
    objects[which] = objects[--object_count];
    heap_free(object.memory);
}

static void free_all(void)
{
    while (object_count > 0) {
        free_one(random_below(object_count));
    }
}

static void check_nothing_is_held(void)
{
    CHECK_EQUAL(heap_pages(), 0);
    CHECK_EQUAL(frame_table.free, FRAMES - 1);
}

static void check_ledger(void)
{
    CHECK_EQUAL(heap_pages(), FRAMES - 1 - frame_table.free);
}

static void objects_of_a_random_run_are_aligned_apart_and_zeroed(void)
{
    physical_memory_create(FRAMES);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        bool filling = round / 4000 % 2 == 0;

        if (object_count == 0 || (object_count < OBJECTS_MAX && random_below(100) < (filling ? 65U : 35U))) {
            (void)allocate(random_size());
        } else {
            free_one(random_below(object_count));
        }
        check_ledger();
    }
    for (uint32_t i = 0; i < object_count; i++) {
        check_object(&objects[i]);
    }
}

static void page_goes_back_with_its_last_object(void)
{
    physical_memory_create(FRAMES);
    for (uint32_t size = 1; size <= 2 * PAGE_SIZE; size += 1 + size / 9) {
        for (uint32_t count = 1; count < 300; count += 40) {
            while (object_count < count) {
                CHECK(allocate(size));
            }
            free_all();
            check_nothing_is_held();
        }
    }
}

static void memory_that_was_used_up_comes_back_whole(void)
{
    physical_memory_create(FRAMES);
    for (uint32_t round = 0; round < 4; round++) {
        uint32_t failures = 0;

        while (failures < 50 && object_count < OBJECTS_MAX) {
            failures += !allocate(random_size() * 8 % 60000 + 1);
        }
        CHECK_EQUAL(failures, 50);
        check_ledger();
        free_all();
        check_nothing_is_held();
    }
}

/* Many small objects on many pages: a place that becomes free is used again before another page is taken. */
static void small_objects_fill_their_pages_before_new_ones_are_taken(void)
{
    physical_memory_create(FRAMES);
    for (uint32_t size = 32; size <= 2048; size *= 2) {
        uint32_t on_a_page = (PAGE_SIZE - 32) / size;

        while (object_count < 500) {
            CHECK(allocate(size - random_below(size / 2)));
        }
        uint32_t pages = heap_pages();
        CHECK_EQUAL(pages, (500 + on_a_page - 1) / on_a_page);
        for (uint32_t round = 0; round < 2000; round++) {
            free_one(random_below(object_count));
            CHECK(allocate(size - random_below(size / 2)));
            CHECK(heap_pages() <= pages);
        }
        free_all();
        check_nothing_is_held();
    }
}

static void sizes_end_where_the_header_says(void)
{
    physical_memory_create(FRAMES);
    CHECK(heap_allocate(HEAP_SIZE_MAX + 1, true) == NULL);
    CHECK(heap_allocate(UINT32_MAX, true) == NULL);
    CHECK(heap_allocate_unset(0x80000001U, true) == NULL);
    CHECK(allocate(HEAP_SIZE_MAX));
    CHECK_EQUAL(heap_pages(), HEAP_SIZE_MAX / PAGE_SIZE);
    free_all();
    check_nothing_is_held();
}

static void reserve_is_for_those_who_may_use_it_alone(void)
{
    physical_memory_create(FRAMES);
    frame_table.reserve = FRAMES - 1;
    CHECK(heap_allocate(1, false) == NULL);
    CHECK(heap_allocate_unset(PAGE_SIZE, false) == NULL);
    CHECK(allocate(1));
    CHECK(allocate(PAGE_SIZE));
    free_all();
    check_nothing_is_held();
}

static void freeing_null_is_fine(void)
{
    physical_memory_create(FRAMES);
    heap_free(NULL);
    check_nothing_is_held();
}

static const struct test tests[] = {
    TEST(objects_of_a_random_run_are_aligned_apart_and_zeroed),
    TEST(page_goes_back_with_its_last_object),
    TEST(memory_that_was_used_up_comes_back_whole),
    TEST(small_objects_fill_their_pages_before_new_ones_are_taken),
    TEST(sizes_end_where_the_header_says),
    TEST(reserve_is_for_those_who_may_use_it_alone),
    TEST(freeing_null_is_fine),
};
TEST_MAIN(tests)
