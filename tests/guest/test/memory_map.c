/* What lies where in a process's memory, and what of it can be read or written; the stack. */
#include <ternion/system.h>

#include "files.h"

#define PAGE_FAULT_EXIT (EXIT_FAULT | 14U)

static volatile uint32_t *word_at(uint32_t address)
{
    return (volatile uint32_t *)address;
}

/* ---- Accomplices that touch what they must not ---- */

/* Arguments: r or w, address. */
static void memory_map_toucher(int argc, char **argv)
{
    volatile uint8_t *byte = (volatile uint8_t *)test_number(argv[argc - 1]);

    if (argv[1][0] == 'r') {
        (void)*byte;
    } else {
        *byte = 1;
    }
}

static uint32_t exit_of_touching(const char *how, uint32_t address)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_map_toucher", &id, how, test_digits(address).text, NULL));
    return test_wait_exit(id);
}

static void expect_closed(uint32_t address)
{
    if (exit_of_touching("r", address) != PAGE_FAULT_EXIT || exit_of_touching("w", address) != PAGE_FAULT_EXIT) {
        EXPECT_NOT("0x%x can be read or written", address);
    }
}

static void expect_read_only(uint32_t address)
{
    EXPECT_EQUAL(0, exit_of_touching("r", address));
    EXPECT_EQUAL(PAGE_FAULT_EXIT, exit_of_touching("w", address));
}

/* ---- The process's memory map ---- */

static void first_megabyte_is_not_mapped(void)
{
    static const uint32_t addresses[] = { 0, 1, 0xFFF, 0x1000, 0x9FFFF, 0xA0000, 0xB8000, 0xC0000, 0xF0000, 0xFFFFF, 0x100000 };

    for (uint32_t i = 0; i < COUNT(addresses); i++) {
        expect_closed(addresses[i]);
    }
}

static void kernel_memory_is_closed(void)
{
    static const uint32_t addresses[] = {
        USER_END, USER_END + 0x1000, USER_END + 0xB8000, USER_END + 0x100000, USER_END + 0x110000, USER_END + 0x400000,
        0xBFFFFFFF, 0xC0000000, 0xF7FFFFFF, 0xF8000000, 0xFEE00000, 0xFFFFF000, 0xFFFFFFFF,
    };

    for (uint32_t i = 0; i < COUNT(addresses); i++) {
        expect_closed(addresses[i]);
    }
}

static void text_and_fact_pages_are_read_only(void)
{
    expect_read_only(PROGRAM_BASE);
    expect_read_only((uint32_t)memory_map_toucher);
    expect_read_only(SYSTEM_PAGE);
    expect_read_only(SYSTEM_PAGE + PAGE_SIZE - 1);
    expect_read_only(PROCESS_PAGE);
    expect_read_only(PROCESS_PAGE + PAGE_SIZE - 1);
}

static void end_of_user_memory_is_not_mapped(void)
{
    expect_closed(USER_END - 1);
    expect_closed(USER_END - PAGE_SIZE);
}

/* ---- The stack ---- */

static void stack_grows_to_its_limit(void)
{
    for (uint32_t page = STACK_TOP - PAGE_SIZE; page >= STACK_TOP - STACK_SIZE_MAX; page -= PAGE_SIZE) {
        EXPECT_EQUAL(0, *word_at(page));
        *word_at(page) = page;
    }
    for (uint32_t page = STACK_TOP - 2 * PAGE_SIZE; page >= STACK_TOP - STACK_SIZE_MAX; page -= PAGE_SIZE) {
        EXPECT_EQUAL(page, *word_at(page));
    }
}

static void page_below_the_stack_is_a_guard(void)
{
    expect_closed(STACK_TOP - STACK_SIZE_MAX - 1);
    expect_closed(STACK_TOP - STACK_SIZE_MAX - PAGE_SIZE);
    EXPECT_EQUAL(0, exit_of_touching("w", STACK_TOP - STACK_SIZE_MAX));
}

static uint32_t recurse(volatile uint32_t depth)
{
    volatile uint8_t bulk[512];

    bulk[0] = (uint8_t)depth;
    return depth == 0 ? 0 : recurse(depth - 1) + bulk[0];
}

static void memory_map_recursion(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)recurse(0xFFFFFFFF);
}

static void endless_recursion_ends_only_its_process(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_map_recursion", &id, NULL));
    EXPECT_EQUAL(PAGE_FAULT_EXIT, test_wait_exit(id));
}

static void pages_of_the_stack_can_be_given_back(void)
{
    EXPECT_EQUAL(0, *word_at(STACK_TOP - STACK_SIZE_MAX));
    EXPECT_OK(memory_free(STACK_TOP - STACK_SIZE_MAX, 1));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(STACK_TOP - STACK_SIZE_MAX, 1));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(STACK_TOP - STACK_SIZE_MAX - PAGE_SIZE, 1));
}

const struct test memory_map_tests[] = {
    TEST(CLASS_APPLICATION, first_megabyte_is_not_mapped),
    TEST(CLASS_APPLICATION, kernel_memory_is_closed),
    TEST(CLASS_APPLICATION, text_and_fact_pages_are_read_only),
    TEST(CLASS_APPLICATION, end_of_user_memory_is_not_mapped),
    TEST(CLASS_APPLICATION, stack_grows_to_its_limit),
    TEST(CLASS_APPLICATION, page_below_the_stack_is_a_guard),
    TEST(CLASS_APPLICATION, endless_recursion_ends_only_its_process),
    TEST(CLASS_APPLICATION, pages_of_the_stack_can_be_given_back),
};
const uint32_t memory_map_test_count = COUNT(memory_map_tests);
const struct role memory_map_roles[] = {
    ROLE(memory_map_toucher),
    ROLE(memory_map_recursion),
};
const uint32_t memory_map_role_count = COUNT(memory_map_roles);
