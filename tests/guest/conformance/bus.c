/* PCI. */
#include <ternion/pci.h>

#include "check.h"

/* PCI Local Bus Specification 3.0, section 6.1. */
#define VENDOR_OFFSET 0U
#define DEVICE_OFFSET 2U
#define CLASS_OFFSET 8U          /* revision, interface, subclass, class */
#define SPACE_SIZE 256U
#define FUNCTIONS_MAX (256U * 32U * 8U)

static const struct operation_shape *const operations[] = { PCI_PROTOCOL(SHAPE, SHAPE, pci_call) };

static status_t function_at(struct device *device, uint32_t index, struct pci_function *function_out)
{
    return pci_call_function(device->process, &(struct pci_call_index){ device->number, index }, function_out);
}

static status_t read_configuration(struct device *device, const struct pci_function *function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    struct pci_call_configuration request = {
        .number = device->number,
        .offset = (uint16_t)offset,
        .size = (uint16_t)size,
        .bus = function->bus,
        .device = function->device,
        .function = function->function,
    };
    struct pci_call_value reply = { 0 };

    status_t status = pci_call_read(device->process, &request, &reply);
    *value_out = reply.value;
    return status;
}

static void use_bus(struct device *device, uint32_t client, uint32_t turn)
{
    struct pci_function function = { 0 };
    uint32_t value;
    (void)client;
    (void)turn;

    EXPECT_OK(function_at(device, 0, &function));
    EXPECT_OK(read_configuration(device, &function, VENDOR_OFFSET, 2, &value));
    EXPECT_EQUAL(function.vendor, value);
}

static void check_function(struct device *device, const struct pci_function *function)
{
    uint32_t value;

    EXPECT(function->device < 32 && function->function < 8 && function->vendor != 0xFFFF && function->vendor != 0);
    EXPECT_OK(read_configuration(device, function, VENDOR_OFFSET, 4, &value));
    EXPECT_EQUAL((uint32_t)function->id << 16 | function->vendor, value);
    EXPECT_OK(read_configuration(device, function, DEVICE_OFFSET, 2, &value));
    EXPECT_EQUAL(function->id, value);
    EXPECT_OK(read_configuration(device, function, CLASS_OFFSET, 4, &value));
    EXPECT_EQUAL((uint32_t)function->class << 24 | (uint32_t)function->subclass << 16 | (uint32_t)function->interface << 8 | function->revision,
                 value);
    EXPECT_OK(read_configuration(device, function, CLASS_OFFSET + 3, 1, &value));
    EXPECT_EQUAL(function->class, value);
    for (uint32_t i = 0; i < PCI_RESOURCES_MAX; i++) {
        EXPECT((function->resources[i].size & (function->resources[i].size - 1)) == 0);
        EXPECT(function->resources[i].size == 0 || function->resources[i].first % function->resources[i].size == 0);
    }
}

static void each_function_is_what_its_configuration_says(struct device *device)
{
    struct pci_function function = { 0 };
    uint32_t index = 0;
    status_t status;

    while ((status = function_at(device, index, &function)) == OK) {
        check_function(device, &function);
        index++;
        EXPECT(index <= FUNCTIONS_MAX);
    }
    EXPECT_STATUS(NOT_FOUND, status);
    EXPECT(index != 0);
    EXPECT_STATUS(NOT_FOUND, function_at(device, index + 1, &function));
    EXPECT_STATUS(NOT_FOUND, function_at(device, 0x80000000, &function));
    EXPECT_STATUS(NOT_FOUND, function_at(device, UINT32_MAX, &function));
}

static void configuration_that_is_none_is_not_read(struct device *device)
{
    static const struct { uint32_t offset, size; } wrong[] = {
        { 0, 0 }, { 0, 3 }, { 0, 8 }, { 0, 0xFFFF }, { 1, 2 }, { 1, 4 }, { 2, 4 }, { 3, 4 }, { SPACE_SIZE, 1 }, { SPACE_SIZE, 4 },
        { SPACE_SIZE - 1, 2 }, { SPACE_SIZE - 2, 4 }, { 0x1000, 4 }, { 0xFFFC, 4 }, { 0xFFFF, 1 }, { 0xFFFF, 2 },
    };
    struct pci_function function = { 0 };
    uint32_t value;

    EXPECT_OK(function_at(device, 0, &function));
    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        status_t status = read_configuration(device, &function, wrong[i].offset, wrong[i].size, &value);

        if (status != BAD_ARGUMENT) {
            EXPECT_NOT("%u bytes at 0x%x: %s", wrong[i].size, wrong[i].offset, status_name(status));
        }
    }
    function.device = 32;
    EXPECT_STATUS(BAD_ARGUMENT, read_configuration(device, &function, 0, 4, &value));
    function.device = 0;
    function.function = 8;
    EXPECT_STATUS(BAD_ARGUMENT, read_configuration(device, &function, 0, 4, &value));
}

static void mastering_is_for_the_functions_own_driver(struct device *device)
{
    struct pci_function function = { 0 };

    for (uint32_t index = 0; function_at(device, index, &function) == OK; index++) {
        for (uint32_t is_on = 0; is_on < 2; is_on++) {
            struct pci_call_mastering request = {
                .number = device->number, .is_on = is_on, .bus = function.bus, .device = function.device, .function = function.function,
            };
            struct pci_function after = { 0 };

            EXPECT_STATUS(NOT_ALLOWED, pci_call_set_mastering(device->process, &request, NULL));
            EXPECT_OK(function_at(device, index, &after));
            EXPECT_EQUAL(function.is_master, after.is_master);
        }
    }
}

static const struct check checks[] = {
    CHECK(each_function_is_what_its_configuration_says),
    CHECK(configuration_that_is_none_is_not_read),
    CHECK(mastering_is_for_the_functions_own_driver),
};

const struct kind bus_kind = {
    .type = DEVICE_BUS,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_bus,
};
