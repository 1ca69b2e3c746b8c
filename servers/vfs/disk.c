#include "disk.h"

#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "blocks.h"
#include "fat.h"
#include "iso9660.h"

#define PATIENCE_NS (10 * SECOND)

struct disk {
    struct blocks blocks;        /* the first member */
    struct device device;
    uint32_t block_size;
    uint8_t *bounce;             /* a block, where these are larger than sectors */
    /* Which medium it was when it was mounted: a name may lead elsewhere by now, and a driver may be another process. */
    process_id_t process;
    uint32_t number;
    uint32_t changes;
    char driver[NAME_SIZE_MAX + 1];
    bool is_checked;             /* in this request */
    bool is_elsewhere;           /* the name leads to another device, as was seen last */
    bool is_gone;                /* it is another one */
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

/* ---- Which medium it is ---- */

static void driver_of(const struct disk *disk, char name[NAME_SIZE_MAX + 1])
{
    struct process_information information;

    name[0] = '\0';
    if (process_information(disk->device.process, &information) == OK) {
        memcpy(name, information.name, sizeof information.name);
    }
}

/* Does the name still lead where it led? A driver that died and came back is the same. */
static bool leads_to_same(struct disk *disk)
{
    char driver[NAME_SIZE_MAX + 1];

    if (disk->device.process == disk->process && disk->device.number == disk->number) {
        return true;
    }
    driver_of(disk, driver);
    if (disk->device.number != disk->number || strcmp(driver, disk->driver) != 0) {
        return false;
    }
    disk->process = disk->device.process;
    return true;
}

static status_t check_medium(struct disk *disk)
{
    bool is_present = false;
    uint32_t changes = 0;

    status_t status = disk->is_gone ? ABSENT : storage_media(&disk->device, &is_present, &changes);
    if (status != OK) {
        return meaning(status);
    }
    disk->is_elsewhere = !leads_to_same(disk);
    disk->is_gone = !is_present || (!disk->is_elsewhere && changes != disk->changes);
    disk->is_checked = !disk->is_gone && !disk->is_elsewhere;
    return disk->is_checked ? OK : ABSENT;
}

/* What was moved was moved on another medium perhaps, if the name leads to another driver since it was looked at. */
static status_t check_moved(struct disk *disk, status_t status)
{
    bool is_there = disk->device.process == disk->process && disk->device.number == disk->number;

    return status != OK || is_there ? status : check_medium(disk);
}

static status_t read(struct blocks *blocks, uint64_t first, uint32_t count, void *buffer)
{
    struct disk *disk = (struct disk *)blocks;

    return disk->is_gone || disk->is_elsewhere ? ABSENT : check_moved(disk, move(disk, first, count, buffer, NULL));
}

static status_t write(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer)
{
    struct disk *disk = (struct disk *)blocks;
    status_t status = disk->is_gone ? ABSENT : disk->is_checked ? OK : check_medium(disk);

    return status == OK ? check_moved(disk, move(disk, first, count, NULL, buffer)) : status;
}

static status_t flush(struct blocks *blocks)
{
    struct disk *disk = (struct disk *)blocks;

    return disk->is_gone || disk->is_elsewhere ? ABSENT : meaning(storage_flush(&disk->device));
}

/* ---- Mounting ---- */

/* Which device it is, whose medium is there, and what it is like. */
static status_t look_at_device(struct disk *disk, struct storage_size *size_out)
{
    bool is_present = false;
    status_t status = storage_media(&disk->device, &is_present, &disk->changes);

    if (status == OK && !is_present) {
        status = ABSENT;
    }
    if (status == OK) {
        status = storage_size(&disk->device, size_out);
    }
    if (status != OK) {
        return meaning(status);
    }
    disk->process = disk->device.process;
    disk->number = disk->device.number;
    driver_of(disk, disk->driver);
    disk->is_checked = true;
    disk->is_elsewhere = false;
    return OK;
}

static status_t open_device(struct disk *disk, const char *name, uint32_t flags)
{
    struct storage_size size;

    status_t status = device_open(&disk->device, name, DEVICE_STORAGE, clock_after(PATIENCE_NS));
    status = status == OK ? look_at_device(disk, &size) : meaning(status);
    if (status != OK) {
        return status;
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

static void forget(struct disk *disk)
{
    free(disk->bounce);
    free(disk);
}

status_t disk_mount(struct mount *mount)
{
    struct disk *disk = calloc(1, sizeof *disk);

    if (disk == NULL) {
        return NO_MEMORY;
    }
    status_t status = open_device(disk, mount->device, mount->flags);
    if (status == OK) {
        status = find_file_system(disk, mount->type, &mount->file_system);
    }
    if (status != OK) {
        forget(disk);
        return status;
    }
    mount->file_system->disk = disk;
    return OK;
}

static void end(struct file_system *file_system)
{
    struct disk *disk = file_system->disk;

    file_system->operations->end(file_system);
    forget(disk);
}

void disk_let_go(struct file_system *file_system)
{
    if (file_system->is_gone && file_system->held_count == 0) {
        end(file_system);
    }
}

void disk_distrust(struct file_system *file_system)
{
    ((struct disk *)file_system->disk)->is_checked = false;
}

/* The file system goes on on the device that the name leads to by now, if that has all of it. Nothing of a request is under way. */
static status_t hand_over(struct file_system *file_system)
{
    struct disk *disk = file_system->disk;
    struct storage_size size;

    status_t status = look_at_device(disk, &size);
    if (status != OK) {
        return status;
    }
    uint8_t *bounce = malloc(size.block_size);
    if (bounce == NULL) {
        disk->is_elsewhere = true;
        return NO_MEMORY;
    }
    free(disk->bounce);
    disk->bounce = bounce;
    disk->block_size = size.block_size;
    uint64_t sectors = size.blocks * (size.block_size / SECTOR);
    bool is_like = sectors >= disk->blocks.sectors && (disk->blocks.is_read_only || (size.flags & STORAGE_READ_ONLY) == 0);
    status = is_like && file_system->operations->handed_over != NULL ? file_system->operations->handed_over(file_system) : ABSENT;
    disk->is_gone = status != OK;
    return OK;
}

status_t disk_check(struct mount *mount)
{
    struct file_system *file_system = mount->file_system;
    struct disk *disk = file_system->disk;

    status_t status = check_medium(disk);
    if (!disk->is_gone && disk->is_elsewhere) {
        status = hand_over(file_system);
    }
    if (!disk->is_gone) {
        return status;
    }
    mount->file_system = NULL;
    file_system->is_gone = true;
    disk_let_go(file_system);
    return OK;
}

status_t disk_unmount(struct mount *mount)
{
    const struct file_system_operations *operations = mount->file_system->operations;
    status_t status = operations->synchronise == NULL ? OK : operations->synchronise(mount->file_system);

    if (status == OK || status == ABSENT) {
        end(mount->file_system);
        mount->file_system = NULL;
        return OK;
    }
    return status;
}
