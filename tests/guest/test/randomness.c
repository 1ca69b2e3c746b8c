/* system_random: as many bytes as were asked for, and no pattern that is easy to see. (How good they are its host test asks.) */
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"

static void random_bytes_fill_the_buffer_and_nothing_else(void)
{
    static const uint32_t sizes[] = { 1, 2, 31, 32, 33, 64, 255, RANDOM_SIZE_MAX };
    uint8_t bytes[RANDOM_SIZE_MAX + 2];

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        uint32_t changed = 0;

        for (uint32_t again = 0; again < 8; again++) {
            memset(bytes, 0x5A, sizeof bytes);
            EXPECT_OK(system_random(bytes + 1, sizes[i]));
            EXPECT_EQUAL(0x5A, bytes[0]);
            EXPECT_EQUAL(0x5A, bytes[sizes[i] + 1]);
            changed += bytes[1] != 0x5A && bytes[sizes[i]] != 0x5A;
        }
        EXPECT(changed > 0);             /* the first and the last byte too */
    }
}

static void too_many_random_bytes_are_refused(void)
{
    static const uint32_t sizes[] = { RANDOM_SIZE_MAX + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    uint8_t bytes[RANDOM_SIZE_MAX + 1] = { 0 };

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        EXPECT_STATUS(TOO_BIG, system_random(bytes, sizes[i]));
    }
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        EXPECT_EQUAL(0, bytes[i]);
    }
    EXPECT_OK(system_random((void *)USER_END, 0));
}

#define NUMBERS 1500U

/* 64 bits at a time: two that are equal would be a wonder. */
static void no_two_random_numbers_are_equal(void)
{
    uint64_t *numbers = calloc(NUMBERS, sizeof *numbers);

    EXPECT(numbers != NULL);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        EXPECT_OK(system_random(&numbers[i], sizeof numbers[i]));
        for (uint32_t other = 0; other < i; other++) {
            EXPECT(numbers[i] != numbers[other]);
        }
    }
}

/* Of 4,000 throws of a fair coin fewer than 1,700 or more than 2,300 heads come less than once in 10^20 times. */
static void no_bit_of_random_bytes_is_constant(void)
{
    enum { BLOCKS = 4000, BLOCK = 32 };
    uint32_t ones[BLOCK * 8] = { 0 };
    uint8_t bytes[BLOCK];

    for (uint32_t i = 0; i < BLOCKS; i++) {
        EXPECT_OK(system_random(bytes, sizeof bytes));
        for (uint32_t bit = 0; bit < BLOCK * 8; bit++) {
            ones[bit] += bytes[bit / 8] >> bit % 8 & 1;
        }
    }
    for (uint32_t bit = 0; bit < BLOCK * 8; bit++) {
        if (ones[bit] < 1700 || ones[bit] > 2300) {
            EXPECT_NOT("bit %u was set %u times of %u", bit, ones[bit], BLOCKS);
        }
    }
}

const struct test randomness_tests[] = {
    TEST(CLASS_APPLICATION, random_bytes_fill_the_buffer_and_nothing_else),
    TEST(CLASS_APPLICATION, too_many_random_bytes_are_refused),
    TEST(CLASS_APPLICATION, no_two_random_numbers_are_equal),
    TEST(CLASS_APPLICATION, no_bit_of_random_bytes_is_constant),
};
const uint32_t randomness_test_count = COUNT(randomness_tests);
const struct role randomness_roles[] = {};
const uint32_t randomness_role_count = COUNT(randomness_roles);
