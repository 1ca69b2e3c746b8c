/*
 * d\pci: what is plugged into the PCI bus, and who drives it. Its protocol stands in ternion/pci.h; which drivers are started for
 * what, and what becomes of a function when its driver ends, in docs/pci.md.
 */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/memory.h>
#include <ternion/server.h>
#include <ternion/syscall.h>

#include "driver.h"
#include "image.h"
#include "supervisor.h"

#define NAME "buses\\pci\\0"
#define SUPERVISOR_WAIT_NS (10 * SECOND) /* d\init comes within this time, or not at all */
#define SUPERVISOR_LOOK_NS (50 * MILLISECOND)

MANIFEST(
    .role = ROLE_BUS,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_PCI,
    .ports = { { 0x0CF8, 0x0CFF } },
);

/* ---- The protocol of buses ---- */

/* The function that a client names. NULL: nothing is there. */
static struct function *find(uint8_t bus, uint8_t device, uint8_t function)
{
    return device < DEVICES_PER_BUS && function < FUNCTIONS_PER_DEVICE ? function_find(place_of(bus, device, function)) : NULL;
}

static status_t tell_function(struct server_call *call, const struct pci_call_index *request, struct pci_function *reply)
{
    struct function *function = function_at(request->index);

    if (request->number != 0) {
        return ABSENT;
    }
    if (function == NULL) {
        return NOT_FOUND;
    }
    *reply = function->described;
    reply->driver = driver_of(function);
    if (reply->driver == call->sender) {
        driver_begins(function);
    }
    reply->is_master = function_is_master(function);
    return OK;
}

/* Where nothing is plugged in all bits are one, as on the bus itself. */
static status_t read(struct server_call *call, const struct pci_call_configuration *request, struct pci_call_value *reply)
{
    uint32_t size = request->size;
    (void)call;

    if (request->number != 0) {
        return ABSENT;
    }
    if ((size != 1 && size != 2 && size != 4) || request->offset % size != 0 || request->offset >= CONFIGURATION_SIZE
        || request->device >= DEVICES_PER_BUS || request->function >= FUNCTIONS_PER_DEVICE) {
        return BAD_ARGUMENT;
    }
    const struct function *function = find(request->bus, request->device, request->function);
    reply->value = function == NULL ? UINT32_MAX >> (32 - 8 * size) : configuration_read(function->place, request->offset, size);
    return OK;
}

static status_t set_mastering(struct server_call *call, const struct pci_call_mastering *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    struct function *function = find(request->bus, request->device, request->function);
    if (function == NULL || driver_of(function) != call->sender) {
        return NOT_ALLOWED;
    }
    return driver_set_mastering(function, request->is_on != 0);
}

PROTOCOL_SERVER(pci_call, PCI_PROTOCOL, .function = tell_function, .read = read, .set_mastering = set_mastering)

/* ---- The protocol of all devices ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    if (request->number != 0) {
        return ABSENT;
    }
    reply->type = DEVICE_BUS;
    size_t length = format_text(call->buffer, DEVICE_DESCRIPTION_MAX, "PCI: functions %u, buses %u", function_count(), bus_count());
    server_give_string(call, call->buffer, (uint32_t)length);
    return OK;
}

/* A bus has no state but what is plugged in, and that is its drivers'. */
static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return request->number == 0 ? OK : ABSENT;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

static struct server server = SERVER(&pci_call_protocol, &device_call_protocol);

/* ---- Start and loop ---- */

static void look_at_the_bus(void)
{
    struct function *remembered;

    (void)supervisor_find();
    uint32_t count = supervisor_recall(&remembered);
    if (!configuration_is_present() || functions_find(remembered, count) == 0) {
        log_print(LOG_INFORMATION, "there is no PCI bus");
        process_exit(ABSENT);
    }
    free(remembered);
    log_print(LOG_INFORMATION, "PCI: functions %u, buses %u", function_count(), bus_count());
}

/* How long drivers are to be started yet; 0: it is done. */
static nanoseconds_t give_up_ns;

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        if (supervisor_ended(event->id)) {
            drivers_supervisor_ended();
            give_up_ns = clock_after(SUPERVISOR_WAIT_NS);
        } else {
            driver_ended(event->id);
        }
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

int main(void)
{
    device_id_t device;

    look_at_the_bus();
    drivers_take_over();
    images_find();
    MUST(device_register(NAME, sizeof NAME - 1, DEVICE_BUS, 0, &device));
    give_up_ns = drivers_start() ? 0 : clock_after(SUPERVISOR_WAIT_NS);
    for (;;) {
        struct event event;

        if (server_wait(&server, &event, give_up_ns == 0 ? FOREVER : clock_after(SUPERVISOR_LOOK_NS)) == OK) {
            take(&event);
        }
        if (give_up_ns != 0 && drivers_start()) {
            give_up_ns = 0;
        }
        if (give_up_ns != 0 && clock_now() >= give_up_ns) {
            log_print(LOG_WARNING, "there is no d\\init: drivers are not started");
            give_up_ns = 0;
        }
    }
}
