/* How the clients of storage and streams cut what they are asked for into requests: against a driver of the test's own. */
#include <ternion/storage.h>
#include <ternion/stream.h>

#include "test.h"

#define DISK_BYTES (1U << 20)
#define MARGIN 64U

void *malloc(size_t size);
void free(void *memory);
void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memset(void *memory, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

/* ---- The driver ---- */

static uint8_t disk[DISK_BYTES];
static uint64_t disk_first;              /* block at which the part that is kept begins */
static uint32_t disk_block_size;         /* what the driver works with */
static struct storage_size told;         /* what it tells */
static uint32_t requests;
static uint32_t fails_at;                /* the request with this number, from 1 on; 0: none does */
static status_t failure;
static uint64_t stream_left;             /* bytes until the stream's end */
static uint64_t stream_at;
static uint32_t excess;                  /* bytes that it gives beyond what it was asked for */

static uint8_t stream_byte(uint64_t at)
{
    return (uint8_t)(at * 167 >> 3);
}

static status_t serve_size(void *reply_out)
{
    memcpy(reply_out, &told, sizeof told);
    return OK;
}

static status_t serve_blocks(const struct operation_shape *shape, const struct storage_call_range *range, struct payload *payload)
{
    bool is_read = shape->string_max == 0;
    uint32_t size = range->count * disk_block_size;
    uint64_t first = storage_range_first(range);

    CHECK_EQUAL(range->number, 9);
    CHECK(range->count != 0 && size <= STORAGE_TRANSFER_MAX);
    CHECK(first >= disk_first && first - disk_first + range->count <= DISK_BYTES / disk_block_size);
    uint8_t *at = disk + (first - disk_first) * disk_block_size;
    if (!is_read) {
        if (payload->string_size != size) {
            return BAD_SIZE;
        }
        memcpy(at, payload->string, size);
        return OK;
    }
    memcpy(payload->buffer, at, size < payload->buffer_size ? size : payload->buffer_size);
    payload->reply_string_size = size;
    return size > payload->buffer_size ? TRUNCATED : OK;
}

static status_t serve_stream(const struct operation_shape *shape, const void *request, struct payload *payload)
{
    if (shape->reply_string_max == 0) {
        CHECK(payload->string_size != 0 && payload->string_size <= STREAM_TRANSFER_MAX);
        for (uint32_t i = 0; i < payload->string_size; i++) {
            CHECK_EQUAL(((const uint8_t *)payload->string)[i], stream_byte(stream_at++));
        }
        return OK;
    }
    uint32_t size = ((const struct stream_call_read_request *)request)->size;
    CHECK(size != 0 && size <= STREAM_TRANSFER_MAX && size == payload->buffer_size);
    uint32_t given = size < stream_left ? size : (uint32_t)stream_left;
    for (uint32_t i = 0; i < given; i++) {
        ((uint8_t *)payload->buffer)[i] = stream_byte(stream_at++);
    }
    stream_left -= given;
    payload->reply_string_size = given + excess;
    return payload->reply_string_size > size ? TRUNCATED : OK;
}

status_t protocol_call_message(process_id_t server, const struct operation_shape *shape, const void *request, void *reply_out,
                               struct payload *payload)
{
    CHECK_EQUAL(server, 5);
    if (++requests == fails_at) {
        return failure;
    }
    if (protocol_header_identity(shape->header) == stream_call_protocol_identity) {
        return serve_stream(shape, request, payload);
    }
    return payload == NULL ? serve_size(reply_out) : serve_blocks(shape, request, payload);
}

/* What device_client.c decides is tested beside it: here the driver is always there. */
bool device_attempt(struct device *device, struct device_attempt *attempt)
{
    bool is_first = !attempt->has_begun;

    device->process = 5;
    device->number = 9;
    attempt->has_begun = true;
    return is_first || (attempt->status == PEER_DIED && attempt->safety == DEVICE_ASK_AGAIN);
}

static struct device disk_of(uint32_t block_size, uint64_t blocks)
{
    struct device device = { .type = DEVICE_STORAGE };
    struct storage_size size;

    told = (struct storage_size){ .blocks = blocks, .block_size = block_size };
    disk_block_size = block_size;
    CHECK_EQUAL(storage_size(&device, &size), OK);
    CHECK(size.blocks == blocks && size.block_size == block_size);
    requests = 0;
    return device;
}

/* ---- Tests ---- */

static const uint32_t block_sizes[] = { 512, 1024, 2048, 4096 };

/* Memory with a margin, so that a byte too many shows, by the sanitizer or by the pattern. */
static uint8_t *memory_of(uint32_t size)
{
    uint8_t *memory = malloc(size + MARGIN);

    memset(memory, 0xA5, size + MARGIN);
    return memory;
}

static void check_margin(const uint8_t *memory, uint32_t size)
{
    for (uint32_t i = 0; i < MARGIN; i++) {
        CHECK_EQUAL(memory[size + i], 0xA5);
    }
}

static void any_number_of_blocks_is_moved_whole(void)
{
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t block_size = block_sizes[random_below(4)];
        uint64_t blocks = DISK_BYTES / block_size;
        struct device device = disk_of(block_size, blocks);
        uint32_t first = random_below((uint32_t)blocks);
        uint32_t count = random_below((uint32_t)blocks - first + 1);
        uint32_t size = count * block_size;
        uint8_t *memory = memory_of(size);

        for (uint32_t i = 0; i < size; i++) {
            memory[i] = (uint8_t)random_next();
        }
        CHECK_EQUAL(storage_write(&device, first, count, memory), OK);
        CHECK(memcmp(disk + first * block_size, memory, size) == 0);
        CHECK_EQUAL(requests, (size + STORAGE_TRANSFER_MAX - 1) / STORAGE_TRANSFER_MAX);
        memset(memory, 0, size);
        CHECK_EQUAL(storage_read(&device, first, count, memory), OK);
        CHECK(memcmp(disk + first * block_size, memory, size) == 0);
        check_margin(memory, size);
        free(memory);
    }
}

static void no_block_is_reached_by_an_overflow(void)
{
    struct device device = disk_of(512, STORAGE_BLOCKS_MAX);
    uint8_t *memory = memory_of(8 * 512);
    static const struct { uint64_t first; uint32_t count; } ranges[] = {
        { UINT64_MAX, 1 }, { UINT64_MAX, 2 }, { UINT64_MAX - 7, 8 }, { UINT64_MAX - 7, 9 }, { STORAGE_BLOCKS_MAX, 1 },
        { STORAGE_BLOCKS_MAX - 1, 2 }, { 0, UINT32_MAX }, { 0, UINT32_MAX / 512 + 1 }, { UINT64_MAX, UINT32_MAX },
    };

    for (uint32_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        CHECK_EQUAL(storage_read(&device, ranges[i].first, ranges[i].count, memory), BAD_ARGUMENT);
        CHECK_EQUAL(storage_write(&device, ranges[i].first, ranges[i].count, memory), BAD_ARGUMENT);
    }
    CHECK_EQUAL(requests, 0);
    CHECK_EQUAL(storage_read(&device, 5, 0, memory), OK);
    CHECK_EQUAL(storage_read(&device, STORAGE_BLOCKS_MAX, 0, memory), OK);
    CHECK_EQUAL(requests, 0);
    check_margin(memory, 8 * 512);
    free(memory);
}

static void blocks_above_four_thousand_million_are_reached(void)
{
    static const uint64_t firsts[] = { 0xFFFFFFFFULL - 100, 0x100000000ULL, 0x123456789ABULL, STORAGE_BLOCKS_MAX - DISK_BYTES / 512 };

    for (uint32_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        struct device device = disk_of(512, STORAGE_BLOCKS_MAX);
        uint32_t count = DISK_BYTES / 512;
        uint8_t *memory = memory_of(DISK_BYTES);

        disk_first = firsts[i];
        for (uint32_t k = 0; k < DISK_BYTES; k++) {
            disk[k] = (uint8_t)random_next();
        }
        CHECK_EQUAL(storage_read(&device, firsts[i], count, memory), OK);
        CHECK(memcmp(memory, disk, DISK_BYTES) == 0);
        check_margin(memory, DISK_BYTES);
        free(memory);
    }
}

static void buffer_is_never_written_past_its_blocks(void)
{
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t believed = block_sizes[i / 4];
        struct device device = disk_of(believed, 8);
        uint8_t *memory = memory_of(2 * believed);

        disk_block_size = block_sizes[i % 4];        /* another medium by now */
        status_t expected = disk_block_size == believed ? OK : BAD_SIZE;
        CHECK_EQUAL(storage_read(&device, 0, 2, memory), expected);
        CHECK_EQUAL(storage_write(&device, 0, 2, memory), expected);
        check_margin(memory, 2 * believed);
        free(memory);
    }
}

static void blocks_of_unknown_size_are_not_moved(void)
{
    struct device device = { .type = DEVICE_STORAGE };
    uint8_t byte;

    CHECK_EQUAL(storage_read(&device, 0, 1, &byte), BAD_SIZE);
    CHECK_EQUAL(storage_write(&device, 0, 1, &byte), BAD_SIZE);
    CHECK_EQUAL(requests, 0);
}

static void sizes_that_cannot_be_are_not_believed(void)
{
    struct device device = disk_of(1024, 8);
    struct storage_size size = { .blocks = 77 };
    static const struct storage_size lies[] = {
        { 8, 0, 0 }, { 8, 1, 0 }, { 8, 511, 0 }, { 8, 8192, 0 }, { 8, UINT32_MAX, 0 }, { STORAGE_BLOCKS_MAX + 1, 512, 0 }, { UINT64_MAX, 512, 0 },
    };

    for (uint32_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        told = lies[i];
        CHECK_EQUAL(storage_size(&device, &size), BAD_SIZE);
        CHECK(size.blocks == 77 && device.block_size == 1024);
    }
}

static void failure_ends_a_transfer_and_death_does_not(void)
{
    struct device device = disk_of(512, DISK_BYTES / 512);
    uint32_t count = 3 * STORAGE_TRANSFER_MAX / 512;
    uint8_t *memory = memory_of(3 * STORAGE_TRANSFER_MAX);

    memset(memory, 1, 3 * STORAGE_TRANSFER_MAX);
    fails_at = 2;
    failure = NOT_ALLOWED;
    CHECK_EQUAL(storage_write(&device, 0, count, memory), NOT_ALLOWED);
    CHECK_EQUAL(requests, 2);
    CHECK(disk[0] == 1 && disk[STORAGE_TRANSFER_MAX] == 0);
    requests = 0;
    failure = PEER_DIED;
    CHECK_EQUAL(storage_write(&device, 0, count, memory), OK);
    CHECK_EQUAL(requests, 4);
    CHECK(disk[STORAGE_TRANSFER_MAX] == 1 && disk[3 * STORAGE_TRANSFER_MAX - 1] == 1 && disk[3 * STORAGE_TRANSFER_MAX] == 0);
    free(memory);
}

static void stream_is_read_to_its_end_and_no_further(void)
{
    for (uint32_t round = 0; round < 500; round++) {
        struct device device = { .type = DEVICE_STREAM };
        uint32_t wanted = random_below(5 * STREAM_TRANSFER_MAX);
        uint32_t there = random_one_in(3) ? wanted + random_below(3) : random_below(5 * STREAM_TRANSFER_MAX);
        uint32_t expected = wanted < there ? wanted : there;
        uint8_t *memory = memory_of(wanted);
        uint32_t size;

        stream_at = 0;
        stream_left = there;
        requests = 0;
        CHECK_EQUAL(stream_read(&device, memory, wanted, &size), OK);
        CHECK_EQUAL(size, expected);
        for (uint32_t i = 0; i < size; i++) {
            CHECK_EQUAL(memory[i], stream_byte(i));
        }
        CHECK(requests <= wanted / STREAM_TRANSFER_MAX + 1);
        check_margin(memory, wanted);
        stream_at = 0;
        CHECK_EQUAL(stream_write(&device, memory, size), OK);
        CHECK_EQUAL(stream_at, size);
        free(memory);
    }
}

static void what_was_read_before_a_failure_is_told(void)
{
    struct device device = { .type = DEVICE_STREAM };
    static uint8_t memory[3 * STREAM_TRANSFER_MAX];
    uint32_t size = 77;

    stream_left = UINT64_MAX;
    fails_at = 2;
    failure = NO_MEMORY;
    CHECK_EQUAL(stream_read(&device, memory, sizeof memory, &size), NO_MEMORY);
    CHECK_EQUAL(size, STREAM_TRANSFER_MAX);
    requests = 0;
    failure = PEER_DIED;
    CHECK_EQUAL(stream_read(&device, memory, sizeof memory, &size), OK);
    CHECK_EQUAL(size, sizeof memory);
    fails_at = 0;
    excess = 1;
    CHECK_EQUAL(stream_read(&device, memory, 100, &size), BAD_SIZE);
    CHECK_EQUAL(size, 0);
    requests = 0;
    CHECK_EQUAL(stream_read(&device, memory, 0, &size), OK);
    CHECK_EQUAL(stream_write(&device, memory, 0), OK);
    CHECK_EQUAL(requests, 0);
}

static const struct test tests[] = {
    TEST(any_number_of_blocks_is_moved_whole),
    TEST(no_block_is_reached_by_an_overflow),
    TEST(blocks_above_four_thousand_million_are_reached),
    TEST(buffer_is_never_written_past_its_blocks),
    TEST(blocks_of_unknown_size_are_not_moved),
    TEST(sizes_that_cannot_be_are_not_believed),
    TEST(failure_ends_a_transfer_and_death_does_not),
    TEST(stream_is_read_to_its_end_and_no_further),
    TEST(what_was_read_before_a_failure_is_told),
};
TEST_MAIN(tests)
