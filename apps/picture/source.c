#include "source.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/storage.h>
#include <ternion/syscall_table.h>

#define OPEN_NS (8 * SECOND)

static bool read_all(struct device *device, const struct storage_size *size, uint8_t **bytes_out, uint32_t *size_out)
{
    if (size->blocks == 0 || size->blocks > SOURCE_BYTES_MAX / size->block_size) {
        log_print(LOG_ERROR, "%s: %llu blocks of %u bytes: a picture has one at least, and %u MB at most", device->name,
                  (unsigned long long)size->blocks, size->block_size, SOURCE_BYTES_MAX >> 20);
        return false;
    }
    uint32_t bytes_size = (uint32_t)size->blocks * size->block_size;
    uint8_t *bytes = malloc(bytes_size);
    status_t status = bytes == NULL ? NO_MEMORY : storage_read(device, 0, (uint32_t)size->blocks, bytes);
    if (status != OK) {
        log_print(LOG_ERROR, "%s cannot be read: %s", device->name, status_meaning(status));
        free(bytes);
        return false;
    }
    *bytes_out = bytes;
    *size_out = bytes_size;
    return true;
}

bool source_read(const char *name, uint8_t **bytes_out, uint32_t *size_out)
{
    struct device device;
    struct storage_size size;

    status_t status = device_open(&device, name, DEVICE_STORAGE, clock_after(OPEN_NS));
    if (status == OK) {
        status = storage_size(&device, &size);
    }
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s", name, status_meaning(status));
        return false;
    }
    return read_all(&device, &size, bytes_out, size_out);
}
