/* Random numbers for keys: the block function as its standard says, and a generator that does not repeat itself. */
#include "random.h"

#include <string.h>
#include <sys/mman.h>

#include "test.h"

#define KEYS 100000U

/* RFC 8439, section 2.3.2. */
static void block_function_is_that_of_the_standard(void)
{
    static const uint32_t in[CHACHA_WORDS] = {
        0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
        0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c, 0x00000001, 0x09000000, 0x4a000000, 0x00000000,
    };
    static const uint32_t expected[CHACHA_WORDS] = {
        0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033, 0x9aaa2204, 0x4e6cd4c3,
        0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9, 0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
    };
    uint32_t out[CHACHA_WORDS];

    chacha_block(out, in);
    CHECK(memcmp(out, expected, sizeof out) == 0);
}

/* A hash table of those that were seen: among so few of 64 bits none comes twice. */
static void keys_do_not_repeat(void)
{
    static uint64_t seen[4 * KEYS];

    for (uint32_t i = 0; i < KEYS; i++) {
        uint64_t key = random_key();
        uint32_t at = (uint32_t)(key % (4 * KEYS));

        while (seen[at] != 0) {
            CHECK(seen[at] != key);
            at = (at + 1) % (4 * KEYS);
        }
        seen[at] = key;
    }
}

/* As many bytes as were asked for, all of them, and none behind. */
static void any_number_of_bytes_is_filled(void)
{
    for (uint32_t size = 1; size < 300; size++) {
        uint8_t ored[304] = { 0 };
        uint8_t bytes[304];

        for (uint32_t round = 0; round < 12; round++) {
            memset(bytes, 0, sizeof bytes);
            random_fill(bytes, size);
            for (uint32_t i = 0; i < sizeof bytes; i++) {
                ored[i] |= bytes[i];
            }
        }
        for (uint32_t i = 0; i < sizeof ored; i++) {
            CHECK((ored[i] != 0) == (i < size));
        }
    }
}

static uint64_t key_behind(uint32_t stirred, uint32_t times)
{
    uint64_t key = 0;

    while (times-- > 0) {
        random_stir(stirred);
    }
    random_fill(&key, sizeof key);
    return key;
}

static uint64_t *shared_key;     /* with the processes that the parts of a test run in */

static void key_without_stirring(void)
{
    *shared_key = key_behind(0, 0);
}

static void key_with_stirring(void)
{
    *shared_key = key_behind(1, 1);
}

/* Two generators at their beginning, one of which was told something else. */
static void whatever_is_stirred_in_changes_all_that_follows(void)
{
    uint64_t keys[2];

    shared_key = mmap(NULL, sizeof *shared_key, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared_key != MAP_FAILED);
    test_in_child(key_without_stirring);
    keys[0] = *shared_key;
    test_in_child(key_with_stirring);
    keys[1] = *shared_key;
    CHECK(keys[0] != keys[1] && keys[0] != 0 && keys[1] != 0);
    test_in_child(key_without_stirring);
    CHECK(*shared_key == keys[0]);
}

static const struct test tests[] = {
    TEST(block_function_is_that_of_the_standard),
    TEST(keys_do_not_repeat),
    TEST(any_number_of_bytes_is_filled),
    TEST(whatever_is_stirred_in_changes_all_that_follows),
};
TEST_MAIN(tests)
