#include "disk.h"

#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/storage.h>
#include <ternion/string.h>

#include "blocks.h"
#include "fat.h"
#include "iso9660.h"

#define PATIENCE_NS (10 * SECOND)

struct disk {
    struct blocks blocks;        /* the first member */
    struct device device;
    uint32_t block_size;
    uint32_t changes;            /* of the medium, when it was mounted */
    uint8_t *bounce;             /* a block, where these are larger than sectors */
};

/* ---- Sectors on blocks ---- */

/* What libos says of devices, as file systems say it: no status may look as if this server had gone. */
static status_t meaning(status_t status)
{
    switch (status) {
    case OK:
    case ABSENT:
    case NOT_ALLOWED:
    case NO_MEMORY:
        return status;
    case BAD_SIZE:               /* another medium */
    case NOT_FOUND:
    case TIMED_OUT:
        return ABSENT;
    default:
        return FAULT;
    }
}

/* One block that is not wholly wanted: read, changed if bytes are to be written, and written. */
static status_t move_part(struct disk *disk, uint64_t block, uint32_t offset, uint32_t size, uint8_t *to, const uint8_t *from)
{
    status_t status = storage_read(&disk->device, block, 1, disk->bounce);

    if (status == OK && from != NULL) {
        memcpy(disk->bounce + offset, from, size);
        status = storage_write(&disk->device, block, 1, disk->bounce);
    } else if (status == OK) {
        memcpy(to, disk->bounce + offset, size);
    }
    return status;
}

static status_t move(struct disk *disk, uint64_t first, uint32_t count, uint8_t *to, const uint8_t *from)
{
    uint64_t position = first * SECTOR;
    uint32_t left = count * SECTOR;
    status_t status = OK;

    while (left > 0 && status == OK) {
        uint32_t offset = (uint32_t)(position % disk->block_size);
        uint32_t whole = offset == 0 ? left / disk->block_size : 0;
        uint32_t size = whole != 0 ? whole * disk->block_size : disk->block_size - offset < left ? disk->block_size - offset : left;

        if (whole == 0) {
            status = move_part(disk, position / disk->block_size, offset, size, to, from);
        } else if (from != NULL) {
            status = storage_write(&disk->device, position / disk->block_size, whole, from);
        } else {
            status = storage_read(&disk->device, position / disk->block_size, whole, to);
        }
        position += size;
        left -= size;
        to = to == NULL ? NULL : to + size;
        from = from == NULL ? NULL : from + size;
    }
    return meaning(status);
}

static status_t read(struct blocks *blocks, uint64_t first, uint32_t count, void *buffer)
{
    return move((struct disk *)blocks, first, count, buffer, NULL);
}

static status_t write(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer)
{
    return move((struct disk *)blocks, first, count, NULL, buffer);
}

static status_t flush(struct blocks *blocks)
{
    return meaning(storage_flush(&((struct disk *)blocks)->device));
}

/* ---- Mounting ---- */

static status_t open_device(struct disk *disk, const char *name, uint32_t flags)
{
    struct storage_size size;
    bool is_present = false;

    status_t status = device_open(&disk->device, name, DEVICE_STORAGE, clock_after(PATIENCE_NS));
    if (status == OK) {
        status = storage_media(&disk->device, &is_present, &disk->changes);
    }
    if (status == OK && !is_present) {
        status = ABSENT;
    }
    if (status == OK) {
        status = storage_size(&disk->device, &size);
    }
    if (status != OK) {
        return meaning(status);
    }
    disk->block_size = size.block_size;
    disk->bounce = malloc(size.block_size);
    disk->blocks = (struct blocks){ read, write, flush, size.blocks * (size.block_size / SECTOR),
                                    (size.flags & STORAGE_READ_ONLY) != 0 || (flags & VFS_IS_READ_ONLY) != 0 };
    return disk->bounce == NULL ? NO_MEMORY : OK;
}

/* ISO 9660 first: such a disk may have the beginning of a FAT file system, too. */
static status_t find_file_system(struct disk *disk, const char *type, struct file_system **file_system_out)
{
    static const struct {
        const char *type;
        status_t (*make)(struct blocks *blocks, struct file_system **file_system_out);
    } kinds[] = { { "iso9660", iso9660_make }, { "fat", fat_make } };
    status_t status = type[0] == '\0' ? FAULT : BAD_ARGUMENT;

    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (type[0] == '\0' || strcmp(type, kinds[i].type) == 0) {
            status = kinds[i].make(&disk->blocks, file_system_out);
            if (status != FAULT) {
                break;
            }
        }
    }
    return status;
}

static struct disk *disk_of(const struct mount *mount)
{
    return mount->disk;
}

static void forget(struct mount *mount)
{
    struct disk *disk = disk_of(mount);

    if (disk != NULL) {
        free(disk->bounce);
        free(disk);
        mount->disk = NULL;
    }
}

status_t disk_mount(struct mount *mount)
{
    struct disk *disk = calloc(1, sizeof *disk);

    if (disk == NULL) {
        return NO_MEMORY;
    }
    mount->disk = disk;
    status_t status = open_device(disk, mount->device, mount->flags);
    if (status == OK) {
        status = find_file_system(disk, mount->type, &mount->file_system);
    }
    if (status != OK) {
        forget(mount);
    }
    return status;
}

status_t disk_check(struct mount *mount)
{
    struct disk *disk = disk_of(mount);
    bool is_present = false;
    uint32_t changes = 0;

    status_t status = storage_media(&disk->device, &is_present, &changes);
    if (status != OK) {
        return meaning(status);
    }
    if (is_present && changes == disk->changes) {
        return OK;
    }
    if (mount->held_count != 0) {
        return ABSENT;
    }
    mount->file_system->operations->end(mount->file_system);
    mount->file_system = NULL;
    forget(mount);
    return OK;
}

status_t disk_unmount(struct mount *mount)
{
    const struct file_system_operations *operations = mount->file_system->operations;
    status_t status = operations->synchronise == NULL ? OK : operations->synchronise(mount->file_system);

    if (status == OK || status == ABSENT) {
        operations->end(mount->file_system);
        mount->file_system = NULL;
        forget(mount);
        return OK;
    }
    return status;
}
