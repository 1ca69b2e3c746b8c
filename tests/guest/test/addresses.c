/* address_wait and address_wake: who sleeps at an address is woken at it, by whoever has the same memory, in the order of coming. */
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "pages.h"
#include "puppet.h"

#define STACK_BYTES 4096U
#define A_MOMENT_NS (10 * MILLISECOND)
#define PATIENCE_NS (5 * SECOND)

struct waiter {
    const uint32_t *at;
    nanoseconds_t deadline_ns;
    thread_id_t thread;
    volatile status_t status;
    volatile uint32_t place;     /* in the order of waking, from 1 on; 0: it sleeps */
};

static uint32_t places_given;

static uint32_t *page_new(uint32_t flags)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(1, flags, &address));
    return (uint32_t *)address;
}

static void wait(void *argument)
{
    struct waiter *waiter = argument;

    waiter->status = address_wait((uint32_t)waiter->at, 0, waiter->deadline_ns);
    waiter->place = __atomic_add_fetch(&places_given, 1, __ATOMIC_RELAXED);
}

/* Starts a thread that waits for a 0 to be woken. */
static void waiter_start(struct waiter *waiter, const uint32_t *at, nanoseconds_t deadline_ns)
{
    *waiter = (struct waiter){ .at = at, .deadline_ns = deadline_ns };
    EXPECT_OK(thread_start(wait, waiter, STACK_BYTES, &waiter->thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, waiter->place);
}

static void waiter_expect(const struct waiter *waiter, status_t status)
{
    nanoseconds_t patience_ns = clock_after(PATIENCE_NS);

    while (waiter->place == 0 && clock_now() < patience_ns) {
        clock_sleep(MILLISECOND);
    }
    EXPECT(waiter->place != 0);
    EXPECT_STATUS(status, waiter->status);
}

static void expect_wakes(const uint32_t *at, uint32_t most, uint32_t expected)
{
    uint32_t woken = 77;

    EXPECT_OK(address_wake((uint32_t)at, most, &woken));
    EXPECT_EQUAL(expected, woken);
    clock_sleep(A_MOMENT_NS);
}

/* ---- When it does not sleep ---- */

static void wait_for_another_value_does_not_sleep(void)
{
    uint32_t *at = page_new(0);
    static const uint32_t values[] = { 1, 0x80000000, 0xFFFFFFFF };

    for (uint32_t i = 0; i < COUNT(values); i++) {
        EXPECT_STATUS(CHANGED, address_wait((uint32_t)at, values[i], FOREVER));
        EXPECT_STATUS(CHANGED, address_wait((uint32_t)at, values[i], 0));
        at[3] = values[i];
        EXPECT_STATUS(CHANGED, address_wait((uint32_t)&at[3], 0, FOREVER));
        EXPECT_STATUS(TIMED_OUT, address_wait((uint32_t)&at[3], values[i], 0));
    }
    expect_wakes(at, 10, 0);
}

static void wait_lasts_until_its_deadline_and_never_ends_early(void)
{
    struct dice dice = dice_take(41);
    uint32_t *at = page_new(0);

    EXPECT_STATUS(TIMED_OUT, address_wait((uint32_t)at, 0, clock_now()));
    for (uint32_t i = 0; i < 40; i++) {
        nanoseconds_t deadline_ns = clock_after(dice_throw(&dice, 10000) * MICROSECOND);

        EXPECT_STATUS(TIMED_OUT, address_wait((uint32_t)at, 0, deadline_ns));
        EXPECT(clock_now() >= deadline_ns);
    }
    expect_wakes(at, 10, 0);             /* none of these waits any more */
}

static void addresses_that_nobody_can_wait_at_are_refused(void)
{
    uint32_t run = pages_create(), *at = page_new(0), woken = 77, bad;

    for (uint32_t i = 1; i < sizeof *at; i++) {
        EXPECT_STATUS(BAD_ARGUMENT, address_wait((uint32_t)at + i, 0, 0));
        EXPECT_STATUS(BAD_ARGUMENT, address_wake((uint32_t)at + i, 1, &woken));
        EXPECT_STATUS(BAD_ARGUMENT, address_wait(USER_END + i, 0, 0));
    }
    for (uint32_t i = 0; pages_bad_to_read(run, i, sizeof *at, &bad); i++) {
        if (bad % sizeof *at == 0) {
            EXPECT_STATUS(BAD_ADDRESS, address_wait(bad, 0, 0));
            EXPECT_STATUS(BAD_ADDRESS, address_wake(bad, 1, &woken));
        }
    }
    EXPECT_EQUAL(77, woken);             /* results are untouched by a failure */
}

/* ---- Who is woken ---- */

static void waiters_are_woken_in_the_order_of_coming_and_no_more_than_wanted(void)
{
    enum { WAITERS = 8 };
    static struct waiter waiters[WAITERS];
    uint32_t *at = page_new(0);

    for (uint32_t i = 0; i < WAITERS; i++) {
        waiter_start(&waiters[i], at, FOREVER);
    }
    expect_wakes(at, 0, 0);
    EXPECT_EQUAL(0, waiters[0].place);
    expect_wakes(at, 1, 1);
    waiter_expect(&waiters[0], OK);
    expect_wakes(at, 3, 3);
    EXPECT_EQUAL(0, waiters[4].place);
    expect_wakes(at, 2, 2);
    EXPECT_EQUAL(0, waiters[6].place);
    expect_wakes(at, 0xFFFFFFFF, 2);
    for (uint32_t i = 0; i < WAITERS; i++) {
        waiter_expect(&waiters[i], OK);
        EXPECT_EQUAL(i + 1, waiters[i].place);
    }
    expect_wakes(at, 0xFFFFFFFF, 0);
}

/* Some of these meet in the kernel's table of 256 lists. */
static void waiters_at_other_addresses_sleep_on(void)
{
    static const uint32_t indices[] = { 0, 1, 2, 255, 256, 257, 512, 768, 1023 };
    static struct waiter waiters[COUNT(indices)];
    uint32_t *page = page_new(0);

    for (uint32_t i = 0; i < COUNT(indices); i++) {
        waiter_start(&waiters[i], &page[indices[i]], FOREVER);
    }
    for (uint32_t i = 0; i < COUNT(indices); i++) {
        uint32_t which = (i * 4 + 1) % COUNT(indices);

        expect_wakes(&page[indices[which]], 0xFFFFFFFF, 1);
        waiter_expect(&waiters[which], OK);
        EXPECT_EQUAL(i + 1, waiters[which].place);
        EXPECT_EQUAL(i + 1, places_given);
    }
}

static void memory_that_is_only_promised_or_read_only_can_be_waited_at(void)
{
    static struct waiter promised, read_only;
    uint32_t *promise = page_new(MEMORY_ON_DEMAND), *page = page_new(MEMORY_READ_ONLY);

    waiter_start(&promised, &promise[5], FOREVER);
    waiter_start(&read_only, page, FOREVER);
    promise[6] = 1;
    expect_wakes(&promise[5], 5, 1);
    expect_wakes(page, 5, 1);
    waiter_expect(&promised, OK);
    waiter_expect(&read_only, OK);
}

/* ---- Between processes ---- */

/* Each finds the memory somewhere else. */
static void processes_meet_at_an_address_of_memory_that_they_share(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle;
    static struct waiter waiter;

    EXPECT_OK(shared_create(3, &handle));
    uint32_t theirs = puppet_expect(other, OK, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle.id,
                                                               .key = handle.read_only_key });
    EXPECT(theirs != handle.address);
    for (uint32_t offset = 0; offset < 3 * PAGE_SIZE; offset += 2 * PAGE_SIZE - 4) {
        uint32_t *ours = (uint32_t *)(handle.address + offset);

        puppet_begin(other, (struct order){ .operation = PUPPET_ADDRESS_WAIT, .address = theirs + offset, .deadline_ns = FOREVER });
        expect_wakes(ours + 1, 5, 0);
        expect_wakes(ours, 5, 1);
        EXPECT_OK(puppet_outcome(other).status);
        waiter_start(&waiter, ours, FOREVER);
        EXPECT_EQUAL(1, puppet_expect(other, OK, (struct order){ .operation = PUPPET_ADDRESS_WAKE, .address = theirs + offset, .size = 5 }));
        waiter_expect(&waiter, OK);
    }
    EXPECT_OK(shared_leave(handle.id));
    puppet_end(other);
}

static void same_address_of_other_memory_is_another(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    static uint32_t value;

    puppet_begin(other, (struct order){ .operation = PUPPET_ADDRESS_WAIT, .address = (uint32_t)&value,
                                        .deadline_ns = clock_after(100 * MILLISECOND) });
    expect_wakes(&value, 5, 0);
    EXPECT_STATUS(TIMED_OUT, puppet_outcome(other).status);
    puppet_end(other);
}

/* Memory that was given back is somebody else's: who still waits at it wakes nobody's share away. */
static void memory_that_was_freed_under_a_waiter_is_not_its_memory_any_more(void)
{
    enum { PAGES_TRIED = 200 };
    static struct waiter waiter;
    uint32_t *at = page_new(0), address;

    at[7] = 0;
    waiter_start(&waiter, &at[7], FOREVER);
    EXPECT_OK(memory_free((uint32_t)at, 1));
    EXPECT_OK(memory_allocate(PAGES_TRIED, 0, &address));
    for (uint32_t i = 0; i < PAGES_TRIED; i++) {
        uint32_t woken;

        EXPECT_OK(address_wake(address + i * PAGE_SIZE + 7 * sizeof *at, 5, &woken));
        EXPECT_EQUAL(0, woken);
    }
}

/* ---- What happens to waiters ---- */

static void waiter_that_has_ended_is_not_woken(void)
{
    static struct waiter first, second;
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct shared_handle handle;

    EXPECT_OK(shared_create(1, &handle));
    const uint32_t *at = (const uint32_t *)handle.address;
    uint32_t theirs = puppet_expect(other, OK, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle.id, .key = handle.key });
    waiter_start(&first, at, FOREVER);
    puppet_begin(other, (struct order){ .operation = PUPPET_ADDRESS_WAIT, .address = theirs, .deadline_ns = FOREVER });
    waiter_start(&second, at, FOREVER);
    EXPECT_OK(thread_terminate(first.thread));
    EXPECT_OK(process_terminate(other, 0));
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(other));
    expect_wakes(at, 1, 1);
    waiter_expect(&second, OK);
    expect_wakes(at, 5, 0);
    EXPECT_EQUAL(0, first.place);
}

static void waiter_that_was_put_to_sleep_goes_on_when_it_wakes(void)
{
    static struct waiter waiter;
    uint32_t *at = page_new(0);

    waiter_start(&waiter, at, FOREVER);
    EXPECT_OK(thread_sleep(waiter.thread));
    expect_wakes(at, 5, 1);
    EXPECT_EQUAL(0, waiter.place);
    EXPECT_OK(thread_wake(waiter.thread));
    waiter_expect(&waiter, OK);
}

static void waking_a_thread_does_not_end_its_wait_at_an_address(void)
{
    static struct waiter waiter;
    uint32_t *at = page_new(0);

    waiter_start(&waiter, at, FOREVER);
    EXPECT_OK(thread_wake(waiter.thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, waiter.place);
    expect_wakes(at, 5, 1);
    waiter_expect(&waiter, OK);
}

/* It counts as woken: who woke it relies on that, and wakes no other in its place. */
static void waiter_woken_before_its_deadline_has_not_timed_out_however_late_it_runs(void)
{
    static struct waiter waiter;
    uint32_t *at = page_new(0);

    waiter_start(&waiter, at, clock_after(100 * MILLISECOND));
    EXPECT_OK(thread_sleep(waiter.thread));
    expect_wakes(at, 1, 1);
    clock_sleep(200 * MILLISECOND);
    EXPECT_OK(thread_wake(waiter.thread));
    waiter_expect(&waiter, OK);
}

/* The other way round: it is not there any more to be woken, though it has not run yet. */
static void waiter_that_has_timed_out_is_not_woken(void)
{
    static struct waiter waiter;
    uint32_t *at = page_new(0);

    waiter_start(&waiter, at, clock_after(50 * MILLISECOND));
    EXPECT_OK(thread_sleep(waiter.thread));
    clock_sleep(100 * MILLISECOND);
    expect_wakes(at, 5, 0);
    EXPECT_OK(thread_wake(waiter.thread));
    waiter_expect(&waiter, TIMED_OUT);
}

const struct test addresses_tests[] = {
    TEST(CLASS_APPLICATION, wait_for_another_value_does_not_sleep),
    TEST(CLASS_APPLICATION, wait_lasts_until_its_deadline_and_never_ends_early),
    TEST(CLASS_APPLICATION, addresses_that_nobody_can_wait_at_are_refused),
    TEST(CLASS_APPLICATION, waiters_are_woken_in_the_order_of_coming_and_no_more_than_wanted),
    TEST(CLASS_APPLICATION, waiters_at_other_addresses_sleep_on),
    TEST(CLASS_APPLICATION, memory_that_is_only_promised_or_read_only_can_be_waited_at),
    TEST(CLASS_APPLICATION, processes_meet_at_an_address_of_memory_that_they_share),
    TEST(CLASS_APPLICATION, same_address_of_other_memory_is_another),
    TEST(CLASS_APPLICATION, memory_that_was_freed_under_a_waiter_is_not_its_memory_any_more),
    TEST(CLASS_SERVER, waiter_that_has_ended_is_not_woken),
    TEST(CLASS_APPLICATION, waiter_that_was_put_to_sleep_goes_on_when_it_wakes),
    TEST(CLASS_APPLICATION, waking_a_thread_does_not_end_its_wait_at_an_address),
    TEST(CLASS_APPLICATION, waiter_woken_before_its_deadline_has_not_timed_out_however_late_it_runs),
    TEST(CLASS_APPLICATION, waiter_that_has_timed_out_is_not_woken),
};
const uint32_t addresses_test_count = COUNT(addresses_tests);
const struct role addresses_roles[] = {};
const uint32_t addresses_role_count = COUNT(addresses_roles);
