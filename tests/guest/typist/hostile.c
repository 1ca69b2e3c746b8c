#include "hostile.h"

#include <ternion/line.h>
#include <ternion/log.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

static unsigned asked, wrong;

static void expect(const char *what, uint32_t number, status_t expected, status_t status)
{
    asked++;
    if (status != expected) {
        wrong++;
        log_print(LOG_ERROR, "%s of 0x%X: %s", what, number, status_name(status));
    }
}

static void ask_line(process_id_t driver, uint32_t number)
{
    struct payload payload = { .string = "x", .string_size = 1 };
    struct payload back = { 0 };
    struct line_statistics statistics;

    expect("write", number, ABSENT, line_call_write(driver, &(struct device_call_number){ number }, NULL, &payload));
    expect("read", number, ABSENT, line_call_read(driver, &(struct line_call_read_request){ number, 1 }, NULL, &back));
    expect("configure", number, ABSENT,
           line_call_configure(driver, &(struct line_settings){ .number = number, .baud = 50, .data_bits = 5, .stop_bits = 1 },
                               NULL));
    expect("statistics", number, ABSENT, line_call_statistics(driver, &(struct device_call_number){ number }, &statistics));
}

static void ask_text(process_id_t driver, uint32_t number)
{
    struct payload payload = { .string = "x", .string_size = 1 };
    struct text_call_size_reply size;

    expect("write", number, ABSENT, text_call_write(driver, &(struct device_call_number){ number }, NULL, &payload));
    expect("size", number, ABSENT, text_call_size(driver, &(struct device_call_number){ number }, &size));
}

static void ask_any(process_id_t driver, uint32_t number)
{
    struct device_call_description description;
    struct payload back = { 0 };

    expect("describe", number, ABSENT, device_call_describe(driver, &(struct device_call_number){ number }, &description, &back));
    expect("initialise", number, ABSENT, device_call_initialise(driver, &(struct device_call_number){ number }, NULL));
}

/* Texts that are too long by a byte, and reads of nothing and of too much. */
static void ask_sizes(const struct device *device)
{
    static char text[TEXT_SIZE_MAX + 1];
    struct message message = {
        .words = { device->type == DEVICE_LINE ? line_call_write_shape.header : text_call_write_shape.header, device->number },
        .string = text,
        .string_size = sizeof text,
    };
    struct payload back = { 0 };

    expect("a long write", device->number, TOO_BIG, message_ask(device->process, &message, NULL));
    if (device->type == DEVICE_LINE) {
        expect("a read of nothing", device->number, BAD_ARGUMENT,
               line_call_read(device->process, &(struct line_call_read_request){ device->number, 0 }, NULL, &back));
        expect("a read of too much", device->number, BAD_ARGUMENT,
               line_call_read(device->process, &(struct line_call_read_request){ device->number, LINE_READ_MAX + 1 }, NULL, &back));
    }
}

void hostile_ask(const struct device *device)
{
    static const uint32_t numbers[] = { 8, 9, 255, 256, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFB, 0xFFFFFFFC, UINT32_MAX };

    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (device->type == DEVICE_LINE) {
            ask_line(device->process, numbers[i]);
        } else {
            ask_text(device->process, numbers[i]);
        }
        ask_any(device->process, numbers[i]);
    }
    ask_sizes(device);
    log_print(LOG_INFORMATION, "asked %u questions, %u answers were wrong", asked, wrong);
}
