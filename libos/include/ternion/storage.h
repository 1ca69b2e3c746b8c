/*
 * What keeps blocks: disks, floppies, RAM disks. DEVICE_STORAGE.
 *
 * What each driver of the type answers to what it cannot do, and nothing is moved then:
 *     ABSENT          it knows no device of this number; there is no medium (but media says so, and is OK)
 *     BAD_ARGUMENT    no blocks, more than fit one request, or one of them is behind the last
 *     BAD_SIZE        what is to be written is not so many blocks long
 *     NOT_ALLOWED     it is read-only
 *     BAD_OPERATION   it has no medium that could be taken out
 * Blocks that were never written are zeroes where the driver makes the medium itself.
 */
#pragma once

#include <ternion/device.h>

#define STORAGE_TRANSFER_MAX 32768U /* bytes in one request */
#define STORAGE_BLOCKS_MAX (1ULL << 48) /* blocks of a device: as many as ATA/ATAPI-6 can say */

#define STORAGE_READ_ONLY 1U
#define STORAGE_REMOVABLE 2U

struct storage_size {
    uint64_t blocks;           /* at most STORAGE_BLOCKS_MAX */
    uint32_t block_size;       /* bytes: 512, 1024, 2048 or 4096 */
    uint32_t flags;            /* STORAGE_… */
};

/* 12 bytes, so that it travels in registers beside the blocks. */
struct storage_call_range {
    uint32_t number;
    uint32_t first_low;        /* block: storage_range_first */
    uint16_t first_high;
    uint16_t count;            /* blocks: 1 to STORAGE_TRANSFER_MAX / block_size */
};

static inline uint64_t storage_range_first(const struct storage_call_range *range)
{
    return (uint64_t)range->first_high << 32 | range->first_low;
}

struct storage_call_media_reply {
    uint32_t is_present;
    uint32_t changes;          /* another number means that it may be another medium */
};

#define STORAGE_PROTOCOL(OPERATION, TRANSFER, storage_call) \
    OPERATION(storage_call, size, 1, struct device_call_number, struct storage_size) \
    TRANSFER(storage_call, read, 2, struct storage_call_range, struct nothing, 0, STORAGE_TRANSFER_MAX, 0, 0) \
    TRANSFER(storage_call, write, 3, struct storage_call_range, struct nothing, STORAGE_TRANSFER_MAX, 0, 0, 0) \
    OPERATION(storage_call, flush, 4, struct device_call_number, struct nothing) \
    OPERATION(storage_call, media, 5, struct device_call_number, struct storage_call_media_reply) \
    OPERATION(storage_call, eject, 6, struct device_call_number, struct nothing)
PROTOCOL_DECLARE(storage_call, 0x0015, 1, STORAGE_PROTOCOL)

/*
 * All of these block, and are asked again should the driver die: reading, and writing the same once more, does no harm. Statuses: those
 * above, of device.h and of protocol.h.
 */

/* How large it is. storage_read and storage_write count in blocks of the size that this said last. BAD_SIZE: what the driver says cannot be. */
[[nodiscard]] status_t storage_size(struct device *device, struct storage_size *size_out);

/*
 * Whole blocks, in as many requests as it takes.
 *   first, count   blocks; none is fine
 *   buffer         count blocks of the size that storage_size said last for this struct device
 * Statuses: BAD_ARGUMENT: behind the last block; NOT_ALLOWED: read-only; BAD_SIZE: storage_size was not asked, or its blocks have
 * another size by now (there is another medium, or the name leads elsewhere): ask it. Some of it was done unless it is OK.
 */
[[nodiscard]] status_t storage_read(struct device *device, uint64_t first, uint32_t count, void *buffer);
[[nodiscard]] status_t storage_write(struct device *device, uint64_t first, uint32_t count, const void *buffer);

/* What was written is kept when this comes back. */
[[nodiscard]] status_t storage_flush(struct device *device);

/*
 * Is there a medium, and is it still the same? A RAM disk is another medium after its driver's death.
 *   changes_out   another number means that it may be another medium
 */
[[nodiscard]] status_t storage_media(struct device *device, bool *is_present_out, uint32_t *changes_out);

/* Takes the medium out. BAD_OPERATION: it cannot be. */
[[nodiscard]] status_t storage_eject(struct device *device);
