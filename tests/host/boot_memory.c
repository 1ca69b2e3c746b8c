/* Memory before the allocator, on random maps, against a byte for each page. */
#include "boot_memory.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "test.h"

#define PAGES (DIRECT_MAP_SIZE / PAGE_SIZE)
#define MAPS 60U

enum { IS_RAM = 1, IS_TAKEN = 2, IS_FOUND = 4 };

static uint8_t pages[PAGES];                 /* what the model says of each page */
static struct physical_range map[BOOT_RAM_MAX];
static uint32_t map_count;

static uint32_t page_up(uint32_t address)
{
    return address / PAGE_SIZE + (address % PAGE_SIZE != 0);
}

static void set_pages(uint32_t first, uint32_t end, uint8_t what)
{
    for (uint32_t page = first; page < end && page < PAGES; page++) {
        pages[page] |= what;
    }
}

static void add(uint32_t begin, uint32_t end)
{
    CHECK(boot_memory_add(begin, end));
    map[map_count++] = (struct physical_range){ begin, end };
}

static void reserve(uint32_t begin, uint32_t end)
{
    CHECK(boot_memory_reserve(begin, end));
    set_pages(begin / PAGE_SIZE, page_up(end), IS_TAKEN);
}

/* Is this byte RAM? */
static bool byte_is_ram(uint32_t address)
{
    for (uint32_t i = 0; i < map_count; i++) {
        if (map[i].begin <= address && address < map[i].end) {
            return true;
        }
    }
    return false;
}

/* The end of the RAM that begins at this byte. */
static uint32_t ram_end(uint32_t address)
{
    uint32_t end = address;

    for (uint32_t i = 0; i < map_count; i++) {
        if (map[i].begin <= end && end < map[i].end) {
            end = map[i].end;
            i = UINT32_MAX;      /* once more, from the beginning */
        }
    }
    return end;
}

static void mark_ram(void)
{
    for (uint32_t i = 0; i < map_count; i++) {
        uint32_t end = ram_end(map[i].begin);

        if (map[i].begin < map[i].end) {
            set_pages(page_up(map[i].begin), end / PAGE_SIZE, IS_RAM);
        }
    }
}

static uint32_t random_address(void)
{
    uint32_t address = random_one_in(3) ? random_next() : random_below(64 << 20);

    return random_one_in(2) ? address & ~(PAGE_SIZE - 1) : address;
}

/* Somewhere, or right behind or across another. */
static void add_random_range(void)
{
    uint32_t begin = random_address();
    uint32_t size = random_below(random_one_in(4) ? 0x40000000U : 0x200000U);

    if (map_count > 0 && random_one_in(3)) {
        begin = map[random_below(map_count)].end - (random_one_in(2) ? 0 : random_below(100000));
    }
    if (random_one_in(10)) {
        size = random_below(3 * PAGE_SIZE);
    }
    add(begin, begin > UINT32_MAX - size ? UINT32_MAX : begin + size);
}

static void reserve_random_range(void)
{
    uint32_t begin = random_address() % DIRECT_MAP_SIZE;

    reserve(begin, begin + random_below(random_one_in(3) ? 0x200000U : 3 * PAGE_SIZE));
}

static void random_map(void)
{
    uint32_t reservations = random_below(100);

    add(PAGE_SIZE, 0x9FC00);
    for (uint32_t i = random_below(30); i > 0; i--) {
        add_random_range();
    }
    mark_ram();
    for (; reservations > 0; reservations--) {
        reserve_random_range();
    }
}

static void found(uint32_t first, uint32_t count)
{
    CHECK(count > 0 && first < PAGES && count <= PAGES - first);
    for (uint32_t page = first; page < first + count; page++) {
        CHECK((pages[page] & IS_TAKEN) == 0);
        CHECK((pages[page] & IS_RAM) != 0);
        pages[page] |= IS_FOUND;
    }
}

static void check_free_frames(void)
{
    boot_memory_free_frames(found);
    for (uint32_t page = 0; page < PAGES; page++) {
        CHECK(pages[page] != IS_RAM);        /* free, and not found */
        pages[page] &= (uint8_t)~IS_FOUND;
    }
}

static void check_questions(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t begin = random_one_in(2) ? random_address() : map[random_below(map_count)].begin + random_below(3) - 1;
        uint32_t size = 1 + random_below(random_one_in(2) ? 200000 : 20);
        uint32_t end = begin > UINT32_MAX - size ? UINT32_MAX : begin + size;

        if (begin < end) {
            CHECK_EQUAL(boot_memory_is_ram(begin, end), byte_is_ram(begin) && ram_end(begin) >= end);
        }
    }
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t page = random_below(PAGES - 16);
        uint32_t count = 1 + random_below(16);
        bool taken = false;

        for (uint32_t n = page; n < page + count; n++) {
            taken |= (pages[n] & IS_TAKEN) != 0;
        }
        CHECK_EQUAL(boot_memory_is_taken(page * PAGE_SIZE + 5, (page + count) * PAGE_SIZE - 7), taken);
    }
}

/* boot_memory_touches_ram, by looking at each byte where RAM begins or ends. */
static void check_touching(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t begin = (random_one_in(2) ? random_address() : map[random_below(map_count)].end) & ~(PAGE_SIZE - 1);
        uint32_t most = (UINT32_MAX - begin) / PAGE_SIZE + 1;
        uint32_t count = 1 + random_below(random_one_in(2) ? most : 3) % most;
        uint64_t end = begin + (uint64_t)count * PAGE_SIZE;
        bool touches = false;

        for (uint32_t n = 0; n < map_count; n++) {
            touches |= map[n].begin < map[n].end && map[n].begin < end && map[n].end > begin;
        }
        CHECK_EQUAL(boot_memory_touches_ram(begin, count), touches);
    }
}

static void check_sums(void)
{
    uint32_t count = 0;
    uint32_t end = 0;

    for (uint32_t page = 0; page < PAGES; page++) {
        count += (pages[page] & IS_RAM) != 0;
        end = (pages[page] & IS_RAM) != 0 ? page + 1 : end;
    }
    CHECK_EQUAL(boot_memory_ram_pages(), count);
    CHECK_EQUAL(boot_memory_end(), end * PAGE_SIZE);
}

/* What is asked for is RAM, not in use, and in use from then on. */
static void take_some(void)
{
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t size = 1 + random_below(random_one_in(3) ? 100000 : 9000);
        uint32_t at = 0;

        if (setjmp(*panic_expect()) != 0) {
            return;              /* no room, or too many pieces */
        }
        at = boot_memory_take(size);
        CHECK_EQUAL(at % PAGE_SIZE, 0);
        for (uint32_t page = at / PAGE_SIZE; page < page_up(at + size); page++) {
            CHECK_EQUAL(pages[page], IS_RAM);
            pages[page] |= IS_TAKEN;
        }
    }
}

/* Maps follow one another in processes of their own: boot_memory has no way to begin anew. */
static void check_a_map(void)
{
    random_map();
    check_sums();
    check_questions();
    check_touching();
    check_free_frames();
    take_some();
    check_free_frames();
}

static void random_maps_give_ram_that_nobody_uses(void)
{
    for (uint32_t i = 0; i < MAPS; i++) {
        test_in_child(check_a_map);
        (void)random_next();
    }
}

static void memory_is_taken_from_the_lowest_free_place_upwards(void)
{
    add(0x100000, 0x800000);
    add(0x1000, 0x9FC00);
    reserve(0x0, 0x3000);
    reserve(0x5000, 0x5001);
    CHECK_EQUAL(boot_memory_take(1), 0x3000);
    CHECK_EQUAL(boot_memory_take(0x1001), 0x6000);
    CHECK_EQUAL(boot_memory_take(PAGE_SIZE), 0x4000);
    CHECK_EQUAL(boot_memory_take(0x97000), 0x8000);
    CHECK_EQUAL(boot_memory_take(1), 0x100000);
}

static void map_without_room_is_a_clear_end(void)
{
    add(0x1000, 0x9FC00);
    reserve(0x10000, 0x11000);
    CHECK_PANICS((void)boot_memory_take(0x8F000));
    CHECK_EQUAL(boot_memory_take(0x8E000), 0x11000);
}

static void range_at_the_top_of_memory_is_not_all_memory(void)
{
    add(0x1000, 0x2000);
    add(0xFFFFF800U, 0xFFFFFC00U);
    add(0xFFFFF001U, UINT32_MAX);
    CHECK_EQUAL(boot_memory_ram_pages(), 1);
    CHECK_EQUAL(boot_memory_end(), 0x2000);
    mark_ram();
    check_free_frames();
}

static void range_in_use_at_the_top_of_memory_stays_in_use(void)
{
    reserve(0xFFFFD000U, 0xFFFFE000U);
    reserve(0xFFFFE000U, UINT32_MAX);
    CHECK(boot_memory_is_taken(0xFFFFD000U, 0xFFFFD001U));
    CHECK(boot_memory_is_taken(0xFFFFE123U, 0xFFFFE124U));
}

static void reversed_and_empty_ranges_of_ram_are_nothing(void)
{
    add(0x1000, 0x3000);
    for (uint32_t i = 0; i < 10; i++) {
        CHECK(boot_memory_add(0x800000, 0x700000));
        CHECK(boot_memory_add(0x800000, 0x800000));
    }
    CHECK_EQUAL(boot_memory_ram_pages(), 2);
    CHECK(!boot_memory_is_ram(0x700000, 0x700001));
}

static void too_many_ranges_are_refused(void)
{
    for (uint32_t i = 0; i < BOOT_RAM_MAX; i++) {
        CHECK(boot_memory_add(0x100000 * (i + 1), 0x100000 * (i + 1) + 0x1000));
    }
    CHECK(!boot_memory_add(0x10000000, 0x10001000));
    CHECK_EQUAL(boot_memory_ram_pages(), BOOT_RAM_MAX);
    for (uint32_t i = 0; i < BOOT_TAKEN_MAX; i++) {
        CHECK(boot_memory_reserve(0x20000000 + 0x2000 * i, 0x20000000 + 0x2000 * i + 1));
    }
    CHECK(!boot_memory_reserve(0x1000, 0x2000));
    CHECK(boot_memory_is_taken(0x20000000 + 0x2000 * (BOOT_TAKEN_MAX - 1), 0x30000000));
    CHECK_PANICS((void)boot_memory_take(1));
}

static const struct test tests[] = {
    TEST(random_maps_give_ram_that_nobody_uses),
    TEST(memory_is_taken_from_the_lowest_free_place_upwards),
    TEST(map_without_room_is_a_clear_end),
    TEST(range_at_the_top_of_memory_is_not_all_memory),
    TEST(range_in_use_at_the_top_of_memory_stays_in_use),
    TEST(reversed_and_empty_ranges_of_ram_are_nothing),
    TEST(too_many_ranges_are_refused),
};
TEST_MAIN(tests)
