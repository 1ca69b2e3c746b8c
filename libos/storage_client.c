#include <ternion/storage.h>

/* ---- What it is ---- */

static bool is_possible(const struct storage_size *size)
{
    uint32_t block_size = size->block_size;

    return (block_size == 512 || block_size == 1024 || block_size == 2048 || block_size == 4096)
        && size->blocks <= STORAGE_BLOCKS_MAX;
}

status_t storage_size(struct device *device, struct storage_size *size_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct storage_size size = { 0 };

    while (device_attempt(device, &attempt)) {
        attempt.status = storage_call_size(device->process, &(struct device_call_number){ device->number }, &size);
    }
    if (attempt.status != OK) {
        return attempt.status;
    }
    if (!is_possible(&size)) {
        return BAD_SIZE;
    }
    device->block_size = size.block_size;
    *size_out = size;
    return OK;
}

/* ---- Blocks ---- */

/* Blocks that a caller wants moved; bytes go one of the two ways. */
struct transfer {
    uint64_t first;
    uint32_t count;
    uint8_t *into;                   /* NULL: it writes */
    const uint8_t *from;
};

/* One request, no longer than a request may be. */
static status_t move_part(struct device *device, const struct transfer *part)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    uint32_t size = part->count * device->block_size;
    struct payload payload = { 0 };

    while (device_attempt(device, &attempt)) {
        struct storage_call_range range = {
            .number = device->number,
            .first_low = (uint32_t)part->first,
            .first_high = (uint16_t)(part->first >> 32),
            .count = (uint16_t)part->count,
        };
        if (part->into == NULL) {
            payload = (struct payload){ .string = part->from, .string_size = size };
            attempt.status = storage_call_write(device->process, &range, NULL, &payload);
        } else {
            payload = (struct payload){ .buffer = part->into, .buffer_size = size };
            attempt.status = storage_call_read(device->process, &range, NULL, &payload);
        }
    }
    if (part->into != NULL && (attempt.status == OK || attempt.status == TRUNCATED)) {
        return payload.reply_string_size == size ? OK : BAD_SIZE;    /* its blocks are not ours */
    }
    return attempt.status;
}

/* Is it a range of blocks, and one that can be in memory? */
static bool is_sound(const struct device *device, uint64_t first, uint32_t count)
{
    return first <= STORAGE_BLOCKS_MAX && count <= STORAGE_BLOCKS_MAX - first && count <= UINT32_MAX / device->block_size;
}

static status_t move(struct device *device, struct transfer rest)
{
    if (device->block_size == 0) {
        return BAD_SIZE;
    }
    if (!is_sound(device, rest.first, rest.count)) {
        return BAD_ARGUMENT;
    }
    while (rest.count != 0) {
        struct transfer part = rest;

        if (part.count > STORAGE_TRANSFER_MAX / device->block_size) {
            part.count = STORAGE_TRANSFER_MAX / device->block_size;
        }
        status_t status = move_part(device, &part);
        if (status != OK) {
            return status;
        }
        rest.first += part.count;
        rest.count -= part.count;
        if (part.into == NULL) {
            rest.from += part.count * device->block_size;
        } else {
            rest.into += part.count * device->block_size;
        }
    }
    return OK;
}

status_t storage_read(struct device *device, uint64_t first, uint32_t count, void *buffer)
{
    return move(device, (struct transfer){ .first = first, .count = count, .into = buffer });
}

status_t storage_write(struct device *device, uint64_t first, uint32_t count, const void *buffer)
{
    return move(device, (struct transfer){ .first = first, .count = count, .from = buffer });
}

/* ---- The medium ---- */

status_t storage_flush(struct device *device)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = storage_call_flush(device->process, &(struct device_call_number){ device->number }, NULL);
    }
    return attempt.status;
}

status_t storage_media(struct device *device, bool *is_present_out, uint32_t *changes_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct storage_call_media_reply reply = { 0 };

    while (device_attempt(device, &attempt)) {
        attempt.status = storage_call_media(device->process, &(struct device_call_number){ device->number }, &reply);
    }
    if (attempt.status == OK) {
        *is_present_out = reply.is_present != 0;
        *changes_out = reply.changes;
    }
    return attempt.status;
}

status_t storage_eject(struct device *device)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = storage_call_eject(device->process, &(struct device_call_number){ device->number }, NULL);
    }
    return attempt.status;
}
