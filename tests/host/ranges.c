/* Sets of ranges against a picture of them: a yes or no for each of the numbers near both ends, and one for all between. */
#include "drivers/init/ranges.h"

#include <string.h>

#include "test.h"

#define EDGE 64U                 /* numbers at each end that are looked at one by one */
#define PICTURE (2 * EDGE + 1)
#define ROUNDS 20000U

struct picture {
    bool has[PICTURE];           /* 0 … EDGE - 1, all between, the last EDGE */
};

static uint32_t number_of(uint32_t place)
{
    return place <= EDGE ? place : UINT32_MAX - (PICTURE - 1 - place);
}

static struct range random_range(void)
{
    uint32_t first = random_below(PICTURE);
    uint32_t last = random_one_in(3) ? first : random_below(PICTURE);

    return first <= last ? (struct range){ number_of(first), last == EDGE ? UINT32_MAX - EDGE : number_of(last) }
                         : (struct range){ number_of(last), first == EDGE ? UINT32_MAX - EDGE : number_of(first) };
}

static void draw(struct picture *picture, const struct range *range)
{
    for (uint32_t place = 0; place < PICTURE; place++) {
        picture->has[place] |= range->first <= number_of(place) && number_of(place) <= range->last;
    }
}

static void check_set(const struct range_set *set, const struct picture *expected)
{
    struct picture drawn = { 0 };

    CHECK(set->count <= RANGES_MAX);
    for (uint32_t i = 0; i < set->count; i++) {
        CHECK(set->ranges[i].first <= set->ranges[i].last);
        CHECK(i == 0 || set->ranges[i].first > (uint64_t)set->ranges[i - 1].last + 1);
        draw(&drawn, &set->ranges[i]);
    }
    CHECK(memcmp(&drawn, expected, sizeof drawn) == 0);
}

static void make_set(struct range_set *set, struct picture *picture)
{
    set->count = 0;
    *picture = (struct picture){ 0 };
    for (uint32_t left = random_below(ACCESS_PORTS_MAX + 1); left > 0; left--) {
        struct range range = random_range();

        ranges_add(set, range);
        draw(picture, &range);
        check_set(set, picture);
    }
}

static void sets_agree_with_their_pictures(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct range_set set, other, common, rest;
        struct picture picture, other_picture, both = { 0 }, alone = { 0 };

        make_set(&set, &picture);
        make_set(&other, &other_picture);
        for (uint32_t place = 0; place < PICTURE; place++) {
            both.has[place] = picture.has[place] && other_picture.has[place];
            alone.has[place] = picture.has[place] && !other_picture.has[place];
        }
        ranges_cut(&set, &other, &common);
        check_set(&common, &both);
        ranges_subtract(&set, &other, &rest);
        check_set(&rest, &alone);
    }
}

static void full_sets_cut_and_subtract_within_their_bounds(void)
{
    struct range_set set = { 0 }, other = { 0 }, result;

    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        ranges_add(&set, (struct range){ i * 100, i * 100 + 90 });
        ranges_add(&other, (struct range){ i * 100 + 40, i * 100 + 130 });
    }
    ranges_cut(&set, &other, &result);
    CHECK_EQUAL(result.count, 2 * ACCESS_PORTS_MAX - 1);
    ranges_subtract(&set, &other, &result);
    CHECK_EQUAL(result.count, ACCESS_PORTS_MAX);
}

/* Ranges that an access cannot say, or has no room for, are in neither it nor the set afterwards. */
static void access_gets_what_the_set_says_afterwards(void)
{
    struct access access = { .ports = { { 1, 2 } } };
    struct range_set set = { 2, { { 0, 0 }, { 7, 9 } } };
    struct range_set again;

    ranges_to_ports(&set, &access);
    CHECK_EQUAL(set.count, 1);
    ranges_of_ports(&access, &again);
    CHECK(again.count == 1 && again.ranges[0].first == 7 && again.ranges[0].last == 9);
    CHECK_EQUAL(access.ports[1].last, 0);

    set.count = 0;
    for (uint32_t i = 0; i < RANGES_MAX; i++) {
        set.ranges[set.count++] = (struct range){ 10 * i + 1, 10 * i + 5 };
    }
    ranges_to_memory(&set, &access);
    CHECK_EQUAL(set.count, ACCESS_MEMORY_MAX);
    ranges_of_memory(&access, &again);
    CHECK_EQUAL(again.count, ACCESS_MEMORY_MAX);
}

static void ranges_that_end_before_they_begin_are_none(void)
{
    struct access access = { .ports = { { 9, 7 }, { 0, 0 }, { 0, 3 } }, .memory = { { 9, 7 } } };
    struct range_set set;

    ranges_of_ports(&access, &set);
    CHECK(set.count == 1 && set.ranges[0].first == 0 && set.ranges[0].last == 3);
    ranges_of_memory(&access, &set);
    CHECK_EQUAL(set.count, 0);
}

static const struct test tests[] = {
    TEST(sets_agree_with_their_pictures),
    TEST(full_sets_cut_and_subtract_within_their_bounds),
    TEST(access_gets_what_the_set_says_afterwards),
    TEST(ranges_that_end_before_they_begin_are_none),
};
TEST_MAIN(tests)
