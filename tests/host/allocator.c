/* malloc of libos, on pages that are counted. Its names have os_ before them here (tests/host/build.mk). */
#include <ternion/memory.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <abi/status.h>
#include <ternion/lock.h>
#include <ternion/syscall.h>

#include "test.h"

#define PIECES 600U
#define STEPS 200000U
#define SMALL_MAX 496U           /* sizes that have quarters of pages */

/* ---- The kernel's part ---- */

static uint32_t pages_used;
static uint32_t pages_left = UINT32_MAX;
static bool is_locked;

status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    CHECK_EQUAL(flags, 0);
    CHECK(pages > 0);
    if (pages > pages_left) {
        return NO_MEMORY;
    }
    void *memory = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    pages_used += pages;
    pages_left -= pages_left == UINT32_MAX ? 0 : pages;
    *address_out = (uint32_t)(uintptr_t)memory;
    return OK;
}

status_t memory_free(uint32_t address, uint32_t pages)
{
    CHECK(address % PAGE_SIZE == 0 && pages > 0);
    CHECK(munmap((void *)(uintptr_t)address, pages * PAGE_SIZE) == 0);
    pages_used -= pages;
    return OK;
}

void lock_acquire(struct lock *lock)
{
    (void)lock;
    CHECK(!is_locked);
    is_locked = true;
}

void lock_release(struct lock *lock)
{
    (void)lock;
    CHECK(is_locked);
    is_locked = false;
}

/* ---- Pieces whose bytes are known ---- */

struct owned {
    uint8_t *bytes;
    size_t size;
    uint8_t mark;
};

static struct owned all[PIECES];

static void fill(struct owned *owned, uint8_t *bytes, size_t size)
{
    *owned = (struct owned){ bytes, size, (uint8_t)random_next() };
    CHECK(bytes != NULL && (uintptr_t)bytes % MEMORY_ALIGNMENT == 0);
    CHECK(memory_size(bytes) >= size);
    memset(bytes, owned->mark, size);
}

static void expect_whole(const struct owned *owned, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        CHECK_EQUAL(owned->bytes[i], owned->mark);
    }
}

static size_t some_size(void)
{
    switch (random_below(8)) {
    case 0:
        return random_below(3 * PAGE_SIZE);
    case 1:
        return random_below(2100);
    default:
        return random_below(SMALL_MAX + 16);
    }
}

static void give_back(struct owned *owned)
{
    expect_whole(owned, owned->size);
    free(owned->bytes);
    owned->bytes = NULL;
}

static void change_size(struct owned *owned)
{
    struct owned before = *owned;
    size_t size = some_size();
    uint8_t *bytes = realloc(owned->bytes, size);

    before.bytes = bytes;
    expect_whole(&before, size < before.size ? size : before.size);
    fill(owned, bytes, size);
}

static void make_anew(struct owned *owned)
{
    size_t size = some_size();

    if (random_one_in(4)) {
        size_t alignment = (size_t)1 << random_below(14);
        uint8_t *bytes = memory_allocate_aligned(alignment, size);

        CHECK((uintptr_t)bytes % alignment == 0);
        fill(owned, bytes, size);
    } else if (random_one_in(3)) {
        uint8_t *bytes = calloc(1, size);

        for (size_t i = 0; i < size; i++) {
            CHECK_EQUAL(bytes[i], 0);
        }
        fill(owned, bytes, size);
    } else {
        fill(owned, malloc(size), size);
    }
}

static void no_piece_lies_in_another(void)
{
    for (uint32_t step = 0; step < STEPS; step++) {
        struct owned *owned = &all[random_below(PIECES)];

        if (owned->bytes == NULL) {
            make_anew(owned);
        } else if (random_one_in(4)) {
            change_size(owned);
        } else {
            give_back(owned);
        }
    }
    for (uint32_t i = 0; i < PIECES; i++) {
        if (all[i].bytes != NULL) {
            give_back(&all[i]);
        }
    }
    /* A slab of each size may stay, and its page with it. */
    CHECK(pages_used <= 12);
}

static void pieces_of_many_sizes_share_pages(void)
{
    static const size_t small[] = { 1, 20, 40, 60, 90, 120, 180, 230, 300, 490 };
    void *pieces[10];
    uint32_t before = pages_used;

    for (uint32_t i = 0; i < 10; i++) {
        pieces[i] = malloc(small[i]);
        CHECK(memory_size(pieces[i]) >= small[i] && memory_size(pieces[i]) < small[i] + 100);
    }
    CHECK(pages_used - before <= 3);
    for (uint32_t i = 0; i < 10; i++) {
        free(pieces[i]);
    }
}

static void memory_that_was_given_back_is_the_kernels(void)
{
    static void *many[4000];
    uint32_t before = pages_used;

    for (size_t size = 16; size <= 2032; size += 112) {
        for (uint32_t i = 0; i < 4000; i++) {
            many[i] = malloc(size);
        }
        CHECK(pages_used - before > 4000 * size / PAGE_SIZE);
        for (uint32_t i = 0; i < 4000; i++) {
            free(many[(i * 7) % 4000]);
        }
        CHECK(pages_used <= before + 12);
    }
}

static void one_piece_in_turn_costs_no_calls(void)
{
    void *first = malloc(100);
    uint32_t before = pages_used;

    free(first);
    pages_left = 0;
    for (uint32_t i = 0; i < 100; i++) {
        void *piece = malloc(100);

        CHECK(piece != NULL);
        free(piece);
    }
    pages_left = UINT32_MAX;
    CHECK_EQUAL(pages_used, before);
}

static void without_memory_there_is_none_and_nothing_is_lost(void)
{
    for (uint32_t left = 0; left < 40; left++) {
        uint32_t count = 0;

        pages_left = left;
        while (count < PIECES) {
            size_t size = some_size();
            uint8_t *bytes = malloc(size);

            if (bytes == NULL) {
                break;
            }
            fill(&all[count++], bytes, size);
        }
        CHECK(count < PIECES);
        CHECK(malloc(SIZE_MAX) == NULL && malloc(SIZE_MAX - 31) == NULL && calloc(65536, 65536) == NULL);
        if (count > 0) {
            CHECK(realloc(all[0].bytes, 1U << 30) == NULL);
        }
        while (count > 0) {
            give_back(&all[--count]);
        }
    }
    pages_left = UINT32_MAX;
}

static const struct test tests[] = {
    TEST(no_piece_lies_in_another),
    TEST(pieces_of_many_sizes_share_pages),
    TEST(memory_that_was_given_back_is_the_kernels),
    TEST(one_piece_in_turn_costs_no_calls),
    TEST(without_memory_there_is_none_and_nothing_is_lost),
};
TEST_MAIN(tests)
