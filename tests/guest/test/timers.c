/* Timers: never early, none forgotten, and gone when they are ended. */
#include <ternion/system.h>

#include "dice.h"
#include "files.h"
#include "puppet.h"
#include "transfer.h"

#define A_MOMENT_NS (20 * MILLISECOND)
#define OBJECTS 100U             /* timers at a time: a small machine's quota has room for them */

static timer_id_t timer_new(nanoseconds_t deadline_ns, nanoseconds_t period_ns)
{
    timer_id_t id;

    EXPECT_OK(timer_create(deadline_ns, period_ns, &id));
    EXPECT(id != 0);
    return id;
}

/* Nothing comes for a moment. */
static void expect_quiet(void)
{
    struct event event;

    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(A_MOMENT_NS)));
}

/* ---- When ---- */

static void timer_is_due_once_and_never_early(void)
{
    struct dice dice = dice_take(31);

    for (uint32_t i = 0; i < 60; i++) {
        nanoseconds_t deadline_ns = clock_after(dice_throw(&dice, 12000) * MICROSECOND);
        timer_id_t id = timer_new(deadline_ns, 0);

        event_expect(EVENT_TIMER, id, 1);
        EXPECT(clock_now() >= deadline_ns);
        if (i % 16 == 0) {
            expect_quiet();
        }
        EXPECT_OK(timer_end(id));
    }
}

/* How often it can have been due by now. */
static uint64_t due_by_now(nanoseconds_t first_ns, nanoseconds_t period_ns)
{
    nanoseconds_t now = clock_now();

    return now < first_ns ? 0 : (now - first_ns) / period_ns + 1;
}

static void timer_with_a_period_is_due_again_and_again_and_never_early(void)
{
    static const nanoseconds_t periods[] = { TIMER_PERIOD_MIN_NS, TIMER_PERIOD_MIN_NS + 1, 2300 * MICROSECOND, 7 * MILLISECOND };

    for (uint32_t i = 0; i < COUNT(periods); i++) {
        nanoseconds_t first_ns = clock_after(3 * MILLISECOND);
        timer_id_t id = timer_new(first_ns, periods[i]);
        uint32_t total = 0;

        while (total < 20) {
            struct event event;

            test_wait_event(&event, EVENT_TIMER);
            EXPECT_EQUAL(id, event.id);
            EXPECT(event.count > 0);
            total += event.count;
            EXPECT(total <= due_by_now(first_ns, periods[i]));
        }
        EXPECT_OK(timer_end(id));
    }
    expect_quiet();
}

static void due_times_that_nobody_takes_are_one_event_that_counts_them(void)
{
    nanoseconds_t period_ns = 5 * MILLISECOND, first_ns = clock_after(period_ns);
    timer_id_t id = timer_new(first_ns, period_ns);
    struct event event;

    clock_sleep(20 * period_ns);
    EXPECT_OK(event_poll(&event));
    EXPECT_EQUAL(EVENT_TIMER, event.kind);
    EXPECT_EQUAL(id, event.id);
    EXPECT(event.count <= due_by_now(first_ns, period_ns));
    EXPECT(event.count >= 18);
    event_expect(EVENT_TIMER, id, 1);        /* it counts from the start again */
    EXPECT_OK(timer_end(id));
}

/* What was missed before it was made is made up for, but nothing comes before its time. */
static void timer_of_the_past_is_due_at_once_and_catches_up(void)
{
    nanoseconds_t period_ns = 10 * MILLISECOND, first_ns = clock_now() - 9 * period_ns;
    uint32_t total = 0;

    timer_id_t id = timer_new(0, 0);
    event_expect(EVENT_TIMER, id, 1);
    EXPECT_OK(timer_set(id, clock_now() - 1, 0));
    event_expect(EVENT_TIMER, id, 1);
    expect_quiet();
    EXPECT_OK(timer_set(id, first_ns, period_ns));
    while (total < 15) {
        struct event event;

        test_wait_event(&event, EVENT_TIMER);
        total += event.count;
        EXPECT(total <= due_by_now(first_ns, period_ns));
    }
    EXPECT(due_by_now(first_ns, period_ns) < 30);
    EXPECT_OK(timer_end(id));
}

static void timer_that_is_due_forever_is_never_due(void)
{
    timer_id_t once = timer_new(FOREVER, 0), again = timer_new(FOREVER, TIMER_PERIOD_MIN_NS), late = timer_new(FOREVER - 1, 0);

    expect_quiet();
    EXPECT_OK(timer_end(once));
    EXPECT_OK(timer_end(again));
    EXPECT_OK(timer_end(late));
}

/* The time after next is beyond what a number can hold: that is never. */
static void timer_with_an_endless_period_is_due_once(void)
{
    static const nanoseconds_t periods[] = { FOREVER, FOREVER - 1, FOREVER - SECOND, FOREVER / 2 + 1 };

    for (uint32_t i = 0; i < COUNT(periods); i++) {
        timer_id_t id = timer_new(clock_after(2 * MILLISECOND), periods[i]);

        event_expect(EVENT_TIMER, id, 1);
        expect_quiet();
        EXPECT_OK(timer_end(id));
    }
}

/* ---- Many ---- */

static void many_timers_that_are_due_together_come_once_each(void)
{
    timer_id_t ids[OBJECTS];
    bool seen[OBJECTS] = { false };
    nanoseconds_t deadline_ns = clock_after(50 * MILLISECOND);
    struct event event;

    for (uint32_t i = 0; i < OBJECTS; i++) {
        ids[i] = timer_new(deadline_ns, 0);
    }
    for (uint32_t i = 0; i < OBJECTS; i++) {
        uint32_t which = 0;

        test_wait_event(&event, EVENT_TIMER);
        EXPECT(clock_now() >= deadline_ns);
        EXPECT_EQUAL(1, event.count);
        while (which < OBJECTS && ids[which] != event.id) {
            which++;
        }
        EXPECT(which < OBJECTS && !seen[which]);
        seen[which] = true;
    }
    expect_quiet();
}

/* Over more ticks than the kernel's wheel has lists. */
static void timers_come_in_the_order_of_their_deadlines(void)
{
    struct {
        timer_id_t id;
        nanoseconds_t deadline_ns;
    } timers[60];
    struct dice dice = dice_take(32);
    nanoseconds_t begin = clock_now(), last_ns = 0;

    for (uint32_t i = 0; i < COUNT(timers); i++) {
        timers[i].deadline_ns = begin + dice_between(&dice, 10, 700) * MILLISECOND;
        timers[i].id = timer_new(timers[i].deadline_ns, 0);
    }
    for (uint32_t i = 0; i < COUNT(timers); i++) {
        struct event event;
        uint32_t which = 0;

        test_wait_event(&event, EVENT_TIMER);
        while (which < COUNT(timers) && timers[which].id != event.id) {
            which++;
        }
        EXPECT(which < COUNT(timers));
        EXPECT(clock_now() >= timers[which].deadline_ns);
        EXPECT(timers[which].deadline_ns + 2 * MILLISECOND > last_ns); /* two in a tick come in any order */
        last_ns = timers[which].deadline_ns;
        EXPECT_OK(timer_end(event.id));
    }
}

/* ---- Set and ended ---- */

static void setting_a_timer_forgets_what_it_had_to_say(void)
{
    timer_id_t id = timer_new(0, TIMER_PERIOD_MIN_NS);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(timer_set(id, FOREVER, 0));
    event_expect_none();
    expect_quiet();

    EXPECT_OK(timer_set(id, 0, TIMER_PERIOD_MIN_NS));
    clock_sleep(A_MOMENT_NS);
    nanoseconds_t deadline_ns = clock_after(A_MOMENT_NS);
    EXPECT_OK(timer_set(id, deadline_ns, 0));
    event_expect(EVENT_TIMER, id, 1);
    EXPECT(clock_now() >= deadline_ns);
    expect_quiet();

    EXPECT_OK(timer_set(id, clock_after(2 * MILLISECOND), 0));       /* before it is due */
    EXPECT_OK(timer_set(id, clock_after(200 * MILLISECOND), 0));
    expect_quiet();
    EXPECT_OK(timer_end(id));
}

static void ending_a_timer_withdraws_its_event(void)
{
    timer_id_t id = timer_new(0, TIMER_PERIOD_MIN_NS);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(timer_end(id));
    event_expect_none();
    expect_quiet();
    EXPECT_STATUS(BAD_ID, timer_end(id));
    EXPECT_STATUS(BAD_ID, timer_set(id, 0, 0));
    EXPECT(timer_new(FOREVER, 0) != id);
}

static void periods_that_are_too_short_are_refused_and_change_nothing(void)
{
    static const nanoseconds_t periods[] = { 1, TIMER_PERIOD_MIN_NS / 2, TIMER_PERIOD_MIN_NS - 1 };
    nanoseconds_t deadline_ns = clock_after(A_MOMENT_NS);
    timer_id_t id = timer_new(deadline_ns, 0), other = 77;

    for (uint32_t i = 0; i < COUNT(periods); i++) {
        EXPECT_STATUS(BAD_ARGUMENT, timer_create(0, periods[i], &other));
        EXPECT_STATUS(BAD_ARGUMENT, timer_set(id, 0, periods[i]));
    }
    EXPECT_EQUAL(77, other);
    event_expect(EVENT_TIMER, id, 1);
    EXPECT(clock_now() >= deadline_ns);
    expect_quiet();
}

static void timers_of_others_cannot_be_touched(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    nanoseconds_t deadline_ns = clock_after(A_MOMENT_NS);
    timer_id_t id = timer_new(deadline_ns, 0);

    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_TIMER_SET, .id = id });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_TIMER_END, .id = id });
    event_expect(EVENT_TIMER, id, 1);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        EXPECT_STATUS(BAD_ID, timer_set(id ^ bit, 0, 0));
        EXPECT_STATUS(BAD_ID, timer_end(id ^ bit));
    }
    EXPECT_STATUS(BAD_ID, timer_end(0));
    EXPECT_OK(timer_end(id));
    puppet_end(other);
}

/* ---- What they cost ---- */

/* Ends with timers of all kinds: due and not taken, running, stopped. */
static void timer_keeper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 0; i < OBJECTS / 4; i++) {
        (void)timer_new(0, 0);
        (void)timer_new(0, TIMER_PERIOD_MIN_NS);
        (void)timer_new(clock_after(SECOND), 0);
        (void)timer_new(FOREVER, 0);
    }
    clock_sleep(5 * MILLISECOND);
    EXPECT_OK(timer_end(timer_new(0, 0)));
}

static void timers_end_with_their_process(void)
{
    struct test_ledger before;
    process_id_t keeper;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "timer_keeper", &keeper, NULL));
    EXPECT_EQUAL(0, test_wait_exit(keeper));
    test_ledger_take(&before);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "timer_keeper", &keeper, NULL));
        EXPECT_EQUAL(0, test_wait_exit(keeper));
    }
    test_ledger_expect_same(&before);
}

static uint32_t objects_used(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.used[RESOURCE_OBJECTS];
}

static void each_timer_costs_an_object_until_it_is_ended(void)
{
    timer_id_t ids[10];
    uint32_t before = objects_used();

    for (uint32_t i = 0; i < COUNT(ids); i++) {
        ids[i] = timer_new(i, i % 2 * TIMER_PERIOD_MIN_NS);
        EXPECT_EQUAL(before + i + 1, objects_used());
    }
    clock_sleep(5 * MILLISECOND);
    EXPECT_EQUAL(before + COUNT(ids), objects_used());
    for (uint32_t i = 0; i < COUNT(ids); i++) {
        EXPECT_OK(timer_end(ids[i]));
        EXPECT_EQUAL(before + COUNT(ids) - i - 1, objects_used());
    }
    event_expect_none();
}

const struct test timers_tests[] = {
    TEST(CLASS_APPLICATION, timer_is_due_once_and_never_early),
    TEST(CLASS_APPLICATION, timer_with_a_period_is_due_again_and_again_and_never_early),
    TEST(CLASS_APPLICATION, due_times_that_nobody_takes_are_one_event_that_counts_them),
    TEST(CLASS_APPLICATION, timer_of_the_past_is_due_at_once_and_catches_up),
    TEST(CLASS_APPLICATION, timer_that_is_due_forever_is_never_due),
    TEST(CLASS_APPLICATION, timer_with_an_endless_period_is_due_once),
    TEST(CLASS_APPLICATION, many_timers_that_are_due_together_come_once_each),
    TEST(CLASS_APPLICATION, timers_come_in_the_order_of_their_deadlines),
    TEST(CLASS_APPLICATION, setting_a_timer_forgets_what_it_had_to_say),
    TEST(CLASS_APPLICATION, ending_a_timer_withdraws_its_event),
    TEST(CLASS_APPLICATION, periods_that_are_too_short_are_refused_and_change_nothing),
    TEST(CLASS_APPLICATION, timers_of_others_cannot_be_touched),
    TEST(CLASS_APPLICATION, timers_end_with_their_process),
    TEST(CLASS_APPLICATION, each_timer_costs_an_object_until_it_is_ended),
};
const uint32_t timers_test_count = COUNT(timers_tests);
const struct role timers_roles[] = {
    ROLE(timer_keeper),
};
const uint32_t timers_role_count = COUNT(timers_roles);
