/* Pages of zeroes for 16-bit code: their frames come with the first touch, wherever that is, or the process ends. */
#include <abi/vm86.h>
#include <ternion/memory.h>
#include <ternion/process.h>

#include "files.h"
#include "vm86_code.h"

#define UNUSED_BEGIN 0x40000U
#define PAGE_COUNT 16U
#define FRAMES_OF_POOR 400U

static struct vm86_state state __attribute__((aligned(128)));

static uint32_t frames_of_self(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information.frames;
}

static void pages_of_zeroes_take_frames_when_they_are_touched(void)
{
    EXPECT_OK(vm86_map(UNUSED_BEGIN, 1, VM86_MAP_ZEROES));       /* with the page table, if there was none */
    uint32_t before = frames_of_self();

    EXPECT_OK(vm86_map(UNUSED_BEGIN, PAGE_COUNT, VM86_MAP_ZEROES | VM86_MAP_READ_ONLY));
    EXPECT_EQUAL(before, frames_of_self());
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        EXPECT_EQUAL(0, *(volatile uint32_t *)(UNUSED_BEGIN + page * PAGE_SIZE));
        EXPECT_EQUAL(before + page + 1, frames_of_self());
    }
    EXPECT_OK(vm86_map(UNUSED_BEGIN, PAGE_COUNT / 2, VM86_MAP_ZEROES));
    EXPECT_EQUAL(before + PAGE_COUNT / 2, frames_of_self());
    EXPECT_OK(memory_free(UNUSED_BEGIN, PAGE_COUNT));
    EXPECT(frames_of_self() <= before);
}

/* It has used up all that it may have when its code pushes to a page that was not touched yet. Argument: 1, or 0: there is memory. */
static void vm86_poor_one(int argc, char **argv)
{
    static const uint8_t push_and_halt[] = { 0x50, 0xF4 };
    bool is_poor = test_number(argv[argc - 1]) != 0;
    uint32_t address;

    vm86_code_at_hand(&state, push_and_halt, sizeof push_and_halt);
    while (is_poor && memory_allocate(1, 0, &address) == OK) {
    }
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 1);
}

static void code_whose_page_finds_no_memory_ends_with_its_process(void)
{
    for (uint32_t is_poor = 0; is_poor <= 1; is_poor++) {
        struct spawn spawn = { .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .grant = { .source = ACCESS_EXPLICIT, .access = test_access } };
        process_id_t id;

        spawn.grant.limits[RESOURCE_FRAMES] = FRAMES_OF_POOR;
        EXPECT_OK(test_spawn_as(&spawn, "vm86_poor_one", &id, test_digits(is_poor).text, NULL));
        EXPECT_EQUAL(is_poor ? EXIT_STACK_NO_MEMORY : 0, test_wait_exit(id));
    }
}

const struct test vm86_pages_tests[] = {
    TEST(CLASS_DRIVER, pages_of_zeroes_take_frames_when_they_are_touched),
    TEST(CLASS_DRIVER, code_whose_page_finds_no_memory_ends_with_its_process),
};
const uint32_t vm86_pages_test_count = COUNT(vm86_pages_tests);
const struct role vm86_pages_roles[] = {
    ROLE(vm86_poor_one),
};
const uint32_t vm86_pages_role_count = COUNT(vm86_pages_roles);
