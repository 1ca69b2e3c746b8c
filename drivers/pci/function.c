#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "function.h"
#include "resource.h"

#define HEADER_TYPE 0x7FU
#define HEADER_SEVERAL_FUNCTIONS 0x80U
#define HEADER_BRIDGE 1U
#define HEADER_CARD_BUS 2U

#define IRQ_LINES 16U
#define IRQ_CASCADE 2U

#define FUNCTIONS_MAX 256U
#define FUNCTIONS_STEP 16U       /* so many more the table gets room for at a time */
#define BUSES 256U

static struct function *functions;
static uint32_t count;
static uint32_t room;
static bool is_bus_visited[BUSES];
static bool is_full;

static const struct function *earlier;
static uint32_t earlier_count;

/* ---- The table ---- */

uint32_t function_count(void)
{
    return count;
}

struct function *function_at(uint32_t index)
{
    return index < count ? &functions[index] : NULL;
}

struct function *function_find(place_t place)
{
    for (uint32_t i = 0; i < count; i++) {
        if (functions[i].place == place) {
            return &functions[i];
        }
    }
    return NULL;
}

struct function *function_bridge_to(uint8_t bus)
{
    for (uint32_t i = 0; bus != 0 && i < count; i++) {
        if (functions[i].bus_behind == bus) {
            return &functions[i];
        }
    }
    return NULL;
}

uint32_t bus_count(void)
{
    bool is_seen[BUSES] = { false };
    uint32_t seen = 0;

    for (uint32_t i = 0; i < count; i++) {
        seen += !is_seen[functions[i].described.bus];
        is_seen[functions[i].described.bus] = true;
    }
    return seen;
}

/* A new entry, all zeroes. NULL: there is no room. */
static struct function *append(void)
{
    if (count == room) {
        struct function *more = room == FUNCTIONS_MAX ? NULL : realloc(functions, (room + FUNCTIONS_STEP) * sizeof *functions);

        if (more == NULL) {
            is_full = true;
            return NULL;
        }
        functions = more;
        room += FUNCTIONS_STEP;
    }
    memset(&functions[count], 0, sizeof functions[count]);
    return &functions[count++];
}

/* ---- A function ---- */

/* The line that the firmware has connected it to: in a PC the number of the interrupt controller's input. Section 6.2.4. */
static uint8_t interrupt_line(place_t place)
{
    uint32_t line = configuration_read(place, REGISTER_INTERRUPT_LINE, 1);
    bool has_pin = configuration_read(place, REGISTER_INTERRUPT_PIN, 1) != 0;

    return has_pin && line != 0 && line != IRQ_CASCADE && line < IRQ_LINES ? (uint8_t)line : PCI_IRQ_NONE;
}

static uint32_t header_type(place_t place)
{
    return configuration_read(place, REGISTER_HEADER_TYPE, 1);
}

/* The bus behind a bridge, or 0: a bridge that was not set up leads nowhere. */
static uint8_t bus_behind(place_t place)
{
    uint32_t type = header_type(place) & HEADER_TYPE;

    return type == HEADER_BRIDGE || type == HEADER_CARD_BUS ? (uint8_t)configuration_read(place, REGISTER_SECONDARY_BUS, 1) : 0;
}

static void identify(place_t place, struct pci_function *function_out)
{
    *function_out = (struct pci_function){
        .bus = (uint8_t)(place >> 8),
        .device = (uint8_t)(place >> 3 & 31),
        .function = (uint8_t)(place & 7),
        .irq = interrupt_line(place),
        .vendor = (uint16_t)configuration_read(place, REGISTER_VENDOR, 2),
        .id = (uint16_t)configuration_read(place, REGISTER_ID, 2),
        .class = (uint8_t)configuration_read(place, REGISTER_CLASS, 1),
        .subclass = (uint8_t)configuration_read(place, REGISTER_SUBCLASS, 1),
        .interface = (uint8_t)configuration_read(place, REGISTER_INTERFACE, 1),
        .revision = (uint8_t)configuration_read(place, REGISTER_REVISION, 1),
    };
}

static bool is_same(const struct pci_function *one, const struct pci_function *other)
{
    return one->vendor == other->vendor && one->id == other->id && one->class == other->class && one->subclass == other->subclass
        && one->interface == other->interface && one->revision == other->revision;
}

/* Takes over what is remembered of a function. False: it is not remembered, or is not the same any more. */
static bool recall(struct function *function)
{
    for (uint32_t i = 0; i < earlier_count; i++) {
        if (earlier[i].place == function->place && is_same(&earlier[i].described, &function->described)
            && resources_are_unchanged(&earlier[i].described)) {
            memcpy(function->described.resources, earlier[i].described.resources, sizeof function->described.resources);
            function->has_program = earlier[i].has_program;
            function->master = earlier[i].master;
            return true;
        }
    }
    return false;
}

static void add(place_t place)
{
    struct function *function = append();

    if (function == NULL) {
        return;
    }
    function->place = place;
    function->bus_behind = bus_behind(place);
    identify(place, &function->described);
    if (!recall(function) && !resources_measure(&function->described)) {
        log_print(LOG_ERROR, PLACE_FORMAT ": an address did not come back after it was measured", PLACE_VALUES(place));
    }
}

/* ---- The walk ---- */

static bool is_there(place_t place)
{
    uint32_t vendor = configuration_read(place, REGISTER_VENDOR, 2);

    return vendor != VENDOR_NONE && vendor != 0;
}

static void visit_device(uint8_t bus, uint8_t device)
{
    uint32_t function_end = is_there(place_of(bus, device, 0)) ? 1 : 0;

    if (function_end != 0 && header_type(place_of(bus, device, 0)) & HEADER_SEVERAL_FUNCTIONS) {
        function_end = FUNCTIONS_PER_DEVICE;
    }
    for (uint8_t function = 0; function < function_end; function++) {
        if (is_there(place_of(bus, device, function))) {
            add(place_of(bus, device, function));
        }
    }
}

static void visit_bus(uint8_t bus)
{
    is_bus_visited[bus] = true;
    for (uint8_t device = 0; device < DEVICES_PER_BUS; device++) {
        visit_device(bus, device);
    }
}

/* By place: the walk meets the buses in the order in which bridges lead to them. */
static void sort(void)
{
    for (uint32_t i = 1; i < count; i++) {
        struct function moved = functions[i];
        uint32_t to = i;

        while (to > 0 && functions[to - 1].place > moved.place) {
            functions[to] = functions[to - 1];
            to--;
        }
        functions[to] = moved;
    }
}

uint32_t functions_find(const struct function *remembered, uint32_t remembered_count)
{
    earlier = remembered;
    earlier_count = remembered_count;
    count = 0;
    memset(is_bus_visited, 0, sizeof is_bus_visited);
    visit_bus(0);
    /* A host bridge of several functions: each leads to the bus of its number. */
    for (uint8_t bus = 1; bus < FUNCTIONS_PER_DEVICE; bus++) {
        const struct function *bridge = function_find(place_of(0, 0, bus));
        if (bridge != NULL && resources_of_host_bridge(&bridge->described)) {
            visit_bus(bus);
        }
    }
    for (uint32_t i = 0; i < count; i++) {       /* the table grows on the way */
        if (!is_bus_visited[functions[i].bus_behind]) {    /* each once, whatever bridges say */
            visit_bus(functions[i].bus_behind);
        }
    }
    sort();
    if (is_full) {
        log_print(LOG_ERROR, "there are more functions than the %u that there is room for: they are not known", room);
    }
    return count;
}
