#include <ternion/bios_client.h>

#include <ternion/async.h>
#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/message.h>
#include <ternion/syscall.h>

#define RECORDS_SIZE (BIOS_BATCH * sizeof(struct bios_record))

static void take_records(const struct event *event, void (*take)(const struct bios_record *records, uint32_t count),
                         struct bios_record *records)
{
    uint32_t size;

    if (message_string(event, records, RECORDS_SIZE, &size) == OK && size % sizeof *records == 0) {
        take(records, size / (uint32_t)sizeof *records);
    }
    message_answer(event, OK);
}

/* Takes events until the call is done. What is of the process otherwise, such as deaths, is lost on it. */
static void follow(struct async_call *call, process_id_t driver, void (*take)(const struct bios_record *records, uint32_t count),
                   struct bios_record *records)
{
    for (;;) {
        struct event event;

        if (event_wait(&event, FOREVER) != OK || event.kind != EVENT_MESSAGE) {
            continue;
        }
        if (async_rings(&event)) {
            if (async_take(&event) == call) {
                return;
            }
        } else if (event.sender == driver && event.words[0] == bios_driver_records_shape.header) {
            take_records(&event, take, records);
        } else {
            message_answer(&event, BUSY);
        }
    }
}

status_t bios_client_call(process_id_t driver, const struct bios_request *request, void *data, struct bios_answer *answer_out,
                          void (*take)(const struct bios_record *records, uint32_t count))
{
    struct payload payload = { .string = data, .string_size = request->data_size, .buffer = data, .buffer_size = request->data_size };
    struct bios_request with = *request;
    struct async_call call = { .flags = ASYNC_EVENT };

    if (take == NULL) {
        with.flags &= ~BIOS_CALL_RECORDS;
        return bios_driver_call(driver, &with, answer_out, &payload);
    }
    struct bios_record *records = malloc(RECORDS_SIZE);
    if (records == NULL) {
        return NO_MEMORY;
    }
    with.flags |= BIOS_CALL_RECORDS;
    status_t status = bios_driver_call_start(&call, driver, &with, answer_out, &payload);
    if (status == OK) {
        follow(&call, driver, take, records);
        status = call.status;
    }
    free(records);
    return status;
}
