/* Text on a storage device, from its first block on: raw, and padded with zeroes to the end of a block. */
#pragma once

#include <ternion/storage.h>

#define FILE_BLOCK_MAX 4096U

struct file {
    struct device device;
    uint32_t block_size;         /* bytes; 0: not open */
    uint64_t blocks;             /* that the device has */
    uint64_t block;              /* that is being filled */
    uint32_t size;               /* bytes of it */
    char bytes[FILE_BLOCK_MAX];
};

/* Statuses: those of device_open and storage_size; NOT_ALLOWED: it is read-only. */
[[nodiscard]] status_t disk_file_open(struct file *file, const char *device, nanoseconds_t deadline_ns);

/* Adds text; whole blocks are written. Blocks. Statuses: those of storage_write; TOO_BIG: the device is full. */
[[nodiscard]] status_t disk_file_write(struct file *file, const char *text, uint32_t size);

/* Writes the block that is not full, too. Blocks. Statuses: those of storage_write and storage_flush. */
[[nodiscard]] status_t disk_file_flush(struct file *file);
