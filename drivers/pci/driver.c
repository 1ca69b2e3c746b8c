#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "driver.h"
#include "image.h"
#include "supervisor.h"

/* Classes: PCI Local Bus Specification 3.0, appendix D. */
#define CLASS_DISPLAY 0x03U
#define CLASS_BRIDGE 0x06U
#define CLASS_SERIAL_BUS 0x0CU
#define SUBCLASS_USB 0x03U

#define PORTS 65536U

/* ---- The command register ---- */

static uint32_t command_read(place_t place)
{
    return configuration_read(place, REGISTER_COMMAND, 2);
}

/* Sets and clears bits; the bits that are there then. */
static uint32_t command_change(place_t place, uint32_t set, uint32_t clear)
{
    uint32_t command = command_read(place);
    uint32_t changed = (command & ~clear) | set;

    if (changed != command) {
        configuration_write(place, REGISTER_COMMAND, 2, changed);
    }
    return command_read(place);
}

bool function_is_master(const struct function *function)
{
    return (command_read(function->place) & COMMAND_MASTER) != 0;
}

/*
 * Reading back makes sure that what the function wrote before has arrived, too: an answer pushes it ahead (PCI Local Bus
 * Specification 3.0, section 3.2.5). False: it is a master still.
 */
static bool stop_mastering(struct function *function)
{
    bool is_stopped = (command_change(function->place, 0, COMMAND_MASTER) & COMMAND_MASTER) == 0;

    if (is_stopped) {
        function->master = 0;
    } else {
        log_print(LOG_ERROR, PLACE_FORMAT " cannot be stopped: it may write to memory", PLACE_VALUES(function->place));
    }
    return is_stopped;
}

/*
 * May a function be a master without a driver of ours? Bridges pass on what those behind them do. Display adapters and USB controllers
 * work for the firmware: with its own memory, for its video services and for a USB keyboard that looks like an old one.
 */
static bool works_for_the_firmware(const struct pci_function *function)
{
    return function->class == CLASS_BRIDGE || function->class == CLASS_DISPLAY
        || (function->class == CLASS_SERIAL_BUS && function->subclass == SUBCLASS_USB);
}

/* ---- Who drives what ---- */

process_id_t driver_of(struct function *function)
{
    if (!function->has_program || function->driver != 0) {
        return function->driver;
    }
    process_id_t driver = supervisor_driver(function->place);
    if (driver == 0) {
        return 0;
    }
    status_t status = dma_guard(driver);
    if (status == OK || status == EXISTS) {
        function->driver = driver;
    } else if (status != BAD_ID) {               /* that would be one that has ended already */
        log_print(LOG_ERROR, PLACE_FORMAT ": its driver cannot be guarded: %s", PLACE_VALUES(function->place), status_meaning(status));
    }
    return function->driver;
}

static void remember(void)
{
    status_t status = supervisor_remember();

    if (status != OK && status != NOT_FOUND) {
        log_print(LOG_WARNING, "what is plugged in will not be known to my successor: %s", status_meaning(status));
    }
}

/*
 * A function whose driver is gone does nothing any more that others would notice; but a bridge goes on passing. False: it may still
 * write to memory.
 */
static bool quiet(struct function *function)
{
    function->driver = 0;
    (void)command_change(function->place, COMMAND_NO_INTERRUPT, 0);
    return function->bus_behind != 0 || stop_mastering(function);
}

/* Whom has mastering been switched on for, and is he alive? */
static bool may_be_master(const struct function *function)
{
    return function->master == 0 ? works_for_the_firmware(&function->described) : function->master == function->driver;
}

/* What was kept for those who died while nobody looked: its masters are stopped now. */
static void release_dead(void)
{
    for (uint32_t i = 0; i < function_count(); i++) {
        struct function *function = function_at(i);

        if (function->master != 0 && function->master != function->driver && !function_is_master(function)) {
            (void)dma_release(function->master);
            function->master = 0;
        }
    }
}

void drivers_take_over(void)
{
    for (uint32_t i = 0; i < function_count(); i++) {
        struct function *function = function_at(i);

        if (function->has_program && driver_of(function) == 0) {
            (void)quiet(function);
        } else if (!may_be_master(function) && function_is_master(function)) {
            (void)stop_mastering(function);
        }
    }
    release_dead();
}

void driver_begins(const struct function *function)
{
    (void)command_change(function->place, 0, COMMAND_NO_INTERRUPT);
}

/* What is behind bridges reaches memory only if each of them passes it on. Bridges that lead in circles are left alone at some time. */
static void let_bridges_pass(uint8_t bus)
{
    struct function *bridge;

    for (uint32_t i = 0; i < bus_count() && (bridge = function_bridge_to(bus)) != NULL; i++) {
        (void)command_change(bridge->place, COMMAND_MASTER, 0);
        bus = bridge->described.bus;
    }
}

status_t driver_set_mastering(struct function *function, bool is_on)
{
    if (!is_on) {
        return stop_mastering(function) ? OK : ABSENT;
    }
    if (function->master != function->driver) {
        process_id_t before = function->master;
        function->master = function->driver;
        status_t status = supervisor_remember();
        if (status != OK) {
            function->master = before;
            return status;
        }
    }
    let_bridges_pass(function->described.bus);
    return command_change(function->place, COMMAND_MASTER, 0) & COMMAND_MASTER ? OK : ABSENT;
}

void driver_ended(process_id_t process)
{
    bool is_stopped = true;

    for (uint32_t i = 0; i < function_count(); i++) {
        struct function *function = function_at(i);

        if (function->driver == process) {
            is_stopped &= quiet(function);
        }
    }
    if (is_stopped) {            /* else its memory is better lost than written to under another's hands */
        (void)dma_release(process);
    }
}

/* ---- Starting ---- */

/* The ports and the memory that a function decodes. Memory is given in whole pages, as it is mapped. */
static void list_resources(const struct function *function, struct init_bus_start_request *request)
{
    for (uint32_t i = 0; i < PCI_RESOURCES_MAX; i++) {
        const struct pci_resource *resource = &function->described.resources[i];
        uint32_t last = resource->first + resource->size - 1;

        if (resource->size == 0) {
            continue;
        }
        if (resource->first == 0 || last < resource->first || (resource->flags & PCI_RESOURCE_PORTS && last >= PORTS)) {
            log_print(LOG_WARNING, PLACE_FORMAT ": the firmware has given no address to its resource %u", PLACE_VALUES(function->place), i);
        } else if (resource->flags & PCI_RESOURCE_PORTS) {
            request->ports[i] = (struct port_range){ (uint16_t)resource->first, (uint16_t)last };
        } else {
            request->memory[i] = (struct memory_range){ resource->first & ~(PAGE_SIZE - 1), last | (PAGE_SIZE - 1) };
        }
    }
    request->irqs = function->described.irq == PCI_IRQ_NONE ? 0 : IRQ_BIT(function->described.irq);
}

static void list_arguments(place_t place, struct init_bus_start_request *request)
{
    static const char first[] = "pci";
    char *second = request->arguments + sizeof first;

    memcpy(request->arguments, first, sizeof first);
    size_t length = format_text(second, sizeof request->arguments - sizeof first, PLACE_FORMAT, PLACE_VALUES(place));
    request->arguments_size = (uint32_t)(sizeof first + length + 1);
}

/* d\edu, d\edu.1, d\edu.2: in the order of the functions, so that a successor of ours finds the same names. */
static void name_process(struct image *image, struct init_bus_start_request *request)
{
    if (image->process_count == 0) {
        format_text(request->name, sizeof request->name, "%s", image->name);
    } else {
        format_text(request->name, sizeof request->name, "%s.%u", image->name, image->process_count);
    }
    image->process_count++;
}

/* Switches on what a driver needs of its function: the firmware may have left it off, or we, when its predecessor died. */
static void switch_on(const struct function *function, const struct init_bus_start_request *request)
{
    uint32_t decode = 0;

    for (uint32_t i = 0; i < PCI_RESOURCES_MAX; i++) {
        decode |= request->ports[i].last != 0 ? COMMAND_PORTS : 0;
        decode |= request->memory[i].last != 0 ? COMMAND_MEMORY : 0;
    }
    (void)command_change(function->place, decode, COMMAND_NO_INTERRUPT);
}

static void start(struct function *function, struct init_bus_start_request *request)
{
    struct init_entry_reply reply;

    list_resources(function, request);
    list_arguments(function->place, request);
    switch_on(function, request);
    status_t status = supervisor_start(request, &reply);
    if (status != OK && status != EXISTS) {
        log_print(LOG_ERROR, PLACE_FORMAT ": cannot start d\\%s from %s: %s", PLACE_VALUES(function->place), request->name, request->image,
                  status_meaning(status));
        return;
    }
    function->has_program = true;
    (void)driver_of(function);
    log_print(LOG_INFORMATION, PLACE_FORMAT ", %04x:%04x: the driver is d\\%s", PLACE_VALUES(function->place), function->described.vendor,
              function->described.id, request->name);
}

void drivers_supervisor_ended(void)
{
    for (uint32_t i = 0; i < function_count(); i++) {
        function_at(i)->has_program = false;
    }
    images_begin_anew();
}

bool drivers_start(void)
{
    if (supervisor_find() != OK) {
        return false;
    }
    for (uint32_t i = 0; i < function_count(); i++) {
        struct function *function = function_at(i);
        struct image *image = image_for(&function->described);
        struct init_bus_start_request request = { .slot = function->place };

        if (image == NULL) {
            continue;
        }
        memcpy(request.image, image->path, sizeof request.image);
        name_process(image, &request);
        if (!function->has_program) {
            start(function, &request);
        }
    }
    remember();
    return true;
}
