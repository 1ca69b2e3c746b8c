#include <ternion/stream.h>

static uint32_t part_of(uint32_t size)
{
    return size < STREAM_TRANSFER_MAX ? size : STREAM_TRANSFER_MAX;
}

/* One request. BAD_SIZE: the driver gave more than it was asked for. */
static status_t read_part(struct device *device, void *bytes, uint32_t size, uint32_t *size_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct payload payload = { .buffer = bytes, .buffer_size = size };

    while (device_attempt(device, &attempt)) {
        attempt.status = stream_call_read(device->process, &(struct stream_call_read_request){ device->number, size }, NULL, &payload);
    }
    *size_out = attempt.status == OK ? payload.reply_string_size : 0;
    return attempt.status == TRUNCATED ? BAD_SIZE : attempt.status;
}

status_t stream_read(struct device *device, void *bytes, uint32_t size, uint32_t *size_out)
{
    uint8_t *at = bytes;
    status_t status = OK;

    *size_out = 0;
    while (*size_out < size && status == OK) {
        uint32_t part = part_of(size - *size_out);
        uint32_t moved;

        status = read_part(device, at + *size_out, part, &moved);
        *size_out += moved;
        if (moved < part) {
            break;
        }
    }
    return status;
}

/* One request. */
static status_t write_part(struct device *device, const void *bytes, uint32_t size)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct payload payload = { .string = bytes, .string_size = size };

    while (device_attempt(device, &attempt)) {
        attempt.status = stream_call_write(device->process, &(struct device_call_number){ device->number }, NULL, &payload);
    }
    return attempt.status;
}

status_t stream_write(struct device *device, const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;

    while (size != 0) {
        uint32_t part = part_of(size);

        status_t status = write_part(device, at, part);
        if (status != OK) {
            return status;
        }
        at += part;
        size -= part;
    }
    return OK;
}
