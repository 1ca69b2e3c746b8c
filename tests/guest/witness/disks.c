#include <abi/device.h>

#include <ternion/log.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "disks.h"

#define BLOCK_MOST 4096U
#define TEXT_MOST 40U

static uint8_t block[BLOCK_MOST];

static struct storage_size open(struct device *device, const char *name)
{
    struct storage_size size;

    MUST(device_open(device, name, DEVICE_STORAGE, FOREVER));
    MUST(storage_size(device, &size));
    return size;
}

void disks_bind(const char *value)
{
    const char *comma = strchr(value, ',');
    struct device_name target = { 0 };

    target.size = comma == NULL ? 0 : (uint32_t)strnlen(comma + 1, DEVICE_NAME_MAX);
    memcpy(target.text, comma == NULL ? "" : comma + 1, target.size);
    status_t status = device_bind(value, comma == NULL ? 0 : (uint32_t)(comma - value), &target);
    log_print(LOG_INFORMATION, "binding %s: %s", value, status_name(status));
}

void disks_block(const char *value)
{
    struct device device;
    struct storage_size size = open(&device, value);

    MUST(storage_read(&device, 0, 1, block));
    log_print(LOG_INFORMATION, "%s has %u blocks and begins with \"%.*s\"", value, (unsigned)size.blocks, (int)strnlen((char *)block, TEXT_MOST),
              (char *)block);
}

void disks_mark(const char *value)
{
    static const char mark[] = "the witness was here";
    struct device device;

    (void)open(&device, value);
    memcpy(block, mark, sizeof mark);
    MUST(storage_write(&device, 0, 1, block));
}
