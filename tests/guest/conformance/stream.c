/* Bytes without an end. */
#include <ternion/stream.h>
#include <ternion/string.h>

#include "check.h"


static const struct operation_shape *const operations[] = { STREAM_PROTOCOL(SHAPE, SHAPE, stream_call) };

/* Reads with one request; bytes that came. */
static uint32_t read_bytes(struct device *device, uint32_t wanted, void *bytes)
{
    struct stream_call_read_request request = { device->number, wanted };
    uint32_t size;

    EXPECT_OK(ask(device, &stream_call_read_shape, &request, NULL, 0));
    const void *answer = answer_string(&size);
    EXPECT(size <= wanted);
    memcpy(bytes, answer, size);
    return size;
}

static status_t write_bytes(struct device *device, const void *bytes, uint32_t size)
{
    struct device_call_number request = { device->number };

    return ask(device, &stream_call_write_shape, &request, bytes, size);
}

static void use_stream(struct device *device, uint32_t client, uint32_t turn)
{
    (void)read_bytes(device, 1000 * client + turn, scratch(SCRATCH_FIRST));
    EXPECT_OK(write_bytes(device, scratch(SCRATCH_FIRST), 1000 * client + turn));
}

static void as_many_bytes_come_as_were_asked_for(struct device *device)
{
    static const uint32_t sizes[] = { 0, 1, 255, 256, 257, 4095, 4096, 4097, STREAM_TRANSFER_MAX - 1, STREAM_TRANSFER_MAX };
    bool has_ended = read_bytes(device, 1, scratch(SCRATCH_FIRST)) == 0;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        EXPECT_EQUAL(has_ended ? 0 : sizes[i], read_bytes(device, sizes[i], scratch(SCRATCH_FIRST)));
        EXPECT_OK(write_bytes(device, scratch(SCRATCH_FIRST), sizes[i]));
    }
}

static void more_than_a_request_holds_is_refused(struct device *device)
{
    static const uint32_t sizes[] = { STREAM_TRANSFER_MAX + 1, MESSAGE_STRING_MAX, 0x7FFFFFFF, 0x80000000, UINT32_MAX };

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct stream_call_read_request request = { device->number, sizes[i] };

        EXPECT_STATUS(BAD_ARGUMENT, ask(device, &stream_call_read_shape, &request, NULL, 0));
    }
}

static bool is_zero(const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Each of the 256 values comes 128 times in the mean; with a deviation of 11, so none is missing or comes three times as often. */
static void expect_random(const uint8_t *bytes, uint32_t size)
{
    uint32_t counts[256] = { 0 };

    for (uint32_t i = 0; i < size; i++) {
        counts[bytes[i]]++;
    }
    for (uint32_t value = 0; value < 256; value++) {
        EXPECT(counts[value] != 0 && counts[value] < 3 * size / 256);
    }
}

static void it_gives_what_its_name_says(struct device *device)
{
    uint8_t *bytes = scratch(SCRATCH_FIRST);
    uint8_t *others = scratch(SCRATCH_SECOND);

    if (strcmp(device->name, "streams\\null") == 0) {
        EXPECT_EQUAL(0, read_bytes(device, STREAM_TRANSFER_MAX, bytes));
    } else if (strcmp(device->name, "streams\\zero") == 0) {
        EXPECT_EQUAL(STREAM_TRANSFER_MAX, read_bytes(device, STREAM_TRANSFER_MAX, bytes));
        EXPECT(is_zero(bytes, STREAM_TRANSFER_MAX));
    } else if (strcmp(device->name, "streams\\random") == 0) {
        EXPECT_EQUAL(STREAM_TRANSFER_MAX, read_bytes(device, STREAM_TRANSFER_MAX, bytes));
        EXPECT_EQUAL(STREAM_TRANSFER_MAX, read_bytes(device, STREAM_TRANSFER_MAX, others));
        expect_random(bytes, STREAM_TRANSFER_MAX);
        EXPECT(memcmp(bytes, others, STREAM_TRANSFER_MAX) != 0);
    }
}

static const struct check checks[] = {
    CHECK(as_many_bytes_come_as_were_asked_for),
    CHECK(more_than_a_request_holds_is_refused),
    CHECK(it_gives_what_its_name_says),
};

const struct kind stream_kind = {
    .type = DEVICE_STREAM,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_stream,
};
