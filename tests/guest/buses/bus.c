#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/pci.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "../edu/edu_protocol.h"
#include "verbs.h"

static struct device *bus(void)
{
    static struct device device;

    if (device.name[0] == '\0') {
        MUST(device_open(&device, "buses\\pci\\0", DEVICE_BUS, clock_after(DEVICE_PATIENCE_NS)));
    }
    return &device;
}

static void show(const struct pci_function *function)
{
    char text[LOG_TEXT_MAX];
    size_t size = format_text(text, sizeof text, "function %02x:%02x.%x %04x:%04x class %02x%02x%02x irq %u master %u driver %u",
                              function->bus, function->device, function->function, function->vendor, function->id, function->class,
                              function->subclass, function->interface, function->irq, function->is_master, function->driver);

    for (uint32_t i = 0; i < PCI_RESOURCES_MAX && size < sizeof text; i++) {
        const struct pci_resource *resource = &function->resources[i];
        if (resource->size != 0) {
            size += format_text(text + size, sizeof text - size, " %u:%08x+%x,%x", i, resource->first, resource->size, resource->flags);
        }
    }
    log_print(LOG_INFORMATION, "%s", text);
}

void bus_functions(const char *value)
{
    struct pci_function function;
    status_t status;
    uint32_t index = 0;
    (void)value;

    while ((status = pci_function(bus(), index, &function)) == OK) {
        show(&function);
        index++;
    }
    log_print(LOG_INFORMATION, "functions: %u, then %s", index, status_name(status));
}

static struct pci_function take_place(const char **value)
{
    struct pci_function place = { 0 };

    place.bus = (uint8_t)take_number(value);
    place.device = (uint8_t)take_number(value);
    place.function = (uint8_t)take_number(value);
    return place;
}

void bus_read(const char *value)
{
    struct pci_function place = take_place(&value);
    uint32_t offset = take_number(&value), size = take_number(&value), found = 0;

    status_t status = pci_read(bus(), &place, offset, size, &found);
    log_print(LOG_INFORMATION, "%02x:%02x.%x at %u: %s %x", place.bus, place.device, place.function, offset, status_name(status), found);
}

void bus_master(const char *value)
{
    struct pci_function place = take_place(&value);

    tell("mastering on", pci_set_mastering(bus(), &place, true));
    tell("mastering off", pci_set_mastering(bus(), &place, false));
}

static void read_badly(struct pci_call_configuration request)
{
    struct pci_call_value reply;

    log_print(LOG_INFORMATION, "offset %u size %u device %u function %u number %u: %s", request.offset, request.size, request.device,
              request.function, request.number, status_name(pci_call_read(bus()->process, &request, &reply)));
}

void bus_hostile(const char *value)
{
    static const struct pci_call_configuration bad[] = {
        { 0, 256, 1, 0, 0, 0, 0 }, { 0, 65532, 4, 0, 0, 0, 0 }, { 0, 2, 4, 0, 0, 0, 0 }, { 0, 1, 2, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0 },
        { 0, 0, 3, 0, 0, 0, 0 }, { 0, 0, 65535, 0, 0, 0, 0 }, { 0, 0, 4, 0, 32, 0, 0 }, { 0, 0, 4, 0, 0, 8, 0 }, { 0, 0, 4, 0, 255, 255, 0 },
        { 1, 0, 4, 0, 0, 0, 0 }, { UINT32_MAX, 0, 4, 0, 0, 0, 0 },
    };
    struct pci_function reply;
    (void)value;

    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        read_badly(bad[i]);
    }
    tell("function -1", pci_call_function(bus()->process, &(struct pci_call_index){ 0, UINT32_MAX }, &reply));
    tell("function of bus 1", pci_call_function(bus()->process, &(struct pci_call_index){ 1, 0 }, &reply));
    tell("mastering of nothing", pci_call_set_mastering(bus()->process, &(struct pci_call_mastering){ 0, 1, 255, 31, 7, 0 }, NULL));
    tell("mastering of what cannot be", pci_call_set_mastering(bus()->process, &(struct pci_call_mastering){ 0, 1, 0, 32, 0, 0 }, NULL));
    tell("mastering of bus 1", pci_call_set_mastering(bus()->process, &(struct pci_call_mastering){ 1, 1, 0, 0, 0, 0 }, NULL));
}

static status_t ask_edu(process_id_t edu, const char *what)
{
    struct edu_counts counts;

    if (strcmp(what, "storm") == 0) {
        return edu_storm(edu, NULL, NULL);
    }
    if (strcmp(what, "quiet") == 0) {
        return edu_quiet(edu, NULL, NULL);
    }
    if (strcmp(what, "raise") == 0) {
        return edu_raise(edu, &(struct edu_value){ 2 }, NULL);
    }
    if (strcmp(what, "transfer") == 0) {
        return edu_transfer(edu, NULL, NULL);
    }
    if (strcmp(what, "abandon") == 0) {
        return edu_abandon(edu, &(struct edu_value){ 3 }, NULL);
    }
    if (strcmp(what, "leave") == 0) {
        return edu_abandon(edu, &(struct edu_value){ 0 }, NULL);
    }
    status_t status = edu_count(edu, NULL, &counts);
    if (status == OK) {
        log_print(LOG_INFORMATION, "interrupts %u, own %u, transfers %u", counts.interrupts, counts.own, counts.transfers);
    }
    return status;
}

static void ask_by_name(const char *name, const char *what)
{
    process_id_t edu;
    status_t status;

    do {                                 /* while it tries its card it has no time for others */
        MUST(name_wait(name, clock_after(DEVICE_PATIENCE_NS), &edu));
        status = ask_edu(edu, what);
        clock_sleep(MILLISECOND);
    } while (status == BUSY);
    tell(what, status);
}

void bus_edu(const char *value)
{
    ask_by_name("d\\edu", value);
}

void bus_other_edu(const char *value)
{
    ask_by_name("d\\edu.1", value);
}

void bus_supervisor(const char *value)
{
    static const struct init_bus_start_request request = {
        .ports = { { 0x60, 0x64 } }, .memory = { { 0xA0000, 0xFFFFF } }, .image = "edu.elf", .name = "stolen",
    };
    struct payload payload = { .string = value, .string_size = 0 };
    struct init_entry_reply reply;
    process_id_t init;

    MUST(name_wait("d\\init", FOREVER, &init));
    tell("start", init_bus_start(init, &request, &reply));
    tell("program", init_bus_program(init, &(struct init_bus_slot){ 0 }, &reply));
    tell("keep", init_bus_keep(init, NULL, NULL, &payload));
    tell("kept", init_bus_kept(init, NULL, NULL, &payload));
}
