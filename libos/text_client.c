#include <ternion/text.h>

status_t text_write(struct device *device, const char *text, size_t size)
{
    while (size != 0) {
        struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };
        uint32_t part = size < TEXT_SIZE_MAX ? (uint32_t)size : TEXT_SIZE_MAX;
        struct payload payload = { .string = text, .string_size = part };

        while (device_attempt(device, &attempt)) {
            attempt.status = text_call_write(device->process, &(struct device_call_number){ device->number }, NULL, &payload);
        }
        if (attempt.status != OK) {
            return attempt.status;
        }
        text += part;
        size -= part;
    }
    return OK;
}

status_t text_write_line(struct device *device, const char *text, size_t size)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };
    uint32_t part = size < TEXT_SIZE_MAX ? (uint32_t)size : TEXT_SIZE_MAX;
    struct payload payload = { .string = text, .string_size = part };

    while (device_attempt(device, &attempt)) {
        attempt.status = text_call_write_line(device->process, &(struct device_call_number){ device->number }, NULL, &payload);
    }
    return attempt.status == OK ? text_write(device, text + part, size - part) : attempt.status;
}

status_t text_size(struct device *device, uint32_t *columns_out, uint32_t *rows_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct text_call_size_reply reply = { 0 };

    while (device_attempt(device, &attempt)) {
        attempt.status = text_call_size(device->process, &(struct device_call_number){ device->number }, &reply);
    }
    if (attempt.status == OK) {
        *columns_out = reply.columns;
        *rows_out = reply.rows;
    }
    return attempt.status;
}

status_t text_lend_as_left(struct device *device, bool *is_as_left_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct text_call_lend_reply reply = { 0 };

    while (device_attempt(device, &attempt)) {
        attempt.status = text_call_lend(device->process, &(struct device_call_number){ device->number }, &reply);
    }
    *is_as_left_out = attempt.status == OK && reply.is_as_left != 0;
    return attempt.status;
}

status_t text_lend(struct device *device)
{
    bool is_as_left;

    return text_lend_as_left(device, &is_as_left);
}

status_t text_take_back(struct device *device)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = text_call_take_back(device->process, &(struct device_call_number){ device->number }, NULL);
    }
    return attempt.status;
}
