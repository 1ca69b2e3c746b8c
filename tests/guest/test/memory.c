/* Pages of the own process: given, taken back, protected, promised. */
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"

#define PAGE_FAULT_EXIT (EXIT_FAULT | 14U)
#define MANY_PAGES 64U
#define OFFSET_IN_PAGE 0x123U

static volatile uint32_t *word_at(uint32_t address)
{
    return (volatile uint32_t *)address;
}

/* ---- Giving and taking ---- */

static void expect_zero(uint32_t address, uint32_t pages)
{
    for (uint32_t at = address; at < address + pages * PAGE_SIZE; at += sizeof(uint32_t)) {
        if (*word_at(at) != 0) {
            EXPECT_NOT("a fresh page holds 0x%x at 0x%x", *word_at(at), at);
        }
    }
}

static void fill(uint32_t address, uint32_t pages)
{
    for (uint32_t at = address; at < address + pages * PAGE_SIZE; at += sizeof(uint32_t)) {
        *word_at(at) = 0xDEADBEEF;
    }
}

static void pages_are_zero_again_after_a_life_with_others(void)
{
    uint32_t address;

    for (uint32_t round = 0; round < 4; round++) {
        EXPECT_OK(memory_allocate(MANY_PAGES, 0, &address));
        expect_zero(address, MANY_PAGES);
        fill(address, MANY_PAGES);
        EXPECT_OK(memory_free(address, MANY_PAGES));
        EXPECT_OK(memory_allocate(MANY_PAGES, MEMORY_ON_DEMAND, &address));
        expect_zero(address, MANY_PAGES);
        fill(address, MANY_PAGES);
        EXPECT_OK(memory_free(address, MANY_PAGES));
    }
}

/* Arguments: w fills memory with a secret, r looks for zeroes. */
static void memory_secret(int argc, char **argv)
{
    uint32_t address;

    (void)argc;
    EXPECT_OK(memory_allocate(4 * MANY_PAGES, 0, &address));
    if (argv[1][0] == 'w') {
        fill(address, 4 * MANY_PAGES);
    } else {
        expect_zero(address, 4 * MANY_PAGES);
    }
}

static void pages_of_the_dead_are_zero_for_the_living(void)
{
    static const char *const ways[] = { "w", "r", "w", "r" };

    for (uint32_t i = 0; i < COUNT(ways); i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_secret", &id, ways[i], NULL));
        EXPECT_EQUAL(0, test_wait_exit(id));
    }
}

static uint32_t own_frames(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.frames;
}

static void promised_pages_cost_frames_when_they_are_touched(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(1, 0, &address)); /* so that the page table is there */
    uint32_t before = own_frames();
    EXPECT_OK(memory_allocate(MANY_PAGES, MEMORY_ON_DEMAND, &address));
    EXPECT_EQUAL(before, own_frames());
    *word_at(address + 5 * PAGE_SIZE) = 1;
    EXPECT_EQUAL(before + 1, own_frames());
    EXPECT_EQUAL(0, *word_at(address + 6 * PAGE_SIZE));
    EXPECT_EQUAL(before + 2, own_frames());
    EXPECT_OK(memory_free(address, MANY_PAGES));
    EXPECT_EQUAL(before, own_frames());
}

static void kernel_meets_promises_when_it_writes(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(2, MEMORY_ON_DEMAND, &address));
    struct system_statistics *statistics = (struct system_statistics *)(address + PAGE_SIZE - 8);
    EXPECT_OK(system_statistics(statistics));
    EXPECT(statistics->frames_total != 0 && statistics->kernel_text_bytes != 0);
    EXPECT_OK(memory_free(address, 2));
}

static void pieces_of_a_run_can_be_freed_in_any_order(void)
{
    uint32_t address;
    uint32_t before = own_frames();

    EXPECT_OK(memory_allocate(MANY_PAGES, 0, &address));
    for (uint32_t page = 1; page < MANY_PAGES; page += 2) {
        EXPECT_OK(memory_free(address + page * PAGE_SIZE, 1));
    }
    for (uint32_t page = 0; page < MANY_PAGES; page += 2) {
        EXPECT_STATUS(BAD_ARGUMENT, memory_free(address + page * PAGE_SIZE, 2));
        EXPECT_OK(memory_free(address + page * PAGE_SIZE, 1));
    }
    EXPECT(own_frames() <= before + 1);          /* a page table may stay */
}

/* Free addresses are looked for behind the last ones: each time the pages lie elsewhere. */
static void page_tables_of_memory_that_comes_and_goes_are_given_back(void)
{
    enum { TIMES = 60, PAGES = 700 };            /* as many pages as 41 tables have */
    uint32_t before = own_frames();

    for (uint32_t i = 0; i < TIMES; i++) {
        uint32_t address;

        EXPECT_OK(memory_allocate(PAGES, MEMORY_ON_DEMAND, &address));
        EXPECT_OK(memory_free(address, PAGES));
    }
    EXPECT(own_frames() <= before + 1);          /* that where the next ones begin may stay */
    for (uint32_t i = 0; i < TIMES / 4; i++) {
        struct shared_handle handle;

        EXPECT_OK(shared_create(PAGES, &handle));
        EXPECT_OK(shared_leave(handle.id));
    }
    EXPECT(own_frames() <= before + 1);
}

/* What is refused changes nothing: not even the pages of the range that were there. */
static void bad_ranges_are_refused(void)
{
    static const struct {
        uint32_t address, pages;
    } ranges[] = {
        { 0, 1 }, { 0, 0 }, { 0, 0xFFFFFFFF }, { 0x1000, 1 }, { 0x7FFFF000, 1 }, { 0x7FFFF000, 2 }, { 0x80000000, 1 },
        { 0x80100000, 1 }, { 0xFFFFF000, 1 }, { 0xFFFFF000, 2 }, { 0xFFFFFFFF, 1 }, { PROGRAM_BASE, 0x80000 },
        { PROGRAM_BASE, 0x100000 }, { PROGRAM_BASE, 0xFFFFFFFF }, { PROGRAM_BASE + 1, 1 }, { PROGRAM_BASE, 0 },
        { SYSTEM_PAGE, 1 }, { PROCESS_PAGE, 1 }, { SYSTEM_PAGE, 2 }, { SYSTEM_PAGE - PAGE_SIZE, 2 },
        { SYSTEM_PAGE - PAGE_SIZE, 4 }, { PROCESS_PAGE, 2 },
    };

    for (uint32_t i = 0; i < COUNT(ranges); i++) {
        uint32_t address = ranges[i].address;
        uint32_t pages = ranges[i].pages;

        if (memory_free(address, pages) != BAD_ARGUMENT || memory_protect(address, pages, MEMORY_READ_ONLY) != BAD_ARGUMENT
            || memory_protect(address, pages, 0) != BAD_ARGUMENT) {
            EXPECT_NOT("%u pages at 0x%x are not refused", pages, address);
        }
    }
    EXPECT_EQUAL(ABI_VERSION, system_page()->abi_version);
}

static void range_with_a_hole_is_left_alone(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(3, 0, &address));
    *word_at(address) = 1;
    *word_at(address + 2 * PAGE_SIZE) = 2;
    EXPECT_OK(memory_free(address + PAGE_SIZE, 1));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(address, 3));
    EXPECT_STATUS(BAD_ARGUMENT, memory_protect(address, 3, MEMORY_READ_ONLY));
    EXPECT_EQUAL(1, *word_at(address));
    *word_at(address) = 3;
    EXPECT_EQUAL(2, *word_at(address + 2 * PAGE_SIZE));
    EXPECT_OK(memory_free(address, 1));
    EXPECT_OK(memory_free(address + 2 * PAGE_SIZE, 1));
}

static void bad_requests_for_memory_are_refused(void)
{
    static const uint32_t counts[] = { 0, 0x7FE01, 0x80000, 0x80001, 0xFFFFF, 0x100000, 0x100001, 0x80000000, 0xFFFFFFFF };
    uint32_t address = 0x1234;

    for (uint32_t i = 0; i < COUNT(counts); i++) {
        EXPECT_STATUS(BAD_ARGUMENT, memory_allocate(counts[i], 0, &address));
        EXPECT_STATUS(BAD_ARGUMENT, memory_allocate(counts[i], MEMORY_ON_DEMAND, &address));
    }
    for (uint32_t flags = 4; flags != 0; flags <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, memory_allocate(1, flags, &address));
        EXPECT_STATUS(BAD_ARGUMENT, memory_protect(PROGRAM_BASE, 1, flags));
    }
    EXPECT_EQUAL(0x1234, address);
}

static void request_that_fails_halfway_costs_nothing(void)
{
    struct test_ledger before;
    uint32_t address;

    test_ledger_take(&before);
    uint32_t frames = own_frames();
    for (uint32_t pages = 0x7FE00; pages > 0x4000; pages /= 2) {
        status_t status = memory_allocate(pages, 0, &address);
        EXPECT(status == NO_MEMORY || status == OVER_QUOTA);
    }
    test_ledger_expect_same(&before);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_OK(memory_allocate(1, 0, &address));
        EXPECT_OK(memory_free(address, 1));
    }
    EXPECT(own_frames() >= frames);
}

/* ---- Protection ---- */

/* Arguments: how to get a page that is read-only, one of p (protected), a (allocated so), d (promised so). */
static void memory_writer_of_read_only(int argc, char **argv)
{
    uint32_t flags = argv[1][0] == 'p' ? 0 : argv[1][0] == 'a' ? MEMORY_READ_ONLY : MEMORY_READ_ONLY | MEMORY_ON_DEMAND;
    uint32_t address;

    (void)argc;
    EXPECT_OK(memory_allocate(1, flags, &address));
    if (flags == 0) {
        *word_at(address) = 1;
        EXPECT_OK(memory_protect(address, 1, MEMORY_READ_ONLY));
        EXPECT_EQUAL(1, *word_at(address));
    }
    *word_at(address) = 2;
}

static void read_only_pages_stop_writers(void)
{
    static const char *const ways[] = { "p", "a", "d" };

    for (uint32_t i = 0; i < COUNT(ways); i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_writer_of_read_only", &id, ways[i], NULL));
        EXPECT_EQUAL(PAGE_FAULT_EXIT, test_wait_exit(id));
    }
}

static void protection_can_be_taken_back(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(2, MEMORY_READ_ONLY, &address));
    EXPECT_EQUAL(0, *word_at(address));
    EXPECT_OK(memory_protect(address, 2, 0));
    *word_at(address) = 1;
    *word_at(address + PAGE_SIZE) = 2;
    EXPECT_OK(memory_protect(address, 1, MEMORY_READ_ONLY));
    *word_at(address + PAGE_SIZE) = 3;
    EXPECT_STATUS(BAD_ADDRESS, system_statistics((struct system_statistics *)address));
    EXPECT_EQUAL(1, *word_at(address));
    EXPECT_OK(memory_free(address, 2));
}

/* Arguments: address; frees the page and touches it. */
static void memory_user_after_free(int argc, char **argv)
{
    uint32_t address;

    (void)argc;
    (void)argv;
    EXPECT_OK(memory_allocate(2, 0, &address));
    *word_at(address) = 1;
    EXPECT_OK(memory_free(address, 1));
    *word_at(address) = 2;
}

static void freed_pages_are_gone_at_once(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_user_after_free", &id, NULL));
    EXPECT_EQUAL(PAGE_FAULT_EXIT, test_wait_exit(id));
}

/* ---- Address space ---- */

#define BLOCK_PAGES 0x2000U
#define BLOCKS_MAX 64U           /* of them would fill the address space */

static status_t promise_all(uint32_t *addresses, uint32_t *count_out)
{
    for (*count_out = 0; *count_out < BLOCKS_MAX; ++*count_out) {
        uint32_t address;
        status_t status = memory_allocate(BLOCK_PAGES, MEMORY_ON_DEMAND, &address);

        if (status != OK) {
            return status;
        }
        EXPECT(address >= PROGRAM_BASE && address < USER_END && BLOCK_PAGES * PAGE_SIZE <= USER_END - address);
        addresses[*count_out] = address;
    }
    return OK;
}

/* The page tables of the promises may have taken all frames: then the kernel writes nothing, and says so. */
static void whole_address_space_can_be_promised_and_given_back(void)
{
    struct test_ledger before;
    uint32_t addresses[BLOCKS_MAX];
    uint32_t count;

    test_ledger_take(&before);
    status_t status = promise_all(addresses, &count);
    EXPECT(status == NO_MEMORY || status == OVER_QUOTA);
    EXPECT(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        status = system_statistics((struct system_statistics *)(addresses[i] + BLOCK_PAGES / 2 * PAGE_SIZE));
        EXPECT(status == OK || status == BAD_ADDRESS);
        EXPECT_OK(memory_free(addresses[i], BLOCK_PAGES));
    }
    test_ledger_expect_same(&before);
}

const struct test memory_tests[] = {
    TEST(CLASS_APPLICATION, pages_are_zero_again_after_a_life_with_others),
    TEST(CLASS_APPLICATION, pages_of_the_dead_are_zero_for_the_living),
    TEST(CLASS_APPLICATION, promised_pages_cost_frames_when_they_are_touched),
    TEST(CLASS_APPLICATION, kernel_meets_promises_when_it_writes),
    TEST(CLASS_APPLICATION, pieces_of_a_run_can_be_freed_in_any_order),
    TEST(CLASS_APPLICATION, page_tables_of_memory_that_comes_and_goes_are_given_back),
    TEST(CLASS_APPLICATION, bad_ranges_are_refused),
    TEST(CLASS_APPLICATION, range_with_a_hole_is_left_alone),
    TEST(CLASS_APPLICATION, bad_requests_for_memory_are_refused),
    TEST(CLASS_APPLICATION, request_that_fails_halfway_costs_nothing),
    TEST(CLASS_APPLICATION, read_only_pages_stop_writers),
    TEST(CLASS_APPLICATION, protection_can_be_taken_back),
    TEST(CLASS_APPLICATION, freed_pages_are_gone_at_once),
    TEST(CLASS_APPLICATION, whole_address_space_can_be_promised_and_given_back),
};
const uint32_t memory_test_count = COUNT(memory_tests);
const struct role memory_roles[] = {
    ROLE(memory_secret),
    ROLE(memory_writer_of_read_only),
    ROLE(memory_user_after_free),
};
const uint32_t memory_role_count = COUNT(memory_roles);
