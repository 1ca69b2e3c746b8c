/* DMA memory: what it is like, whose it is, and that it stays as long as a device may write to it. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"

#define ISA_END 0x01000000U
#define FLAGS 4U                 /* combinations of flags */
#define STACK_BYTES 4096U
#define PATTERN 0xD5A5D5A5U
#define CONTROLLER (RIGHT_PCI | RIGHT_DMA_CONTROLLER)

struct region {
    uint32_t address;
    physical_t physical;
    uint32_t pages;
};

static struct region allocate(uint32_t pages, uint32_t flags)
{
    struct region region = { .pages = pages };

    EXPECT_OK(dma_allocate(pages, flags, &region.address, &region.physical));
    return region;
}

static uint32_t *words_of_region(const struct region *region)
{
    return (uint32_t *)region->address;
}

static uint32_t word_count(const struct region *region)
{
    return region->pages * PAGE_SIZE / sizeof(uint32_t);
}

static void expect_zeroes(const struct region *region)
{
    for (uint32_t i = 0; i < word_count(region); i++) {
        if (words_of_region(region)[i] != 0) {
            EXPECT_NOT("word %u of %u pages at 0x%x is 0x%x", i, region->pages, region->physical, words_of_region(region)[i]);
        }
    }
}

static void fill(const struct region *region, uint32_t pattern)
{
    for (uint32_t i = 0; i < word_count(region); i++) {
        words_of_region(region)[i] = pattern + i;
    }
}

static void expect_pattern(const struct region *region, uint32_t pattern)
{
    for (uint32_t i = 0; i < word_count(region); i++) {
        EXPECT_EQUAL(pattern + i, words_of_region(region)[i]);
    }
}

static bool overlap(const struct region *one, const struct region *other)
{
    return one->physical < other->physical + other->pages * PAGE_SIZE && other->physical < one->physical + one->pages * PAGE_SIZE;
}

static uint32_t free_frames(void)
{
    struct system_statistics statistics;

    EXPECT_OK(system_statistics(&statistics));
    return statistics.frames_free;
}

/* ---- What it is like ---- */

static void expect_as_asked(const struct region *region, uint32_t flags)
{
    physical_t end = region->physical + region->pages * PAGE_SIZE;

    EXPECT_EQUAL(0, region->physical % PAGE_SIZE);
    EXPECT((flags & DMA_BELOW_16_MB) == 0 || end <= ISA_END);
    EXPECT((flags & DMA_WITHIN_64_KB) == 0 || region->physical >> 16 == (end - 1) >> 16);
    expect_zeroes(region);
}

static void memory_is_as_it_was_asked_for_and_all_zeroes(void)
{
    static const uint32_t sizes[] = { 1, 2, 3, 5, 8, 15, 16, 17, 33, 100 };
    struct region regions[COUNT(sizes) * FLAGS];
    uint32_t count = 0;

    for (uint32_t flags = 0; flags < FLAGS; flags++) {
        for (uint32_t i = 0; i < COUNT(sizes); i++) {
            if ((flags & DMA_WITHIN_64_KB) == 0 || sizes[i] <= 16) {
                regions[count] = allocate(sizes[i], flags);
                expect_as_asked(&regions[count], flags);
                fill(&regions[count], PATTERN * (count + 1));
                count++;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t other = 0; other < i; other++) {
            EXPECT(!overlap(&regions[i], &regions[other]));
        }
        expect_pattern(&regions[i], PATTERN * (i + 1));
    }
}

static void memory_of_others_comes_back_as_zeroes(void)
{
    struct region first = allocate(4, 0);
    bool same = false;

    fill(&first, PATTERN);
    EXPECT_OK(dma_free(first.address));
    for (uint32_t i = 0; i < 8 && !same; i++) {
        struct region again = allocate(4, 0);

        expect_zeroes(&again);
        same = overlap(&first, &again);
    }
    EXPECT(same);
}

static void arguments_that_make_no_sense_are_refused(void)
{
    uint32_t address = 7;
    physical_t physical = 7;
    struct test_ledger before;

    test_ledger_take(&before);
    EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(0, 0, &address, &physical));
    EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(DMA_PAGES_MAX + 1, 0, &address, &physical));
    EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(0xFFFFFFFF, 0, &address, &physical));
    EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(0x80000001, 0, &address, &physical));
    EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(17, DMA_WITHIN_64_KB, &address, &physical));
    for (uint32_t flags = 4; flags != 0; flags <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, dma_allocate(1, flags, &address, &physical));
    }
    EXPECT(address == 7 && physical == 7);
    struct region region = allocate(2, 0);
    EXPECT_STATUS(BAD_ARGUMENT, dma_free(region.address + PAGE_SIZE));
    EXPECT_STATUS(BAD_ARGUMENT, dma_free(region.address + 1));
    EXPECT_STATUS(BAD_ARGUMENT, dma_free(0));
    EXPECT_OK(dma_free(region.address));
    EXPECT_STATUS(BAD_ARGUMENT, dma_free(region.address));
    test_ledger_expect_same(&before);
}

/* ---- Whose it is ---- */

/* Unmapped it is still the driver's, and the device's. */
static void memory_that_is_unmapped_is_not_given_back(void)
{
    uint32_t before = free_frames();
    struct region region = allocate(4, 0);

    EXPECT_OK(memory_free(region.address, 4));
    EXPECT(free_frames() + 4 <= before);
    uint32_t address;
    EXPECT_OK(memory_allocate(4, 0, &address));
    EXPECT_OK(dma_free(region.address));
    if (address == region.address) {
        *(volatile uint32_t *)address = 1;   /* what lies there by now is not taken away with it */
    }
    EXPECT_OK(memory_free(address, 4));
}

static void dma_taker(int argc, char **argv)
{
    uint32_t address;
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_STATUS(DISCARDED, message_take_pages(event.id, &address));
}

static void memory_cannot_be_given_away_or_shared(void)
{
    struct region region = allocate(2, 0);

    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        struct message message = { .pages = (void *)region.address, .page_count = 1, .page_flags = flags };
        struct reply reply = { .buffer = NULL };
        process_id_t taker = peer_start(CLASS_APPLICATION, "dma_taker");

        EXPECT_STATUS(BAD_ADDRESS, message_call(taker, &message, &reply));
        EXPECT_EQUAL(0, test_wait_exit(taker));
    }
    fill(&region, PATTERN);
    expect_pattern(&region, PATTERN);
    EXPECT_OK(dma_free(region.address));
}

struct sleeper {
    uint32_t address;
    status_t status;
    bool done;
};

static void sleeper_run(void *argument)
{
    struct sleeper *sleeper = argument;

    sleeper->status = address_wait(sleeper->address, 0, clock_after(3 * A_MOMENT_NS));
    sleeper->done = true;
}

/*
 * Found by reading: the frames behind the first one of a block were not held by address_wait; freed and given to somebody else
 * meanwhile, they were freed once more under him when the wait ended.
 */
static void frame_under_a_wait_is_nobody_elses_when_it_ends(void)
{
    struct test_ledger before;
    struct sleeper sleepers[4];
    uint32_t address;
    thread_id_t thread;

    test_ledger_take(&before);
    struct region region = allocate(COUNT(sleepers), 0);
    for (uint32_t i = 0; i < COUNT(sleepers); i++) {
        sleepers[i] = (struct sleeper){ region.address + i * PAGE_SIZE, BUSY, false };
        EXPECT_OK(thread_start(sleeper_run, &sleepers[i], STACK_BYTES, &thread));
    }
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(dma_free(region.address));
    EXPECT_OK(memory_allocate(64, 0, &address));     /* among them the region's frames */
    clock_sleep(4 * A_MOMENT_NS);
    uint32_t other;
    EXPECT_OK(memory_allocate(64, 0, &other));       /* and not once more */
    memset((void *)address, 0x11, 64 * PAGE_SIZE);
    memset((void *)other, 0x22, 64 * PAGE_SIZE);
    for (uint32_t i = 0; i < 64 * PAGE_SIZE; i += PAGE_SIZE) {
        EXPECT_EQUAL(0x11111111, *(uint32_t *)(address + i));
    }
    for (uint32_t i = 0; i < COUNT(sleepers); i++) {
        EXPECT(sleepers[i].done && sleepers[i].status == TIMED_OUT);
    }
    EXPECT_OK(memory_free(address, 64));
    EXPECT_OK(memory_free(other, 64));
    test_ledger_expect_same(&before);
}

static void driver_with_dma_memory_stays_a_driver(void)
{
    struct region region = allocate(1, 0);

    EXPECT_STATUS(BUSY, process_downgrade(CLASS_SERVER));
    EXPECT_OK(memory_free(region.address, 1));
    EXPECT_STATUS(BUSY, process_downgrade(CLASS_SERVER));
    EXPECT_OK(dma_free(region.address));
    EXPECT_OK(process_downgrade(CLASS_SERVER));
}

/* ---- Controllers ---- */

/* Takes as many pages as the argument says, fills them, tells where they are, and waits to be ended. */
static void dma_owner(int argc, char **argv)
{
    struct region region = allocate(test_number(argv[argc - 1]), 0);
    struct message message = { .words = { region.physical, region.address, region.pages } };

    fill(&region, PATTERN);
    EXPECT_OK(message_send(process_page()->parent, &message));
    EXPECT_OK(thread_sleep(0));
}

static process_id_t start_owner(uint32_t pages, struct region *region_out)
{
    process_id_t owner;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "dma_owner", &owner, test_digits(pages).text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    *region_out = (struct region){ event.words[1], event.words[0], event.words[2] };
    return owner;
}

static void check_says_what_lies_within_memory_of_one_process(void)
{
    struct region region, own = allocate(1, 0);
    process_id_t owner = start_owner(3, &region);
    uint32_t size = 3 * PAGE_SIZE;

    EXPECT_OK(dma_check(owner, region.physical, size));
    EXPECT_OK(dma_check(owner, region.physical, 1));
    EXPECT_OK(dma_check(owner, region.physical + size - 1, 1));
    EXPECT_OK(dma_check(owner, region.physical + PAGE_SIZE - 1, 2));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical, size + 1));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical - 1, 1));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical - 1, 2));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical + size, 1));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical, 0));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical, 0xFFFFFFFF));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, region.physical + 1, 0xFFFFFFFF));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(owner, own.physical, 1));
    EXPECT_STATUS(NOT_ALLOWED, dma_check(SELF, region.physical, 1));
    EXPECT_OK(dma_check(SELF, own.physical, PAGE_SIZE));
    peer_kill(owner);
    EXPECT_STATUS(BAD_ID, dma_check(owner, region.physical, 1));
}

/* Nothing of the region is given to anybody: tried with all the DMA memory that there is for us. */
static void expect_kept(const struct region *region)
{
    uint32_t addresses[64];
    uint32_t count = 0;

    for (; count < COUNT(addresses); count++) {
        struct region other = { .pages = 1 };

        if (dma_allocate(1, 0, &other.address, &other.physical) != OK) {
            break;
        }
        addresses[count] = other.address;
        EXPECT(!overlap(region, &other));
    }
    EXPECT(count > 0);
    while (count-- > 0) {
        EXPECT_OK(dma_free(addresses[count]));
    }
}

static void guarded_memory_of_the_dead_is_kept_until_it_is_released(void)
{
    struct test_ledger before;
    struct region region;

    test_ledger_take(&before);
    process_id_t owner = start_owner(8, &region);
    EXPECT_OK(dma_guard(owner));
    EXPECT_STATUS(EXISTS, dma_guard(owner));
    EXPECT_STATUS(EXISTS, process_watch(owner));
    EXPECT_OK(process_terminate(owner, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(owner));
    uint32_t kept = free_frames();
    expect_kept(&region);
    EXPECT_STATUS(BAD_ID, dma_guard(owner));
    EXPECT_OK(dma_release(owner));
    EXPECT(free_frames() > kept + 4);    /* but for what others do meanwhile: all eight */
    EXPECT_STATUS(NOT_FOUND, dma_release(owner));
    test_ledger_expect_same(&before);
}

static void guard_is_told_of_the_end_though_nobody_watched(void)
{
    struct region region;
    process_id_t owner = start_owner(1, &region);

    EXPECT_OK(process_unwatch(owner));
    EXPECT_OK(dma_guard(owner));
    peer_kill(owner);
    EXPECT_OK(dma_release(owner));
}

static void guards_that_make_no_sense_are_refused(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, dma_guard(SELF));
    EXPECT_STATUS(BAD_ARGUMENT, dma_guard(process_page()->id));
    EXPECT_STATUS(BAD_ID, dma_guard(0xFFFFFFFF));
    EXPECT_STATUS(NOT_FOUND, dma_release(0xFFFFFFFF));
    EXPECT_STATUS(NOT_FOUND, dma_release(SELF));
    EXPECT_STATUS(NOT_FOUND, dma_release(process_page()->parent));
}

/* Guards the process in its argument, tells so, and waits; then releases it, or dies with it. */
static void dma_guardian(int argc, char **argv)
{
    struct message ready = { .words = { 1 } };
    struct event event;

    EXPECT_OK(dma_guard(test_number(argv[argc - 1])));
    EXPECT_OK(message_send(process_page()->parent, &ready));
    do {
        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
    } while (event.kind != EVENT_MESSAGE);
    EXPECT_OK(dma_release(test_number(argv[argc - 1])));
}

static process_id_t start_guardian(process_id_t target)
{
    process_id_t guardian;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "dma_guardian", &guardian, test_digits(target).text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    return guardian;
}

/* By its release, or by its death. */
static void last_of_two_guards_gives_it_back(bool dies)
{
    struct region region;
    process_id_t owner = start_owner(4, &region), guardian = start_guardian(owner);

    EXPECT_OK(dma_guard(owner));
    peer_kill(owner);
    EXPECT_OK(dma_release(owner));
    uint32_t kept = free_frames();
    expect_kept(&region);
    if (dies) {
        peer_kill(guardian);     /* what it has set going may be going on: its successor, here we, has to see to that */
        expect_kept(&region);
        EXPECT_OK(dma_release(owner));
        EXPECT_STATUS(NOT_FOUND, dma_release(owner));
    } else {
        peer_quit(guardian);
    }
    EXPECT(free_frames() >= kept + 4);
}

static void memory_of_the_dead_waits_for_the_last_guard(void)
{
    last_of_two_guards_gives_it_back(false);
}

static void guard_that_dies_leaves_it_to_its_successor(void)
{
    last_of_two_guards_gives_it_back(true);
}

static void memory_of_the_dead_without_guards_goes_at_once(void)
{
    struct test_ledger before;
    struct region region;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < 3; i++) {
        process_id_t owner = start_owner(16, &region);
        EXPECT_OK(i == 1 ? dma_guard(owner) : OK);
        EXPECT_OK(i == 1 ? dma_release(owner) : OK);     /* whoever released it before does not hold it */
        peer_kill(owner);
    }
    test_ledger_expect_same(&before);
}

/* ---- More than there is ---- */

/* Takes all that it gets, in its sizes. */
static void dma_hoarder(int argc, char **argv)
{
    uint32_t pages = test_number(argv[argc - 1]);
    struct test_ledger before;
    uint32_t addresses[256];
    uint32_t count = 0;
    physical_t physical;
    status_t status = OK;

    test_ledger_take(&before);
    while (count < COUNT(addresses) && (status = dma_allocate(pages, 0, &addresses[count], &physical)) == OK) {
        count++;
    }
    EXPECT(count < COUNT(addresses) && (status == OVER_QUOTA || status == NO_MEMORY));
    EXPECT_STATUS(status, dma_allocate(pages, 0, &addresses[count], &physical));
    while (count-- > 0) {
        EXPECT_OK(dma_free(addresses[count]));
    }
    test_ledger_expect_same(&before);
}

static void hoarder_is_held_by_its_quota_and_gives_all_back(void)
{
    static const uint32_t sizes[] = { 1, 3, 16, 200 };

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct spawn spawn = {
            .class = CLASS_DRIVER, .flags = SPAWN_WATCH,
            .grant = { .source = ACCESS_SAME, .limits = { [RESOURCE_FRAMES] = 400, [RESOURCE_OBJECTS] = 60 } },
        };
        process_id_t hoarder;

        EXPECT_OK(test_spawn_as(&spawn, "dma_hoarder", &hoarder, test_digits(sizes[i]).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(hoarder));
    }
}

/* A guard costs an object; if there is none left nothing is begun. Found by reading: the watch was. */
static void dma_poor(int argc, char **argv)
{
    struct process_information information;
    process_id_t target = test_number(argv[argc - 1]);
    struct event event;

    for (uint32_t timers = 0;; timers++) {
        timer_id_t timer;

        EXPECT_OK(process_information(SELF, &information));
        uint32_t used = information.used[RESOURCE_OBJECTS];
        status_t status = dma_guard(target);
        EXPECT_OK(process_information(SELF, &information));
        if (status == OK) {
            EXPECT_EQUAL(used + 2, information.used[RESOURCE_OBJECTS]);
            EXPECT_OK(dma_release(target));
            EXPECT_OK(process_unwatch(target));
        } else {
            EXPECT_STATUS(OVER_QUOTA, status);
            EXPECT_EQUAL(used, information.used[RESOURCE_OBJECTS]);
            EXPECT_STATUS(NOT_FOUND, process_unwatch(target));
        }
        if (timer_create(FOREVER, 0, &timer) != OK) {
            break;
        }
        EXPECT(timers < 20);
    }
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

static void guard_that_cannot_be_paid_for_leaves_nothing(void)
{
    struct region region;
    process_id_t owner = start_owner(1, &region), poor;
    struct spawn spawn = {
        .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .grant = { .source = ACCESS_SAME, .limits = { [RESOURCE_OBJECTS] = 6 } },
    };

    EXPECT_OK(test_spawn_as(&spawn, "dma_poor", &poor, test_digits(owner).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(poor));
    peer_kill(owner);
}

const struct test dma_tests[] = {
    TEST(CLASS_DRIVER, memory_is_as_it_was_asked_for_and_all_zeroes),
    TEST(CLASS_DRIVER, memory_of_others_comes_back_as_zeroes),
    TEST(CLASS_DRIVER, arguments_that_make_no_sense_are_refused),
    TEST(CLASS_DRIVER, memory_that_is_unmapped_is_not_given_back),
    TEST(CLASS_DRIVER, memory_cannot_be_given_away_or_shared),
    TEST(CLASS_DRIVER, frame_under_a_wait_is_nobody_elses_when_it_ends),
    TEST(CLASS_DRIVER, driver_with_dma_memory_stays_a_driver),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, check_says_what_lies_within_memory_of_one_process),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, guarded_memory_of_the_dead_is_kept_until_it_is_released),
    TEST_WITH_RIGHTS(RIGHT_PCI, CLASS_DRIVER, guard_is_told_of_the_end_though_nobody_watched),
    TEST_WITH_RIGHTS(RIGHT_DMA_CONTROLLER, CLASS_DRIVER, guards_that_make_no_sense_are_refused),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, memory_of_the_dead_waits_for_the_last_guard),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, guard_that_dies_leaves_it_to_its_successor),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, memory_of_the_dead_without_guards_goes_at_once),
    TEST(CLASS_DRIVER, hoarder_is_held_by_its_quota_and_gives_all_back),
    TEST_WITH_RIGHTS(CONTROLLER, CLASS_DRIVER, guard_that_cannot_be_paid_for_leaves_nothing),
};
const uint32_t dma_test_count = COUNT(dma_tests);
const struct role dma_roles[] = {
    ROLE(dma_taker), ROLE(dma_owner), ROLE(dma_guardian), ROLE(dma_hoarder), ROLE(dma_poor),
};
const uint32_t dma_role_count = COUNT(dma_roles);
