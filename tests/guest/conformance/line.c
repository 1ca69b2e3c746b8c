/* Serial lines. Nothing is at the other end that would have to answer, and the log may use the line too. */
#include <ternion/clock.h>
#include <ternion/line.h>
#include <ternion/string.h>

#include "check.h"

static const struct operation_shape *const operations[] = { LINE_PROTOCOL(SHAPE, SHAPE, line_call) };

static const struct line_settings usual = { .baud = 115200, .data_bits = 8, .stop_bits = 1, .parity = LINE_PARITY_NONE };

static status_t write_bytes(struct device *device, const void *bytes, uint32_t size)
{
    struct device_call_number request = { device->number };

    return PATIENTLY(ask(device, &line_call_write_shape, &request, bytes, size));
}

static status_t configure(struct device *device, struct line_settings settings)
{
    settings.number = device->number;
    return PATIENTLY(ask(device, &line_call_configure_shape, &settings, NULL, 0));
}

static struct line_statistics statistics_of(struct device *device)
{
    struct device_call_number request = { device->number };
    struct line_statistics statistics = { 0 };

    EXPECT_OK(line_call_statistics(device->process, &request, &statistics));
    return statistics;
}

static void use_line(struct device *device, uint32_t client, uint32_t turn)
{
    static const char text[] = "conformance: a client\r\n";
    (void)client;
    (void)turn;

    EXPECT_OK(write_bytes(device, text, sizeof text - 1));
    EXPECT(statistics_of(device).sent >= sizeof text - 1);
}

static status_t linger(struct device *device)
{
    struct line_call_read_request request = { device->number, LINE_READ_MAX };
    struct payload payload = { .buffer = scratch(SCRATCH_FIRST), .buffer_size = LINE_READ_MAX };

    return line_call_read(device->process, &request, NULL, &payload);
}

static status_t linger_unheard(struct device *device)
{
    struct line_call_read_request request = { device->number, LINE_READ_MAX };

    return line_call_read_send(device->process, &request, NULL);
}

static void one_client_at_a_time_reads(struct device *device)
{
    skip_if_taken(device);
    process_id_t reader = client_linger(device);

    clock_sleep(200 * MILLISECOND);
    status_t second = client_is_gone(reader) ? BUSY : linger(device);
    EXPECT_STATUS(BUSY, second);
    (void)client_end_lingering(reader);
}

static void reads_of_no_bytes_or_too_many_are_refused(struct device *device)
{
    static const uint32_t sizes[] = { 0, LINE_READ_MAX + 1, 0x80000000, UINT32_MAX };

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct line_call_read_request request = { device->number, sizes[i] };

        EXPECT_STATUS(BAD_ARGUMENT, ask(device, &line_call_read_shape, &request, NULL, 0));
    }
}

static void what_is_sent_is_counted(struct device *device)
{
    static const char text[] = "conformance: counted\r\n";
    uint32_t before = statistics_of(device).sent;

    for (uint32_t i = 0; i < 10; i++) {
        EXPECT_OK(write_bytes(device, text, sizeof text - 1));
    }
    EXPECT(statistics_of(device).sent - before >= 10 * (sizeof text - 1));
    EXPECT_OK(write_bytes(device, text, 0));
}

/* At 115200 baud 4,096 bytes take 0.36 s; whole lines, for somebody may read them. */
static void longest_write_is_taken(struct device *device)
{
    char *text = (char *)scratch(SCRATCH_FIRST);

    for (uint32_t i = 0; i < LINE_WRITE_MAX; i++) {
        text[i] = i % 64 == 63 ? '\n' : i % 64 == 62 ? '\r' : '.';
    }
    EXPECT_OK(write_bytes(device, text, LINE_WRITE_MAX));
}

static void settings_that_cannot_be_are_refused(struct device *device)
{
    static const struct line_settings wrong[] = {
        { .baud = 0, .data_bits = 8, .stop_bits = 1 },        { .baud = 115201, .data_bits = 8, .stop_bits = 1 },
        { .baud = UINT32_MAX, .data_bits = 8, .stop_bits = 1 }, { .baud = 1, .data_bits = 8, .stop_bits = 1 },
        { .baud = 100000, .data_bits = 8, .stop_bits = 1 },   { .baud = 230400, .data_bits = 8, .stop_bits = 1 },
        { .baud = 115200, .data_bits = 4, .stop_bits = 1 },   { .baud = 115200, .data_bits = 9, .stop_bits = 1 },
        { .baud = 115200, .data_bits = 0, .stop_bits = 1 },   { .baud = 115200, .data_bits = 255, .stop_bits = 1 },
        { .baud = 115200, .data_bits = 8, .stop_bits = 0 },   { .baud = 115200, .data_bits = 8, .stop_bits = 3 },
        { .baud = 115200, .data_bits = 8, .stop_bits = 1, .parity = LINE_PARITY_EVEN + 1 },
        { .baud = 115200, .data_bits = 8, .stop_bits = 1, .parity = 255 },
        { .baud = 115200, .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_HARDWARE + 1 },
        { .baud = 115200, .data_bits = 8, .stop_bits = 1, .flow = 255 },
    };
    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        status_t status = configure(device, wrong[i]);

        if (status != BAD_ARGUMENT) {
            EXPECT_NOT("%u baud, %u data bits, %u stop bits, parity %u: %s", wrong[i].baud, wrong[i].data_bits, wrong[i].stop_bits,
                       wrong[i].parity, status_name(status));
        }
    }
    EXPECT_OK(configure(device, usual));
    use_line(device, 0, 0);
}

static const struct check checks[] = {
    CHECK(one_client_at_a_time_reads),
    CHECK(reads_of_no_bytes_or_too_many_are_refused),
    CHECK(what_is_sent_is_counted),
    CHECK(longest_write_is_taken),
    CHECK(settings_that_cannot_be_are_refused),
};

const struct kind line_kind = {
    .type = DEVICE_LINE,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_line,
    .linger = linger,
    .linger_unheard = linger_unheard,
};
