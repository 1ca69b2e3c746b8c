#include "list.h"

#include <ternion/async.h>
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#define ANSWER_PATIENCE_NS SECOND    /* a driver may hang: the list is for those who look for it */

/* ---- What each is ---- */

static void describe_as(struct row *row, const char *text)
{
    format_text(row->description, sizeof row->description, "%s", text);
}

/* What a driver says may be anything. */
static void take_text(struct row *row, uint32_t size)
{
    size = size < sizeof row->description - 1 ? size : sizeof row->description - 1;
    for (uint32_t i = 0; i < size; i++) {
        char *character = &row->description[i];

        *character = *character >= ' ' && *character <= '~' ? *character : '?';
    }
    row->description[size] = '\0';
}

/* Asks its driver, which need not answer. */
static void describe(struct row *row)
{
    const struct device_call_number request = { row->device.number };
    struct device_call_description reply;
    struct payload payload = { .buffer = row->description, .buffer_size = sizeof row->description - 1 };
    struct async_call call = { 0 };

    status_t status = device_call_describe_start(&call, row->device.process, &request, &reply, &payload);
    if (status == OK) {
        status = async_wait(&call, clock_after(ANSWER_PATIENCE_NS));
        if (status == TIMED_OUT && async_cancel(&call) == OK) {
            describe_as(row, "(its driver does not answer)");
            return;
        }
        status = call.status;
    }
    if (status == OK || status == TRUNCATED) {
        take_text(row, payload.reply_string_size);
    } else if (status == NOT_ALLOWED) {
        describe_as(row, "(its driver speaks to its partners alone)");
    } else {
        format_text(row->description, sizeof row->description, "(%s)", status_name(status));
    }
}

static void complete(struct row *row)
{
    struct process_information driver;

    if (row->device.process == 0) {
        describe_as(row, "(bound to a device that is absent)");
        return;
    }
    if (process_information(row->device.process, &driver) == OK) {
        format_text(row->driver, sizeof row->driver, "%s", driver.name);
    }
    describe(row);
}

/* ---- All of them ---- */

/* Puts a row where its name belongs. */
static status_t insert(struct list *list, const struct device_information *device)
{
    struct row *rows = realloc(list->rows, (list->count + 1) * sizeof *rows);
    uint32_t at = list->count;

    if (rows == NULL) {
        return NO_MEMORY;
    }
    list->rows = rows;
    for (; at > 0 && strcmp(rows[at - 1].device.name, device->name) > 0; at--) {
        rows[at] = rows[at - 1];
    }
    rows[at] = (struct row){ .device = *device };
    list->count++;
    return OK;
}

status_t list_make(struct list *list_out)
{
    struct list list = { NULL, 0 };
    struct device_information device;
    device_id_t last = 0;

    while (device_next(last, &device) == OK) {
        status_t status = insert(&list, &device);

        if (status != OK) {
            free(list.rows);
            return status;
        }
        last = device.id;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        complete(&list.rows[i]);
    }
    *list_out = list;
    return OK;
}
