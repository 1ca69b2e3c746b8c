/* RAM disks against plain arrays: random reads and writes, with and without an image, until memory is short. */
#include "ram_disk.h"

#include <sys/mman.h>

#include <abi/types.h>

#include "test.h"

#define ROUNDS 300
#define TURNS 300
#define BLOCKS_MOVED_MAX 20U

void *malloc(size_t size);
void free(void *memory);
void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memset(void *memory, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

static uint32_t pages_left;          /* that the system gives */
static uint32_t pages_given;
static void *given[1024];

status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out);

status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    CHECK(pages == 1 && flags == 0);
    if (pages_left == 0) {
        return NO_MEMORY;
    }
    void *memory = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    pages_left--;
    given[pages_given++] = memory;
    *address_out = (uint32_t)memory;
    return OK;
}

static uint8_t *random_bytes(uint32_t size)
{
    uint8_t *bytes = malloc(size);       /* exactly: what is read behind it shows */
    bool zero = random_one_in(3);

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = zero && !(random_one_in(size)) ? 0 : (uint8_t)random_next();
    }
    return bytes;
}

/* A disk, and the array that it should be. */
struct pair {
    struct ram_disk disk;
    uint8_t *model;
    uint8_t *image;
};

static void pair_begin(struct pair *pair)
{
    uint32_t kilobytes = 1 + random_below(80);
    uint32_t image_size = random_one_in(2) ? 0 : random_below(100 * 1024);

    pair->image = image_size == 0 ? NULL : random_bytes(image_size);
    CHECK_EQUAL(ram_disk_make(&pair->disk, kilobytes, pair->image, image_size), OK);
    uint32_t size = pair->disk.blocks * RAM_DISK_BLOCK;
    CHECK(size >= kilobytes * 1024 && size >= image_size && (size == kilobytes * 1024 || size - image_size < RAM_DISK_BLOCK));
    pair->model = malloc(size);
    memset(pair->model, 0, size);
    memcpy(pair->model, pair->image == NULL ? pair->model : pair->image, image_size);
    pages_given = 0;
    pages_left = random_one_in(3) ? random_below(10) : 1024;
}

static void pair_end(struct pair *pair)
{
    CHECK_EQUAL(pair->disk.page_count_own, pages_given);
    while (pages_given != 0) {
        munmap(given[--pages_given], PAGE_SIZE);
    }
    free(pair->disk.pages);
    free(pair->model);
    free(pair->image);
}

static void check_read(struct pair *pair, uint32_t first, uint32_t count)
{
    uint8_t *bytes = malloc(count * RAM_DISK_BLOCK);
    uint32_t given_before = pages_given;

    memset(bytes, 0xA5, count * RAM_DISK_BLOCK);
    ram_disk_read(&pair->disk, first, count, bytes);
    CHECK(memcmp(bytes, pair->model + first * RAM_DISK_BLOCK, count * RAM_DISK_BLOCK) == 0);
    CHECK_EQUAL(pages_given, given_before);
    free(bytes);
}

static void write_both(struct pair *pair, uint32_t first, uint32_t count)
{
    uint8_t *bytes = random_bytes(count * RAM_DISK_BLOCK);

    status_t status = ram_disk_write(&pair->disk, first, count, bytes);
    CHECK(status == OK || (status == NO_MEMORY && pages_left == 0));
    for (uint32_t block = first; block < first + count; block++) {
        uint8_t seen[RAM_DISK_BLOCK];
        uint8_t *model = pair->model + block * RAM_DISK_BLOCK;
        const uint8_t *written = bytes + (block - first) * RAM_DISK_BLOCK;

        ram_disk_read(&pair->disk, block, 1, seen);
        CHECK(memcmp(seen, written, RAM_DISK_BLOCK) == 0 || (status != OK && memcmp(seen, model, RAM_DISK_BLOCK) == 0));
        memcpy(model, seen, RAM_DISK_BLOCK);
    }
    free(bytes);
}

static void disk_holds_what_was_written_last(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct pair pair;

        pair_begin(&pair);
        for (uint32_t turn = 0; turn < TURNS; turn++) {
            uint32_t first = random_below(pair.disk.blocks);
            uint32_t left = pair.disk.blocks - first;
            uint32_t count = 1 + random_below(left < BLOCKS_MOVED_MAX ? left : BLOCKS_MOVED_MAX);

            CHECK(ram_disk_has(&pair.disk, first, count));
            if (random_one_in(2)) {
                check_read(&pair, first, count);
            } else {
                write_both(&pair, first, count);
            }
        }
        check_read(&pair, 0, pair.disk.blocks);
        pair_end(&pair);
    }
}

static void zeroes_take_no_memory_where_zeroes_are(void)
{
    struct ram_disk disk;
    static uint8_t bytes[64 * RAM_DISK_BLOCK];

    pages_left = 1024;
    CHECK_EQUAL(ram_disk_make(&disk, 1024, NULL, 0), OK);
    CHECK_EQUAL(ram_disk_write(&disk, 0, 64, bytes), OK);
    CHECK_EQUAL(pages_given, 0);
    bytes[sizeof bytes - 1] = 1;
    CHECK_EQUAL(ram_disk_write(&disk, 0, 64, bytes), OK);
    CHECK_EQUAL(pages_given, 1);
    bytes[sizeof bytes - 1] = 0;
    CHECK_EQUAL(ram_disk_write(&disk, 0, 64, bytes), OK);
    ram_disk_read(&disk, 63, 1, bytes);
    CHECK_EQUAL(bytes[RAM_DISK_BLOCK - 1], 0);
    free(disk.pages);
}

static void only_its_own_blocks_are_the_disks(void)
{
    struct ram_disk disk = { .blocks = 2048 };
    static const struct { uint64_t first; uint32_t count; bool is_in; } ranges[] = {
        { 0, 0, true }, { 0, 1, true }, { 0, 2048, true }, { 2047, 1, true }, { 2048, 0, true },
        { 0, 2049, false }, { 2047, 2, false }, { 2048, 1, false }, { 2049, 0, false }, { UINT64_MAX, 1, false }, { UINT64_MAX, 2, false },
        { UINT64_MAX - 63, 64, false }, { 1ULL << 32, 1, false }, { (1ULL << 32) + 5, 1, false }, { 5, UINT32_MAX, false },
    };

    for (uint32_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        CHECK_EQUAL(ram_disk_has(&disk, ranges[i].first, ranges[i].count), ranges[i].is_in);
    }
}

static void disks_without_blocks_or_with_too_many_are_not_made(void)
{
    struct ram_disk disk;

    CHECK_EQUAL(ram_disk_make(&disk, 0, NULL, 0), BAD_ARGUMENT);
    CHECK_EQUAL(ram_disk_make(&disk, RAM_DISK_KB_MAX + 1, NULL, 0), BAD_ARGUMENT);
    CHECK_EQUAL(ram_disk_make(&disk, UINT32_MAX, NULL, 0), BAD_ARGUMENT);
    CHECK_EQUAL(ram_disk_make(&disk, 0, "", UINT32_MAX), BAD_ARGUMENT);
    CHECK_EQUAL(ram_disk_make(&disk, 0, "x", 1), OK);
    CHECK_EQUAL(disk.blocks, 1);
    free(disk.pages);
    CHECK_EQUAL(ram_disk_make(&disk, RAM_DISK_KB_MAX, NULL, 0), OK);
    CHECK_EQUAL(disk.blocks, 2 * RAM_DISK_KB_MAX);
    free(disk.pages);
}

static const struct test tests[] = {
    TEST(disk_holds_what_was_written_last),
    TEST(zeroes_take_no_memory_where_zeroes_are),
    TEST(only_its_own_blocks_are_the_disks),
    TEST(disks_without_blocks_or_with_too_many_are_not_made),
};
TEST_MAIN(tests)
