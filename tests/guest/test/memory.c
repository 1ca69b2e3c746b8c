#include "files.h"

static void fresh_pages_are_zero(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(2, 0, &address));
    EXPECT_EQUAL(0, *(uint32_t *)address);
}

static void child_can_be_started(void)
{
    process_id_t id;
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "memory_nothing", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}
static void memory_nothing(int argc, char **argv)
{
    (void)argc;
    (void)argv;
}

const struct test memory_tests[] = {
    TEST(CLASS_APPLICATION, fresh_pages_are_zero),
    TEST(CLASS_APPLICATION, child_can_be_started),
};
const uint32_t memory_test_count = COUNT(memory_tests);
const struct role memory_roles[] = { ROLE(memory_nothing) };
const uint32_t memory_role_count = COUNT(memory_roles);
