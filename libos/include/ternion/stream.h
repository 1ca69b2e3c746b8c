/* Bytes without an end: null, zero, random. DEVICE_STREAM. */
#pragma once

#include <ternion/device.h>

#define STREAM_TRANSFER_MAX 32768U  /* bytes in one request */

struct stream_call_read_request {
    uint32_t number;
    uint32_t size;             /* bytes */
};

#define STREAM_PROTOCOL(OPERATION, TRANSFER, stream_call) \
    TRANSFER(stream_call, read, 1, struct stream_call_read_request, struct nothing, 0, STREAM_TRANSFER_MAX, 0, 0) \
    TRANSFER(stream_call, write, 2, struct device_call_number, struct nothing, STREAM_TRANSFER_MAX, 0, 0, 0)
PROTOCOL_DECLARE(stream_call, 0x0016, 1, STREAM_PROTOCOL)

/*
 * Reads up to `size` bytes; *size_out fewer: the stream has ended (null: at once).
 * All block, and are asked again should the driver die. Statuses: those of protocol.h.
 */
[[nodiscard]] status_t stream_read(struct device *device, void *bytes, uint32_t size, uint32_t *size_out);

/* Writes bytes. */
[[nodiscard]] status_t stream_write(struct device *device, const void *bytes, uint32_t size);
