/* Shared memory: what one member writes all others see, for as long as there is a member. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "puppet.h"
#include "transfer.h"

#define NUMBER 0x1234ABCDU

static uint32_t *memory_of(const struct shared_handle *handle)
{
    return (uint32_t *)handle->address;
}

static struct shared_handle shared_new(uint32_t pages)
{
    struct shared_handle handle;

    EXPECT_OK(shared_create(pages, &handle));
    EXPECT_EQUAL(0, handle.address % PAGE_SIZE);
    return handle;
}

/* A puppet joins; the address that it finds the memory at. */
static uint32_t join(process_id_t puppet, const struct shared_handle *handle, uint32_t pages)
{
    struct outcome outcome = puppet_do(puppet, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle->id, .key = handle->key });

    EXPECT_OK(outcome.status);
    EXPECT_EQUAL(pages, outcome.second);
    return outcome.value;
}

static uint32_t peek(process_id_t puppet, uint32_t address)
{
    return puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PEEK, .address = address });
}

static void poke(process_id_t puppet, uint32_t address, uint32_t number)
{
    puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_POKE, .address = address, .size = number });
}

static void leave(process_id_t puppet, const struct shared_handle *handle)
{
    puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle->id });
}

/* A puppet touches an address, and ends of it. */
static void expect_unmapped(process_id_t puppet, uint32_t address)
{
    puppet_begin(puppet, (struct order){ .operation = PUPPET_PEEK, .address = address });
    EXPECT_EQUAL(EXIT_FAULT | 14, test_wait_exit(puppet));
}

/* ---- What is in it ---- */

/* Frames that were full of something else before. */
static void shared_memory_is_zeroes_at_first(void)
{
    enum { PAGES_USED = 300 };
    uint32_t address;

    EXPECT_OK(memory_allocate(PAGES_USED, 0, &address));
    memset((void *)address, 0xFF, PAGES_USED * PAGE_SIZE);
    EXPECT_OK(memory_free(address, PAGES_USED));
    struct shared_handle handle = shared_new(PAGES_USED);
    const uint32_t *words = memory_of(&handle);
    for (uint32_t i = 0; i < PAGES_USED * PAGE_SIZE / sizeof *words; i++) {
        if (words[i] != 0) {
            EXPECT_NOT("word %u is 0x%x", i, words[i]);
        }
    }
}

static void what_one_member_writes_the_others_see(void)
{
    process_id_t first = puppet_start(CLASS_APPLICATION), second = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle = shared_new(3);
    uint32_t *words = memory_of(&handle);

    for (uint32_t i = 0; i < 3; i++) {
        words[i * PAGE_SIZE / sizeof *words] = NUMBER + i;
    }
    uint32_t firsts = join(first, &handle, 3), seconds = join(second, &handle, 3);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_EQUAL(NUMBER + i, peek(first, firsts + i * PAGE_SIZE));
        EXPECT_EQUAL(NUMBER + i, peek(second, seconds + i * PAGE_SIZE));
    }
    poke(first, firsts + 3 * PAGE_SIZE - 4, 1);
    EXPECT_EQUAL(1, peek(second, seconds + 3 * PAGE_SIZE - 4));
    EXPECT_EQUAL(1, words[3 * PAGE_SIZE / sizeof *words - 1]);
    poke(second, seconds + 3 * PAGE_SIZE - 4, 2);
    EXPECT_EQUAL(2, peek(first, firsts + 3 * PAGE_SIZE - 4));
    EXPECT_EQUAL(2, words[3 * PAGE_SIZE / sizeof *words - 1]);
    puppet_exit(first, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 2);
    EXPECT_EQUAL(0, test_wait_exit(first));
    puppet_exit(second, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(second));
}

/* ---- Sizes ---- */

static void sizes_of_nothing_and_too_much_are_refused(void)
{
    static const uint32_t sizes[] = { 0, SHARED_PAGES_MAX + 1, 0x00080000, 0x00100000, 0x40000000, 0x7FFFFFFF, 0xFFFFFFFF };
    struct shared_handle handle;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        EXPECT_STATUS(BAD_ARGUMENT, shared_create(sizes[i], &handle));
    }
}

static void all_pages_of_shared_memory_are_there(void)
{
    static const uint32_t sizes[] = { 1, 2, 1023, 1024, 1025 };

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct shared_handle handle = shared_new(sizes[i]);
        uint32_t *words = memory_of(&handle);

        for (uint32_t page = 0; page < sizes[i]; page++) {
            words[page * PAGE_SIZE / sizeof *words] = page;
        }
        for (uint32_t page = 0; page < sizes[i]; page++) {
            EXPECT_EQUAL(page, words[page * PAGE_SIZE / sizeof *words]);
        }
        EXPECT_OK(shared_leave(handle.id));
    }
}

/* Where the machine has so much; else nobody is worse off. */
static void largest_shared_memory_is_whole_or_refused(void)
{
    struct process_information before, after;
    struct system_statistics machine;
    struct shared_handle handle;

    EXPECT_OK(system_statistics(&machine));
    EXPECT_OK(process_information(SELF, &before));
    status_t status = shared_create(SHARED_PAGES_MAX, &handle);
    bool may = before.limits[RESOURCE_FRAMES] - before.used[RESOURCE_FRAMES] > SHARED_PAGES_MAX + 8;
    EXPECT_STATUS(may && machine.frames_free > SHARED_PAGES_MAX + 64 ? OK : OVER_QUOTA, status);
    if (status == OK) {
        uint32_t *words = memory_of(&handle);

        words[SHARED_PAGES_MAX * (PAGE_SIZE / sizeof *words) - 1] = NUMBER;
        EXPECT_EQUAL(0, words[0]);
        EXPECT_OK(shared_leave(handle.id));
    }
    EXPECT_OK(process_information(SELF, &after));
    EXPECT(after.used[RESOURCE_FRAMES] <= before.used[RESOURCE_FRAMES] + SHARED_PAGES_MAX / 1024 + 1); /* page tables stay */
    EXPECT_EQUAL(before.used[RESOURCE_OBJECTS], after.used[RESOURCE_OBJECTS]);
    event_expect_none();
}

/* ---- Leaving ---- */

static void leaving_unmaps_the_pages_and_tells_the_others(void)
{
    process_id_t first = puppet_start(CLASS_APPLICATION), second = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle = shared_new(2);
    uint32_t address = join(first, &handle, 2);

    join(second, &handle, 2);
    leave(first, &handle);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 2);
    puppet_expect_events(first, EVENT_SHARED_RELEASED, 0, 0);
    puppet_expect_events(second, EVENT_SHARED_RELEASED, 1, 2);
    puppet_expect(first, BAD_ID, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
    expect_unmapped(first, address + PAGE_SIZE);
    event_expect_none();
    EXPECT_OK(shared_leave(handle.id));
    event_expect_none();
    puppet_expect_events(second, EVENT_SHARED_RELEASED, 1, 1);
    puppet_end(second);
}

static void members_of_shared_memory_that_leave_are_one_event_until_it_is_taken(void)
{
    process_id_t puppets[3];
    struct shared_handle handle = shared_new(1);

    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppets[i] = puppet_start(CLASS_APPLICATION);
        join(puppets[i], &handle, 1);
    }
    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        leave(puppets[i], &handle);
    }
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    join(puppets[0], &handle, 1);
    leave(puppets[0], &handle);
    EXPECT_OK(shared_leave(handle.id));
    event_expect_none();
    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppet_end(puppets[i]);
    }
}

/* Who has made it may go first, in any way. */
static void pages_live_with_the_last_member(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle = shared_new(2);
    uint32_t address, pages;

    *memory_of(&handle) = NUMBER;
    uint32_t others = join(other, &handle, 2);
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_EQUAL(NUMBER, peek(other, others));
    poke(other, others + PAGE_SIZE, 5);
    EXPECT_OK(shared_join(handle.id, handle.key, 0, &address, &pages));
    EXPECT_EQUAL(NUMBER, *(const uint32_t *)address);
    EXPECT_EQUAL(5, *(const uint32_t *)(address + PAGE_SIZE));
    puppet_exit(other, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
    EXPECT_EQUAL(5, *(const uint32_t *)(address + PAGE_SIZE));
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_STATUS(BAD_ID, shared_join(handle.id, handle.key, 0, &address, &pages));
}

static void members_that_are_killed_leave(void)
{
    struct shared_handle handle = shared_new(1);

    for (uint32_t faults = 0; faults < 2; faults++) {
        process_id_t other = puppet_start(CLASS_APPLICATION);
        uint32_t address = join(other, &handle, 1);

        poke(other, address, NUMBER + faults);
        if (faults != 0) {
            puppet_begin(other, (struct order){ .operation = PUPPET_FAULT });
        } else {
            EXPECT_OK(process_terminate(other, 0));
        }
        event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
        EXPECT_EQUAL(faults != 0 ? EXIT_FAULT | 14 : EXIT_TERMINATED, test_wait_exit(other));
        EXPECT_EQUAL(NUMBER + faults, *memory_of(&handle));
    }
}

/* ---- Pages that a member frees itself ---- */

/* Takes all free addresses but runs shorter than `pages`. */
static void addresses_fill(uint32_t pages)
{
    uint32_t address;

    for (uint32_t run = 0x10000; run > pages; run /= 2) {
        while (memory_allocate(run, MEMORY_ON_DEMAND, &address) == OK) {
        }
    }
}

/* A hole is filled with something else: that is not shared memory, and stays. */
static void what_fills_a_hole_of_shared_memory_stays_when_its_member_leaves(void)
{
    struct shared_handle handle = shared_new(4);
    uint32_t hole = handle.address + PAGE_SIZE, address;

    EXPECT_OK(memory_free(hole, 2));
    addresses_fill(2);
    do {
        EXPECT_OK(memory_allocate(2, 0, &address));
    } while (address != hole);
    EXPECT_EQUAL(0, *(const uint32_t *)hole);
    memset((void *)hole, 0x77, 2 * PAGE_SIZE);
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_EQUAL(0x77777777, *(const uint32_t *)hole);
    EXPECT_EQUAL(0x77777777, *(const uint32_t *)(hole + 2 * PAGE_SIZE - 4));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(handle.address, 1));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(handle.address + 3 * PAGE_SIZE, 1));
    EXPECT_OK(memory_free(hole, 2));
}

static void member_that_has_freed_its_pages_can_leave_and_join_again(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle = shared_new(3);
    uint32_t address, pages, others = join(other, &handle, 3);

    EXPECT_OK(memory_free(handle.address, 3));
    EXPECT_STATUS(EXISTS, shared_join(handle.id, handle.key, 0, &address, &pages));
    poke(other, others + 2 * PAGE_SIZE, NUMBER);
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_OK(shared_join(handle.id, handle.key, 0, &address, &pages));
    EXPECT_EQUAL(NUMBER, *(const uint32_t *)(address + 2 * PAGE_SIZE));
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_FREE, .address = others + PAGE_SIZE, .size = 1 });
    EXPECT_EQUAL(NUMBER, peek(other, others + 2 * PAGE_SIZE));
    puppet_begin(other, (struct order){ .operation = PUPPET_PEEK, .address = others + PAGE_SIZE });
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(EXIT_FAULT | 14, test_wait_exit(other));
}

/* ---- IDs ---- */

static void ids_that_are_no_shared_memory_are_refused(void)
{
    struct shared_handle handle = shared_new(1);
    struct pipe_handle pipe = pipe_new();
    uint32_t address, pages;

    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        EXPECT_STATUS(BAD_ID, shared_join(handle.id ^ bit, handle.key, 0, &address, &pages));
        EXPECT_STATUS(BAD_ID, shared_leave(handle.id ^ bit));
    }
    EXPECT_STATUS(BAD_ID, shared_join(pipe.id, pipe.key, 0, &address, &pages));
    EXPECT_STATUS(BAD_ID, shared_leave(pipe.id));
    EXPECT_STATUS(EXISTS, shared_join(handle.id, handle.key, 0, &address, &pages));
    EXPECT_STATUS(EXISTS, shared_join(handle.id, handle.read_only_key, SHARED_READ_ONLY, &address, &pages));
    EXPECT_STATUS(NOT_ALLOWED, shared_join(handle.id, handle.key ^ 1, 0, &address, &pages));
    for (uint32_t flag = SHARED_READ_ONLY << 1; flag != 0; flag <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, shared_join(handle.id, handle.key, flag, &address, &pages));
    }
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_STATUS(BAD_ID, shared_join(handle.id, handle.key, 0, &address, &pages));
    EXPECT_STATUS(BAD_ID, shared_leave(handle.id));
}

const struct test shared_pages_tests[] = {
    TEST(CLASS_APPLICATION, shared_memory_is_zeroes_at_first),
    TEST(CLASS_APPLICATION, what_one_member_writes_the_others_see),
    TEST(CLASS_APPLICATION, sizes_of_nothing_and_too_much_are_refused),
    TEST(CLASS_APPLICATION, all_pages_of_shared_memory_are_there),
    TEST(CLASS_APPLICATION, largest_shared_memory_is_whole_or_refused),
    TEST(CLASS_APPLICATION, leaving_unmaps_the_pages_and_tells_the_others),
    TEST(CLASS_APPLICATION, members_of_shared_memory_that_leave_are_one_event_until_it_is_taken),
    TEST(CLASS_APPLICATION, pages_live_with_the_last_member),
    TEST(CLASS_SERVER, members_that_are_killed_leave),
    TEST(CLASS_APPLICATION, what_fills_a_hole_of_shared_memory_stays_when_its_member_leaves),
    TEST(CLASS_APPLICATION, member_that_has_freed_its_pages_can_leave_and_join_again),
    TEST(CLASS_APPLICATION, ids_that_are_no_shared_memory_are_refused),
};
const uint32_t shared_pages_test_count = COUNT(shared_pages_tests);
const struct role shared_pages_roles[] = {};
const uint32_t shared_pages_role_count = COUNT(shared_pages_roles);
