#include "file.h"

#include <ternion/string.h>

status_t disk_file_open(struct file *file, const char *device, nanoseconds_t deadline_ns)
{
    struct storage_size size;

    file->block_size = 0;
    status_t status = device_open(&file->device, device, DEVICE_STORAGE, deadline_ns);
    if (status == OK) {
        status = storage_size(&file->device, &size);
    }
    if (status == OK && (size.flags & STORAGE_READ_ONLY) != 0) {
        status = NOT_ALLOWED;
    }
    if (status != OK) {
        return status;
    }
    if (size.block_size > FILE_BLOCK_MAX) {
        return BAD_SIZE;
    }
    file->block_size = size.block_size;
    file->blocks = size.blocks;
    file->block = 0;
    file->size = 0;
    return OK;
}

static status_t write_block(struct file *file)
{
    if (file->block >= file->blocks) {
        return TOO_BIG;
    }
    memset(file->bytes + file->size, 0, file->block_size - file->size);
    return storage_write(&file->device, file->block, 1, file->bytes);
}

status_t disk_file_write(struct file *file, const char *text, uint32_t size)
{
    while (size != 0) {
        uint32_t room = file->block_size - file->size;
        uint32_t part = size < room ? size : room;

        memcpy(file->bytes + file->size, text, part);
        file->size += part;
        text += part;
        size -= part;
        if (file->size == file->block_size) {
            status_t status = write_block(file);
            if (status != OK) {
                return status;
            }
            file->block++;
            file->size = 0;
        }
    }
    return OK;
}

status_t disk_file_flush(struct file *file)
{
    status_t status = file->size == 0 ? OK : write_block(file);

    return status == OK ? storage_flush(&file->device) : status;
}
