/* Expectations, and the little that all tests need. */
#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>

#include "protocol.h"
#include "test.h"

uint8_t test_scratch[TEST_SCRATCH_SIZE] __attribute__((aligned(4096)));

#define EVENT_PATIENCE_NS (5 * SECOND)

process_id_t test_runner;
const char *test_name = "";

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

void test_fail(const char *file, unsigned line, const char *template, ...)
{
    char why[TEST_WHY_SIZE];
    va_list values;

    size_t size = format_text(why, sizeof why, "%s:%u: ", base_name(file), line);
    va_start(values, template);
    size += format_text_list(why + size, sizeof why - size, template, values);
    va_end(values);

    struct message message = {
        .words = { TEST_FAILED },
        .string = why,
        .string_size = (uint32_t)(size < sizeof why ? size : sizeof why - 1),
    };
    if (message_send(test_runner, &message) != OK) {
        log_print(LOG_ERROR, "%s: %s", test_name, why);
    }
    process_exit(1);
}

void test_expect_status(const char *file, unsigned line, const char *call, status_t expected, status_t actual)
{
    if (actual != expected) {
        test_fail(file, line, "%s (expected %s, got %s)", call, status_name(expected), status_name(actual));
    }
}

void test_expect_equal(const char *file, unsigned line, const char *what, uint32_t expected, uint32_t actual)
{
    if (actual != expected) {
        test_fail(file, line, "%s (expected %u = 0x%x, got %u = 0x%x)", what, expected, expected, actual, actual);
    }
}

void test_wait_event(struct event *event_out, uint32_t kind)
{
    status_t status = event_wait(event_out, clock_after(EVENT_PATIENCE_NS));

    if (status != OK) {
        EXPECT_NOT("waiting for an event of kind %u: %s", kind, status_name(status));
    }
    EXPECT_EQUAL(kind, event_out->kind);
}

uint32_t test_wait_exit(process_id_t id)
{
    struct event event;

    test_wait_event(&event, EVENT_PROCESS_EXITED);
    EXPECT_EQUAL(id, event.id);
    return event.count;
}

uint32_t test_number(const char *text)
{
    uint32_t number = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (uint32_t)(*text - '0');
    }
    return number;
}

struct test_digits test_digits(uint32_t number)
{
    struct test_digits digits;

    format_text(digits.text, sizeof digits.text, "%u", number);
    return digits;
}
