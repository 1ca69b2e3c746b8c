#include <ternion/line.h>

status_t line_write(struct device *device, const void *bytes, size_t size)
{
    const uint8_t *rest = bytes;

    while (size != 0) {
        struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };
        uint32_t part = size < LINE_WRITE_MAX ? (uint32_t)size : LINE_WRITE_MAX;
        struct payload payload = { .string = rest, .string_size = part };

        while (device_attempt(device, &attempt)) {
            attempt.status = line_call_write(device->process, &(struct device_call_number){ device->number }, NULL, &payload);
        }
        if (attempt.status != OK) {
            return attempt.status;
        }
        rest += part;
        size -= part;
    }
    return OK;
}

/* Not asked again: who reads shall hear that bytes were lost with the driver. */
status_t line_read(struct device *device, void *bytes, uint32_t size, uint32_t *size_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };
    uint32_t most = size < LINE_READ_MAX ? size : LINE_READ_MAX;
    struct payload payload = { .buffer = bytes, .buffer_size = most };

    while (device_attempt(device, &attempt)) {
        attempt.status = line_call_read(device->process, &(struct line_call_read_request){ device->number, most }, NULL,
                                        &payload);
    }
    if (attempt.status == OK) {
        *size_out = payload.reply_string_size;
    }
    return attempt.status;
}

status_t line_configure(struct device *device, const struct line_settings *settings)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct line_settings request = *settings;

    while (device_attempt(device, &attempt)) {
        request.number = device->number;
        attempt.status = line_call_configure(device->process, &request, NULL);
    }
    return attempt.status;
}

status_t line_statistics(struct device *device, struct line_statistics *statistics_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = line_call_statistics(device->process, &(struct device_call_number){ device->number }, statistics_out);
    }
    return attempt.status;
}
