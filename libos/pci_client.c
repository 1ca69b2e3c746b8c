#include <ternion/pci.h>
#include <ternion/string.h>

#define DEVICES_PER_BUS 32U
#define FUNCTIONS_PER_DEVICE 8U

status_t pci_function(struct device *device, uint32_t index, struct pci_function *function_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = pci_call_function(device->process, &(struct pci_call_index){ device->number, index }, function_out);
    }
    return attempt.status;
}

/* Reads a hexadecimal number and what must stand behind it. False: there is no such number. */
static bool read_number(const char **at, char end, uint32_t limit, uint8_t *number_out)
{
    uint32_t number = 0;
    const char *first = *at;

    for (;; (*at)++) {
        char character = **at;
        char small = (char)(character | 0x20);

        if (character >= '0' && character <= '9') {
            number = number * 16 + (uint32_t)(character - '0');
        } else if (small >= 'a' && small <= 'f') {
            number = number * 16 + (uint32_t)(small - 'a') + 10;
        } else {
            break;
        }
        if (number >= limit) {
            return false;
        }
    }
    if (*at == first || **at != end) {
        return false;
    }
    (*at)++;
    *number_out = (uint8_t)number;
    return true;
}

/* Reads "BUS:DEVICE.FUNCTION", hexadecimal, as d\pci writes it. */
static bool read_place(const char *text, struct pci_function *place_out)
{
    return read_number(&text, ':', 256, &place_out->bus) && read_number(&text, '.', DEVICES_PER_BUS, &place_out->device)
        && read_number(&text, '\0', FUNCTIONS_PER_DEVICE, &place_out->function);
}

status_t pci_own_function(struct device *device, int argc, char **argv, struct pci_function *function_out)
{
    struct pci_function own, found;
    status_t status = NOT_FOUND;

    if (argc < 3 || strcmp(argv[argc - 2], "pci") != 0 || !read_place(argv[argc - 1], &own)) {
        return NOT_FOUND;
    }
    for (uint32_t index = 0; (status = pci_function(device, index, &found)) == OK; index++) {
        if (found.bus == own.bus && found.device == own.device && found.function == own.function) {
            *function_out = found;
            break;
        }
    }
    return status;
}

status_t pci_read(struct device *device, const struct pci_function *function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct pci_call_value value = { 0 };

    if (offset > UINT16_MAX || size > UINT16_MAX) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(device, &attempt)) {
        struct pci_call_configuration request = {
            device->number, (uint16_t)offset, (uint16_t)size, function->bus, function->device, function->function, 0
        };
        attempt.status = pci_call_read(device->process, &request, &value);
    }
    if (attempt.status == OK) {
        *value_out = value.value;
    }
    return attempt.status;
}

status_t pci_set_mastering(struct device *device, const struct pci_function *function, bool is_on)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        struct pci_call_mastering request = { device->number, is_on, function->bus, function->device, function->function, 0 };
        attempt.status = pci_call_set_mastering(device->process, &request, NULL);
    }
    return attempt.status;
}
