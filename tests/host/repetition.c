/* Which mistakes are reported in full. */
#include "repetition.h"

#include <stdio.h>

#include "test.h"

#define SECOND_NS 1000000000ULL

static struct repetitions repetitions;

static void fourth_of_the_same_within_a_minute_is_told_shortly(void)
{
    uint32_t count;

    for (uint32_t i = 1; i <= 10; i++) {
        CHECK(repetition_count(&repetitions, "a\\x", 0x200000, i * SECOND_NS, &count) == (i <= REPETITION_SAME_MAX));
        CHECK_EQUAL(count, i);
    }
    CHECK(!repetition_count(&repetitions, "a\\x", 0x200000, 60 * SECOND_NS, &count));
    CHECK(repetition_count(&repetitions, "a\\x", 0x200000, 61 * SECOND_NS, &count));
    CHECK_EQUAL(count, 1);
}

static void other_names_and_addresses_count_apart(void)
{
    uint32_t count;

    for (uint32_t i = 0; i < 3; i++) {
        CHECK(repetition_count(&repetitions, "a\\x", 0x200000, SECOND_NS, &count));
        CHECK(repetition_count(&repetitions, "a\\y", 0x200000, SECOND_NS, &count));
        CHECK(repetition_count(&repetitions, "a\\x", 0x200004, SECOND_NS, &count));
        CHECK_EQUAL(count, i + 1);
    }
    CHECK(!repetition_count(&repetitions, "a\\x", 0x200000, SECOND_NS, &count));
}

static void place_of_the_oldest_is_taken(void)
{
    uint32_t count;
    char name[8];

    for (uint32_t i = 0; i < REPETITIONS_KEPT + 1; i++) {
        snprintf(name, sizeof name, "a\\%u", i);
        CHECK(repetition_count(&repetitions, name, 1, (i + 1) * SECOND_NS, &count));
    }
    CHECK(repetition_count(&repetitions, "a\\1", 1, 20 * SECOND_NS, &count));
    CHECK_EQUAL(count, 2);
    CHECK(repetition_count(&repetitions, "a\\0", 1, 20 * SECOND_NS, &count));
    CHECK_EQUAL(count, 1);
}

static void all_together_are_bounded(void)
{
    uint32_t count, full = 0;

    for (uint32_t i = 0; i < 1000; i++) {
        full += repetition_count(&repetitions, "a\\x", i, SECOND_NS + i, &count);
    }
    CHECK_EQUAL(full, REPETITION_ALL_MAX);
    CHECK(repetition_count(&repetitions, "a\\x", 1, 70 * SECOND_NS, &count));
}

static void name_without_an_end_is_cut(void)
{
    char name[NAME_SIZE_MAX + 1];
    uint32_t count;

    for (uint32_t i = 0; i < sizeof name; i++) {
        name[i] = 'n';
    }
    CHECK(repetition_count(&repetitions, name, 1, 1, &count));
    CHECK(repetition_count(&repetitions, name, 1, 1, &count));
    CHECK_EQUAL(count, 2);
}

static const struct test tests[] = {
    TEST(fourth_of_the_same_within_a_minute_is_told_shortly),
    TEST(other_names_and_addresses_count_apart),
    TEST(place_of_the_oldest_is_taken),
    TEST(all_together_are_bounded),
    TEST(name_without_an_end_is_cut),
};

TEST_MAIN(tests)
