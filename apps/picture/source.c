#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/storage.h>
#include <ternion/syscall_table.h>

#include "apps/command/command.h"

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

/* What errno says, in the words of the programs of a prompt. */
static bool complain(const char *path, uint8_t *bytes, int file)
{
    log_print(LOG_ERROR, "%s: %s", path, command_meaning(errno));
    free(bytes);
    if (file >= 0) {
        (void)close(file);
    }
    return false;
}

static bool read_file(const char *path, uint8_t **bytes_out, uint32_t *size_out)
{
    int file = open(path, O_RDONLY);
    struct stat about;

    if (file < 0 || fstat(file, &about) < 0) {
        return complain(path, NULL, file);
    }
    if (about.st_size == 0 || about.st_size > SOURCE_BYTES_MAX) {
        errno = about.st_size == 0 ? EINVAL : EFBIG;
        return complain(path, NULL, file);
    }
    uint32_t size = (uint32_t)about.st_size, done = 0;
    uint8_t *bytes = malloc(size);
    for (ssize_t count = 1; bytes != NULL && done < size && count > 0; done += (uint32_t)count) {
        count = read(file, bytes + done, size - done);
        if (count < 0) {
            return complain(path, bytes, file);
        }
    }
    if (bytes == NULL) {
        errno = ENOMEM;
        return complain(path, NULL, file);
    }
    (void)close(file);
    *bytes_out = bytes;
    *size_out = done;
    return true;
}

static bool read_device(const char *name, uint8_t **bytes_out, uint32_t *size_out)
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

bool source_read(const char *name, uint8_t **bytes_out, uint32_t *size_out)
{
    return strchr(name, '\\') != NULL ? read_device(name, bytes_out, size_out) : read_file(name, bytes_out, size_out);
}
