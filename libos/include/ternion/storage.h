/* What keeps blocks: disks, floppies, RAM disks. DEVICE_STORAGE. */
#pragma once

#include <ternion/device.h>

#define STORAGE_TRANSFER_MAX 32768U /* bytes in one request */

#define STORAGE_READ_ONLY 1U
#define STORAGE_REMOVABLE 2U

struct storage_size {
    uint64_t blocks;
    uint32_t block_size;       /* bytes: 512, 1024, 2048 or 4096 */
    uint32_t flags;            /* STORAGE_… */
};

struct storage_call_range {
    uint32_t number;
    uint32_t count;            /* blocks */
    uint64_t first;            /* block */
};

struct storage_call_media_reply {
    uint32_t is_present;
    uint32_t changes;          /* how often a medium came or went: another number means another medium */
};

#define STORAGE_PROTOCOL(OPERATION, TRANSFER, storage_call) \
    OPERATION(storage_call, size, 1, struct device_call_number, struct storage_size) \
    TRANSFER(storage_call, read, 2, struct storage_call_range, struct nothing, 0, STORAGE_TRANSFER_MAX, 0, 0) \
    TRANSFER(storage_call, write, 3, struct storage_call_range, struct nothing, STORAGE_TRANSFER_MAX, 0, 0, 0) \
    OPERATION(storage_call, flush, 4, struct device_call_number, struct nothing) \
    OPERATION(storage_call, media, 5, struct device_call_number, struct storage_call_media_reply) \
    OPERATION(storage_call, eject, 6, struct device_call_number, struct nothing)
PROTOCOL_DECLARE(storage_call, 0x0015, 1, STORAGE_PROTOCOL)

/* Statuses of all: ABSENT: no medium; those of protocol.h. All block, and are asked again should the driver die. */
[[nodiscard]] status_t storage_size(struct device *device, struct storage_size *size_out);

/*
 * Whole blocks, in as many requests as it takes.
 *   first, count   blocks
 *   buffer         count blocks
 * Statuses: BAD_ARGUMENT: behind the last block; NOT_ALLOWED: read-only.
 */
[[nodiscard]] status_t storage_read(struct device *device, uint64_t first, uint32_t count, void *buffer);
[[nodiscard]] status_t storage_write(struct device *device, uint64_t first, uint32_t count, const void *buffer);

/* What was written is kept when this comes back. */
[[nodiscard]] status_t storage_flush(struct device *device);

[[nodiscard]] status_t storage_media(struct device *device, bool *is_present_out, uint32_t *changes_out);

/* Takes the medium out. BAD_OPERATION: it cannot be. */
[[nodiscard]] status_t storage_eject(struct device *device);
