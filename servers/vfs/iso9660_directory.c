#include "iso9660_directory.h"

#include <ternion/vfs.h>

#define DIRECTORY_BYTES_MAX (16U << 20)

/* A record does not cross blocks; zeroes fill a block's end (ECMA-119, 6.8.1.1). */
status_t iso_record_next(struct iso_volume *volume, struct iso_directory directory, uint32_t *offset, uint8_t record[ISO_RECORD_MAX])
{
    uint64_t base = (uint64_t)directory.block * ISO_BLOCK;

    while (*offset < directory.size && *offset < DIRECTORY_BYTES_MAX) {
        uint32_t in_block = *offset % ISO_BLOCK;
        uint8_t size;
        status_t status = cache_read(&volume->cache, base + *offset, &size, 1);

        if (status != OK) {
            return status;
        }
        if (size == 0) {
            *offset += ISO_BLOCK - in_block;
            continue;
        }
        if (size < ISO_RECORD_MIN || in_block + size > ISO_BLOCK) {
            return FAULT;
        }
        status = cache_read(&volume->cache, base + *offset, record, size);
        *offset += size;
        return status;
    }
    return NOT_FOUND;
}

/*
 * A file above 4 GB has a record for each part (ECMA-119, 6.5.1 and 9.1.6). Writers put the parts one behind the other: others are
 * left out.
 */
struct parts {
    uint32_t count;
    uint32_t block;              /* of the first one */
    uint64_t size;               /* of all, bytes */
    bool is_bad;
};

static void add_part(struct parts *parts, const uint8_t *record)
{
    uint32_t block = iso_record_extent(record);

    if (parts->count == 0) {
        parts->block = block;
    }
    parts->is_bad |= parts->size % ISO_BLOCK != 0 || block != parts->block + parts->size / ISO_BLOCK || parts->size > VFS_POSITION_MAX >> 1;
    parts->size += iso_record_size(record);
    parts->count++;
}

/* What it is called: false: nothing that can be, or it belongs elsewhere. */
static status_t name_of(struct iso_volume *volume, const uint8_t *record, struct iso_susp *susp, bool *has_name_out)
{
    status_t status = OK;

    susp->name.size = susp->child = 0;
    susp->was_moved = false;
    if (volume->has_susp) {
        status = iso_susp_read(&volume->cache, record, volume->susp_skip, susp);
    }
    bool is_good = susp->name.size != 0 || iso_record_name(record, volume->is_joliet, &susp->name);
    *has_name_out = is_good && !susp->was_moved && !iso_name_is_dots(&susp->name);
    return status;
}

status_t iso_entry_next(struct iso_volume *volume, struct iso_directory directory, uint32_t *offset, struct iso_entry *entry_out)
{
    uint8_t record[ISO_RECORD_MAX];
    struct parts parts = { 0 };

    for (;;) {
        bool has_name = false;
        status_t status = iso_record_next(volume, directory, offset, record);

        if (status == OK && iso_record_is_entry(record)) {
            add_part(&parts, record);
            if (iso_record_goes_on(record)) {
                continue;
            }
            status = name_of(volume, record, &entry_out->susp, &has_name);
        }
        if (status != OK) {
            return status;
        }
        if (has_name && !parts.is_bad) {
            break;
        }
        parts = (struct parts){ 0 };
    }
    entry_out->is_directory = iso_record_is_directory(record) || entry_out->susp.child != 0;
    entry_out->block = entry_out->susp.child != 0 ? entry_out->susp.child : parts.block;
    entry_out->size = parts.size;
    entry_out->changed_s = iso_record_time(record);
    entry_out->number = (uint64_t)directory.block * ISO_BLOCK + *offset;
    return OK;
}

/* How large a directory is that was moved, its own first record says. */
status_t iso_entry_directory(struct iso_volume *volume, const struct iso_entry *entry, struct iso_directory *directory_out)
{
    struct iso_directory directory = { entry->block, ISO_BLOCK };
    uint8_t record[ISO_RECORD_MAX];
    uint32_t offset = 0;

    if (entry->susp.child == 0) {
        directory.size = entry->size < DIRECTORY_BYTES_MAX ? (uint32_t)entry->size : DIRECTORY_BYTES_MAX;
    } else {
        status_t status = iso_record_next(volume, directory, &offset, record);

        if (status != OK || !iso_record_is_self(record) || iso_record_extent(record) != entry->block) {
            return status == OK || status == NOT_FOUND ? FAULT : status;
        }
        directory.size = iso_record_size(record);
    }
    *directory_out = directory;
    return OK;
}
