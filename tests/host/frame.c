/* The frame table against a model: a byte per frame that says who owns it. */
#include "frame.h"

#include <string.h>

#include "test.h"

#define COUNT 5000U              /* not a power of two: the last blocks are smaller */
#define BLOCKS_MAX 600U
#define ROUNDS 30000U

enum owner { NOBODY, FREE, SOMEBODY };

struct block {
    uint32_t first;
    uint32_t order;
};

static struct frame frames[COUNT];
static struct frame_table table;
static uint8_t owners[COUNT];
static struct block blocks[BLOCKS_MAX];
static uint32_t block_count;

static void add(uint32_t first, uint32_t count)
{
    frames_add(&table, first, count);
    for (uint32_t i = first; i < first + count; i++) {
        owners[i] = owners[i] == NOBODY ? FREE : owners[i];
    }
}

static void begin(void)
{
    frames_initialise(&table, frames, COUNT);
    memset(owners, NOBODY, sizeof owners);
    block_count = 0;
}

/* RAM as machines have it: with holes. */
static void begin_with_holes(void)
{
    begin();
    add(1, 158);
    add(256, 3000);
    add(3300, COUNT - 3300);
}

static void set_owner(const struct block *block, enum owner before, enum owner after)
{
    for (uint32_t i = block->first; i < block->first + (1U << block->order); i++) {
        CHECK(i < COUNT);
        CHECK_EQUAL(owners[i], before);
        owners[i] = (uint8_t)after;
    }
}

static uint32_t count_owned(enum owner owner)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < COUNT; i++) {
        count += owners[i] == owner;
    }
    return count;
}

/* Is there a block of this order in front of frame `end` whose frames are all free? */
static bool is_room(uint32_t order, uint32_t end)
{
    for (uint32_t first = 0; first + (1U << order) <= end; first += 1U << order) {
        if (memchr(&owners[first], NOBODY, 1U << order) == NULL && memchr(&owners[first], SOMEBODY, 1U << order) == NULL) {
            return true;
        }
    }
    return false;
}

/* The lists hold exactly the free frames of the model, each once, and no two buddies that could be one block. */
static void check_lists(void)
{
    static uint8_t seen[COUNT];
    uint32_t listed = 0;

    memset(seen, 0, sizeof seen);
    for (uint32_t order = 0; order < FRAME_ORDERS; order++) {
        uint32_t previous = FRAME_NONE;

        for (uint32_t number = table.first_free[order]; number != FRAME_NONE; number = frames[number].next) {
            CHECK(number < COUNT && number % (1U << order) == 0);
            CHECK_EQUAL(frames[number].previous, previous);
            CHECK_EQUAL(frames[number].state, FRAME_FREE);
            CHECK_EQUAL(frames[number].order, order);
            for (uint32_t i = number; i < number + (1U << order); i++) {
                CHECK(owners[i] == FREE && !seen[i]);
                seen[i] = 1;
            }
            uint32_t buddy = number ^ (1U << order);
            CHECK(order + 1 == FRAME_ORDERS || buddy >= COUNT || frames[buddy].state != FRAME_FREE || frames[buddy].order != order);
            listed += 1U << order;
            previous = number;
        }
    }
    CHECK_EQUAL(listed, count_owned(FREE));
    CHECK_EQUAL(table.free, listed);
}

/* Anywhere, or in front of some frame. */
static void take_random(void)
{
    struct block block = { .order = random_below(FRAME_ORDERS) };
    uint32_t end = random_one_in(3) ? random_below(COUNT + 100) : COUNT;

    block.order = random_below(block.order + 1);
    block.first = end == COUNT ? frames_take(&table, block.order, true) : frames_take_below(&table, block.order, end, true);
    end = end < COUNT ? end : COUNT;
    if (block.first == FRAME_NONE) {
        CHECK(!is_room(block.order, end));
        return;
    }
    CHECK(block.first + (1U << block.order) <= end);
    CHECK_EQUAL(block.first % (1U << block.order), 0);
    CHECK_EQUAL(frames[block.first].references, 1);
    set_owner(&block, FREE, SOMEBODY);
    blocks[block_count++] = block;
}

static void release_random(void)
{
    uint32_t which = random_below(block_count);
    struct block block = blocks[which];

    blocks[which] = blocks[--block_count];
    frames_release(&table, block.first);
    set_owner(&block, SOMEBODY, FREE);
}

/* A block becomes blocks of one frame. */
static void split_random(void)
{
    struct block *block = &blocks[random_below(block_count)];
    uint32_t count = 1U << block->order;

    if (block_count + count - 1 > BLOCKS_MAX) {
        return;
    }
    frames_split(&table, block->first);
    block->order = 0;
    for (uint32_t i = 1; i < count; i++) {
        blocks[block_count++] = (struct block){ block->first + i, 0 };
    }
}

static void random_takes_and_releases(void)
{
    bool filling = true;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (round % 1000 == 0) {
            filling = !filling;
        }
        if (block_count == 0 || (block_count < BLOCKS_MAX && random_below(100) < (filling ? 60U : 40U))) {
            take_random();
        } else {
            release_random();
        }
        if (block_count > 0 && random_one_in(20)) {
            split_random();
        }
        if (round % 64 == 0) {
            check_lists();
        }
    }
}

static void blocks_of_a_random_run_are_aligned_apart_and_accounted_for(void)
{
    begin_with_holes();
    CHECK_EQUAL(table.usable, count_owned(FREE));
    check_lists();
    random_takes_and_releases();
    check_lists();
}

static void releasing_everything_joins_the_blocks_that_there_were_at_first(void)
{
    static uint8_t states[COUNT], orders[COUNT];

    begin_with_holes();
    for (uint32_t i = 0; i < COUNT; i++) {
        states[i] = frames[i].state;
        orders[i] = frames[i].order;
    }
    random_takes_and_releases();
    while (block_count > 0) {
        release_random();
    }
    check_lists();
    CHECK_EQUAL(table.free, table.usable);
    for (uint32_t i = 0; i < COUNT; i++) {
        CHECK_EQUAL(frames[i].state, states[i]);
        CHECK(states[i] != FRAME_FREE || frames[i].order == orders[i]);
    }
}

static void frames_that_were_added_twice_are_there_once(void)
{
    begin();
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t first = 1 + random_below(COUNT - 1);
        uint32_t count = random_below(COUNT - first) % 90 + 1;

        add(first, count);
        CHECK_EQUAL(table.usable, count_owned(FREE));
        check_lists();
    }
}

static void frames_in_use_stay_in_use_when_they_are_added_again(void)
{
    begin();
    add(1, 1000);
    for (uint32_t i = 0; i < 100; i++) {
        take_random();
    }
    add(1, 1100);
    CHECK_EQUAL(table.usable, 1100);
    check_lists();
}

static void frame_zero_is_never_given_away(void)
{
    begin();
    CHECK_PANICS(frames_add(&table, 0, 8));
    CHECK_PANICS(frames_add(&table, COUNT - 1, 2));
}

static void reserve_is_for_those_who_may_use_it_alone(void)
{
    uint32_t taken = 0;

    begin();
    add(1, 1000);
    table.reserve = 100;
    while (frames_take(&table, 0, false) != FRAME_NONE) {
        taken++;
    }
    CHECK_EQUAL(taken, 900);
    CHECK_EQUAL(frames_take(&table, 3, false), FRAME_NONE);
    CHECK_EQUAL(frames_take_below(&table, 0, COUNT, false), FRAME_NONE);
    CHECK_EQUAL(frames_take_below(&table, 3, UINT32_MAX, false), FRAME_NONE);
    while (frames_take_below(&table, 0, UINT32_MAX, true) != FRAME_NONE) {
        taken++;
    }
    CHECK_EQUAL(taken, 1000);
    CHECK_EQUAL(table.free, 0);
}

static void larger_block_does_not_eat_into_the_reserve(void)
{
    begin();
    add(1024, 1024);
    table.reserve = 1;
    CHECK_EQUAL(frames_take(&table, 10, false), FRAME_NONE);
    CHECK_EQUAL(table.free, 1024);
    CHECK_EQUAL(frames_take(&table, 10, true), 1024);
}

static void order_that_does_not_exist_is_refused(void)
{
    begin();
    add(1, COUNT - 1);
    for (uint32_t order = FRAME_ORDERS; order < 64; order++) {
        CHECK_EQUAL(frames_take(&table, order, true), FRAME_NONE);
        CHECK_EQUAL(frames_take_below(&table, order, COUNT, true), FRAME_NONE);
    }
    CHECK_EQUAL(table.free, COUNT - 1);
}

static void block_lives_until_its_last_reference_goes(void)
{
    begin();
    add(1, 100);
    uint32_t block = frames_take(&table, 2, false);
    frames[block].references = 3;
    frames_release(&table, block);
    frames_release(&table, block);
    CHECK_EQUAL(frames[block].state, FRAME_USED);
    CHECK_EQUAL(table.free, 96);
    frames_release(&table, block);
    CHECK_EQUAL(table.free, 100);
}

static void releasing_what_is_not_in_use_panics(void)
{
    begin();
    add(1, 100);
    uint32_t block = frames_take(&table, 2, false);
    CHECK_PANICS(frames_release(&table, block + 1));
    CHECK_PANICS(frames_release(&table, COUNT));
    CHECK_PANICS(frames_release(&table, 200));
    frames_release(&table, block);
    CHECK_PANICS(frames_release(&table, block));
}

/* The last frame in front of the end is as good as any; the one behind it is none. */
static void block_below_an_end_ends_in_front_of_it(void)
{
    begin();
    add(64, 64);
    CHECK_EQUAL(frames_take_below(&table, 3, 71, true), FRAME_NONE);
    CHECK_EQUAL(frames_take_below(&table, 3, 0, true), FRAME_NONE);
    CHECK_EQUAL(frames_take_below(&table, 3, 72, true), 64);
    CHECK_EQUAL(frames_take_below(&table, 3, 79, true), FRAME_NONE);
    CHECK_EQUAL(frames_take_below(&table, 3, 80, true), 72);
    CHECK_EQUAL(table.free, 48);
}

static void only_a_whole_block_that_nobody_shares_is_split(void)
{
    begin();
    add(1, 100);
    uint32_t block = frames_take(&table, 2, false);
    CHECK_PANICS(frames_split(&table, block + 1));
    frames[block].references = 2;
    CHECK_PANICS(frames_split(&table, block));
    frames[block].references = 1;
    frames_split(&table, block);
    for (uint32_t i = 0; i < 4; i++) {
        CHECK_EQUAL(table.free, 96 + i);
        frames_release(&table, block + i);
    }
    CHECK_PANICS(frames_split(&table, block));
}

static const struct test tests[] = {
    TEST(block_below_an_end_ends_in_front_of_it),
    TEST(only_a_whole_block_that_nobody_shares_is_split),
    TEST(blocks_of_a_random_run_are_aligned_apart_and_accounted_for),
    TEST(releasing_everything_joins_the_blocks_that_there_were_at_first),
    TEST(frames_that_were_added_twice_are_there_once),
    TEST(frames_in_use_stay_in_use_when_they_are_added_again),
    TEST(frame_zero_is_never_given_away),
    TEST(reserve_is_for_those_who_may_use_it_alone),
    TEST(larger_block_does_not_eat_into_the_reserve),
    TEST(order_that_does_not_exist_is_refused),
    TEST(block_lives_until_its_last_reference_goes),
    TEST(releasing_what_is_not_in_use_panics),
};
TEST_MAIN(tests)
