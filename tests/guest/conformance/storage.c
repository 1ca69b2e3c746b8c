/* What keeps blocks. */
#include <ternion/storage.h>
#include <ternion/string.h>

#include "check.h"

#define NO_MEDIUM "there is no medium"
#define NOT_WRITABLE "there is no medium that can be written to"
#define KEPT_BLOCKS (2 * CLIENTS)
#define HIGHEST ((1ULL << 48) - 1)   /* the highest number of a block that a request can say */

static const struct operation_shape *const operations[] = { STORAGE_PROTOCOL(SHAPE, SHAPE, storage_call) };

/* ---- Requests ---- */

static struct storage_size size;     /* of the device, once has_medium has asked */

static struct device_call_number number_of(const struct device *device)
{
    return (struct device_call_number){ device->number };
}

static struct storage_call_range range_of(const struct device *device, uint64_t first, uint32_t count)
{
    return (struct storage_call_range){ device->number, (uint32_t)first, (uint16_t)(first >> 32), (uint16_t)count };
}

static status_t read_blocks(struct device *device, uint64_t first, uint32_t count, void *blocks)
{
    struct storage_call_range range = range_of(device, first, count);
    uint32_t answer_size;

    status_t status = ask(device, &storage_call_read_shape, &range, NULL, 0);
    const void *answer = answer_string(&answer_size);
    if (status == OK) {
        EXPECT_EQUAL(count * size.block_size, answer_size);
        memcpy(blocks, answer, answer_size);
    }
    return status;
}

static status_t write_bytes(struct device *device, uint64_t first, uint32_t count, const void *bytes, uint32_t byte_count)
{
    struct storage_call_range range = range_of(device, first, count);

    return ask(device, &storage_call_write_shape, &range, bytes, byte_count);
}

static status_t write_blocks(struct device *device, uint64_t first, uint32_t count, const void *blocks)
{
    return write_bytes(device, first, count, blocks, count * size.block_size);
}

/* False: there is none; that is fine with any driver. */
static bool has_medium(struct device *device)
{
    struct device_call_number request = number_of(device);

    status_t status = storage_call_size(device->process, &request, &size);
    if (status != ABSENT) {
        EXPECT_OK(status);
    }
    return status == OK;
}

static bool can_write(struct device *device)
{
    return has_medium(device) && (size.flags & STORAGE_READ_ONLY) == 0;
}

/* Blocks that fit one request and the device. */
static uint32_t most_blocks(void)
{
    uint32_t most = STORAGE_TRANSFER_MAX / size.block_size;

    return size.blocks < most ? (uint32_t)size.blocks : most;
}

static void fill(uint8_t *bytes, uint32_t byte_count)
{
    for (uint32_t i = 0; i < byte_count; i++) {
        bytes[i] = (uint8_t)random_next();
    }
}

/* ---- Clients ---- */

static void keep(struct device *device)
{
    if (can_write(device) && size.blocks >= KEPT_BLOCKS) {
        for (uint32_t block = 0; block < KEPT_BLOCKS; block++) {
            EXPECT_OK(read_blocks(device, block, 1, scratch(SCRATCH_KEPT) + block * size.block_size));
        }
    }
}

static void restore(struct device *device)
{
    if (can_write(device) && size.blocks >= KEPT_BLOCKS) {
        for (uint32_t block = 0; block < KEPT_BLOCKS; block++) {
            EXPECT_OK(write_blocks(device, block, 1, scratch(SCRATCH_KEPT) + block * size.block_size));
        }
    }
}

/* Each client has two blocks of its own. */
static void use_storage(struct device *device, uint32_t client, uint32_t turn)
{
    uint8_t *written = scratch(SCRATCH_FIRST);
    uint8_t *seen = scratch(SCRATCH_SECOND);

    if (!has_medium(device)) {
        return;
    }
    if ((size.flags & STORAGE_READ_ONLY) != 0 || size.blocks < KEPT_BLOCKS) {
        EXPECT_OK(read_blocks(device, client % size.blocks, 1, seen));
        return;
    }
    memset(written, (int)(client * 31 + turn + 1), 2 * size.block_size);
    EXPECT_OK(write_blocks(device, 2 * client, 2, written));
    EXPECT_OK(read_blocks(device, 2 * client, 2, seen));
    EXPECT(memcmp(seen, written, 2 * size.block_size) == 0);
}

/* ---- Checks ---- */

static void its_size_can_be(struct device *device)
{
    SKIP_UNLESS(has_medium(device), NO_MEDIUM);
    EXPECT(size.block_size == 512 || size.block_size == 1024 || size.block_size == 2048 || size.block_size == 4096);
    EXPECT(size.blocks != 0 && size.blocks <= STORAGE_BLOCKS_MAX);
    EXPECT((size.flags & ~(STORAGE_READ_ONLY | STORAGE_REMOVABLE)) == 0);
}

static void without_a_medium_all_is_absent(struct device *device)
{
    struct device_call_number number = number_of(device);
    struct storage_call_media_reply media = { 0 };

    EXPECT_OK(storage_call_media(device->process, &number, &media));
    EXPECT_EQUAL(has_medium(device), media.is_present != 0);
    if (media.is_present == 0) {
        size.block_size = 512;
        EXPECT_STATUS(ABSENT, read_blocks(device, 0, 1, scratch(SCRATCH_FIRST)));
        EXPECT_STATUS(ABSENT, write_blocks(device, 0, 1, scratch(SCRATCH_FIRST)));
    }
}

static void medium_stays_the_same_while_nobody_changes_it(struct device *device)
{
    struct device_call_number number = number_of(device);
    struct storage_call_media_reply before = { 0 }, after = { 0 };

    EXPECT_OK(storage_call_media(device->process, &number, &before));
    use(device, 0, 0);
    EXPECT_OK(storage_call_media(device->process, &number, &after));
    EXPECT_EQUAL(before.changes, after.changes);
    EXPECT_EQUAL(before.is_present, after.is_present);
    if (has_medium(device) && (size.flags & STORAGE_REMOVABLE) == 0) {
        EXPECT_STATUS(BAD_OPERATION, storage_call_eject(device->process, &number, NULL));
    }
}

/* Writes, reads, and puts back what was there. */
static void check_place(struct device *device, uint64_t first, uint32_t count)
{
    uint8_t *written = scratch(SCRATCH_FIRST);
    uint8_t *seen = scratch(SCRATCH_SECOND);
    uint8_t *before = scratch(SCRATCH_KEPT);
    uint32_t byte_count = count * size.block_size;

    EXPECT_OK(read_blocks(device, first, count, before));
    for (uint32_t turn = 0; turn < 2; turn++) {
        fill(written, byte_count);
        EXPECT_OK(write_blocks(device, first, count, written));
        EXPECT_OK(read_blocks(device, first, count, seen));
        EXPECT(memcmp(seen, written, byte_count) == 0);
    }
    for (uint32_t block = 0; block < count; block++) {           /* one at a time it is the same */
        EXPECT_OK(read_blocks(device, first + block, 1, seen));
        EXPECT(memcmp(seen, written + block * size.block_size, size.block_size) == 0);
    }
    EXPECT_OK(write_blocks(device, first, count, before));
    EXPECT_OK(read_blocks(device, first, count, seen));
    EXPECT(memcmp(seen, before, byte_count) == 0);
}

static void blocks_are_read_as_they_were_written(struct device *device)
{
    struct device_call_number number = number_of(device);

    SKIP_UNLESS(can_write(device), NOT_WRITABLE);
    check_place(device, 0, 1);
    check_place(device, 0, most_blocks());
    check_place(device, size.blocks / 2, 1);
    check_place(device, size.blocks - most_blocks(), most_blocks());
    check_place(device, size.blocks - 1, 1);
    EXPECT_OK(storage_call_flush(device->process, &number, NULL));
}

/* What is written to a block is not seen in those beside it. */
static void block_touches_no_other(struct device *device)
{
    uint8_t *before = scratch(SCRATCH_KEPT);
    uint8_t *seen = scratch(SCRATCH_SECOND);

    SKIP_UNLESS(can_write(device) && size.blocks >= 3, NOT_WRITABLE);
    EXPECT_OK(read_blocks(device, 0, 3, before));
    memset(scratch(SCRATCH_FIRST), 0xA5, size.block_size);
    EXPECT_OK(write_blocks(device, 1, 1, scratch(SCRATCH_FIRST)));
    EXPECT_OK(read_blocks(device, 0, 3, seen));
    EXPECT(memcmp(seen, before, size.block_size) == 0);
    EXPECT(memcmp(seen + size.block_size, scratch(SCRATCH_FIRST), size.block_size) == 0);
    EXPECT(memcmp(seen + 2 * size.block_size, before + 2 * size.block_size, size.block_size) == 0);
    EXPECT_OK(write_blocks(device, 1, 1, before + size.block_size));
}

static void expect_no_blocks(struct device *device, uint64_t first, uint32_t count)
{
    uint32_t byte_count = count * size.block_size;

    EXPECT_STATUS(BAD_ARGUMENT, read_blocks(device, first, count, scratch(SCRATCH_SECOND)));
    status_t status = write_bytes(device, first, count, scratch(SCRATCH_FIRST), byte_count <= STORAGE_TRANSFER_MAX ? byte_count : 0);
    if (status != BAD_ARGUMENT && !(status == NOT_ALLOWED && (size.flags & STORAGE_READ_ONLY) != 0)) {
        EXPECT_NOT("writing %u blocks from 0x%llx on: %s", count, (unsigned long long)first, status_name(status));
    }
}

static void behind_the_last_block_is_nothing(struct device *device)
{
    SKIP_UNLESS(has_medium(device), NO_MEDIUM);
    uint64_t last = size.blocks - 1;
    EXPECT_OK(read_blocks(device, last, 1, scratch(SCRATCH_KEPT)));
    expect_no_blocks(device, last + 1, 1);
    expect_no_blocks(device, last, 2);
    expect_no_blocks(device, last + 1 - most_blocks() + 1, most_blocks());
    EXPECT_OK(read_blocks(device, last, 1, scratch(SCRATCH_SECOND)));
    EXPECT(memcmp(scratch(SCRATCH_SECOND), scratch(SCRATCH_KEPT), size.block_size) == 0);     /* no part of it was done */
}

static void numbers_that_overflow_reach_no_block(struct device *device)
{
    SKIP_UNLESS(has_medium(device), NO_MEDIUM);
    static const uint64_t firsts[] = { HIGHEST, HIGHEST - 1, HIGHEST - 7, 1ULL << 47, 1ULL << 41, 1ULL << 40, 1ULL << 39, 1ULL << 32,
                                       (1ULL << 32) + 1, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0x800000, 0x400000 };
    for (uint32_t i = 0; i < COUNT(firsts); i++) {
        if (firsts[i] >= size.blocks) {
            expect_no_blocks(device, firsts[i], 1);
            expect_no_blocks(device, firsts[i], most_blocks());
        }
    }
    static const uint32_t counts[] = { 0, 0xFFFF, 0x8000, 0x8001, 0x1000, 0x100, 0x81 };
    for (uint32_t i = 0; i < COUNT(counts); i++) {
        if (counts[i] == 0 || counts[i] > STORAGE_TRANSFER_MAX / size.block_size) {
            expect_no_blocks(device, 0, counts[i]);
        }
    }
}

static void writes_of_another_length_are_refused(struct device *device)
{
    SKIP_UNLESS(can_write(device), NOT_WRITABLE);
    EXPECT_OK(read_blocks(device, 0, 1, scratch(SCRATCH_KEPT)));
    memset(scratch(SCRATCH_FIRST), 0x5A, SCRATCH_SIZE);
    const uint32_t lengths[] = { 0, 1, size.block_size - 1, size.block_size + 1, 2 * size.block_size, STORAGE_TRANSFER_MAX };
    for (uint32_t i = 0; i < COUNT(lengths); i++) {
        EXPECT_STATUS(BAD_SIZE, write_bytes(device, 0, 1, scratch(SCRATCH_FIRST), lengths[i]));
    }
    EXPECT_OK(read_blocks(device, 0, 1, scratch(SCRATCH_SECOND)));
    EXPECT(memcmp(scratch(SCRATCH_SECOND), scratch(SCRATCH_KEPT), size.block_size) == 0);
}

static void what_is_read_only_is_not_written(struct device *device)
{
    SKIP_UNLESS(has_medium(device) && (size.flags & STORAGE_READ_ONLY) != 0, "it can be written to");
    EXPECT_OK(read_blocks(device, 0, 1, scratch(SCRATCH_KEPT)));
    memset(scratch(SCRATCH_FIRST), 0x5A, size.block_size);
    EXPECT_STATUS(NOT_ALLOWED, write_blocks(device, 0, 1, scratch(SCRATCH_FIRST)));
    EXPECT_OK(read_blocks(device, 0, 1, scratch(SCRATCH_SECOND)));
    EXPECT(memcmp(scratch(SCRATCH_SECOND), scratch(SCRATCH_KEPT), size.block_size) == 0);
}

static const struct check checks[] = {
    CHECK(its_size_can_be),
    CHECK(without_a_medium_all_is_absent),
    CHECK(medium_stays_the_same_while_nobody_changes_it),
    CHECK(blocks_are_read_as_they_were_written),
    CHECK(block_touches_no_other),
    CHECK(behind_the_last_block_is_nothing),
    CHECK(numbers_that_overflow_reach_no_block),
    CHECK(writes_of_another_length_are_refused),
    CHECK(what_is_read_only_is_not_written),
};

const struct kind storage_kind = {
    .type = DEVICE_STORAGE,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_storage,
    .keep = keep,
    .restore = restore,
};
