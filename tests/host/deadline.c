/* The wheel of deadlines against a table that is searched whole at each tick. */
#include "deadline.h"

#include "test.h"

#define DEADLINES 200U
#define TICKS (40U * DEADLINE_SLOTS)

static struct deadline_wheel wheel;
static struct deadline deadlines[DEADLINES];
static uint64_t due[DEADLINES];              /* 0: in no wheel */

static void begin(void)
{
    deadlines_initialise(&wheel);
    for (uint32_t i = 0; i < DEADLINES; i++) {
        list_initialise(&deadlines[i].node);
        due[i] = 0;
    }
}

static void add(uint32_t which, uint64_t tick)
{
    deadline_add(&wheel, &deadlines[which], tick);
    due[which] = tick;
}

/* Within this lap, exactly laps away, or far. */
static uint64_t random_distance(void)
{
    switch (random_below(4)) {
    case 0:
        return 1 + random_below(3);
    case 1:
        return DEADLINE_SLOTS * (1 + random_below(6)) + random_below(3) - 1;
    default:
        return 1 + random_below(5 * DEADLINE_SLOTS);
    }
}

static void add_or_cancel_some(uint64_t now)
{
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t which = random_below(DEADLINES);

        if (due[which] == 0) {
            add(which, now + random_distance());
        } else if (random_one_in(6)) {
            deadline_cancel(&deadlines[which]);
            CHECK(list_is_empty(&deadlines[which].node));
            due[which] = 0;
        }
    }
}

/* All that expire at this tick, and no other, come out. */
static uint32_t tick(uint64_t now)
{
    struct deadline *deadline;
    uint32_t expired = 0;

    while ((deadline = deadline_expire(&wheel, now)) != NULL) {
        uint32_t which = (uint32_t)(deadline - deadlines);

        CHECK(which < DEADLINES);
        CHECK_EQUAL(due[which], now);
        CHECK_EQUAL(deadline->tick, now);
        CHECK(list_is_empty(&deadline->node));
        due[which] = 0;
        expired++;
    }
    for (uint32_t i = 0; i < DEADLINES; i++) {
        CHECK(due[i] == 0 || due[i] > now);
    }
    return expired;
}

static void run_from(uint64_t first)
{
    uint32_t expired = 0;

    begin();
    for (uint64_t now = first; now < first + TICKS; now++) {
        expired += tick(now);
        add_or_cancel_some(now);
    }
    CHECK(expired > TICKS / 4);
}

static void every_deadline_expires_at_its_tick_and_at_no_other(void)
{
    run_from(1);
}

static void ticks_over_32_bits_are_as_good_as_others(void)
{
    run_from(UINT32_MAX - 3ULL * DEADLINE_SLOTS);
}

static void far_deadlines_of_the_same_slot_wait_for_their_lap(void)
{
    begin();
    add(0, 1 + 3ULL * DEADLINE_SLOTS);
    add(1, 1 + 1ULL * DEADLINE_SLOTS);
    add(2, 1 + (1ULL << 32));                /* same low half as tick 1 */
    for (uint64_t now = 1; now <= 4 * DEADLINE_SLOTS; now++) {
        CHECK_EQUAL(tick(now), now == 1 + 3 * DEADLINE_SLOTS || now == 1 + DEADLINE_SLOTS);
    }
    CHECK(due[2] != 0);
}

static void deadlines_of_one_tick_all_expire_in_it(void)
{
    begin();
    for (uint32_t i = 0; i < DEADLINES; i++) {
        add(i, 300);
    }
    for (uint64_t now = 1; now < 300; now++) {
        CHECK_EQUAL(tick(now), 0);
    }
    CHECK_EQUAL(tick(300), DEADLINES);
}

static void cancelling_what_is_in_no_wheel_is_fine(void)
{
    begin();
    deadline_cancel(&deadlines[0]);
    add(0, 5);
    deadline_cancel(&deadlines[0]);
    deadline_cancel(&deadlines[0]);
    CHECK(deadline_expire(&wheel, 5) == NULL);
    add(0, 9);
    CHECK(deadline_expire(&wheel, 9) == &deadlines[0]);
    deadline_cancel(&deadlines[0]);
}

static const struct test tests[] = {
    TEST(every_deadline_expires_at_its_tick_and_at_no_other),
    TEST(ticks_over_32_bits_are_as_good_as_others),
    TEST(far_deadlines_of_the_same_slot_wait_for_their_lap),
    TEST(deadlines_of_one_tick_all_expire_in_it),
    TEST(cancelling_what_is_in_no_wheel_is_fine),
};
TEST_MAIN(tests)
