/*
 * Bytes without an end: null, zero, random. DEVICE_STREAM.
 *
 * A driver of the type answers a read with as many bytes as were asked for, or fewer: that is the stream's end. BAD_ARGUMENT: more than
 * STREAM_TRANSFER_MAX; ABSENT: it knows no device of this number.
 */
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

/* Both block, and are asked again should the driver die. Statuses: those above, of device.h and of protocol.h. */

/*
 * Reads up to `size` bytes, in as many requests as it takes.
 *   size_out   bytes that were read; fewer than `size`: the stream has ended (null: at once). Stored for every status
 */
[[nodiscard]] status_t stream_read(struct device *device, void *bytes, uint32_t size, uint32_t *size_out);

/* Writes bytes, in as many requests as it takes. Some were written unless it is OK. */
[[nodiscard]] status_t stream_write(struct device *device, const void *bytes, uint32_t size);
