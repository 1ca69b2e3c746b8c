/* Directories of ISO 9660 as they lie on the disk, and what their records say in whichever way the disk has names. */
#pragma once

#include "iso9660_susp.h"

#define ISO_BLOCK 2048U

struct iso_volume {
    struct cache cache;
    bool is_joliet;              /* names are in UCS-2 */
    bool has_susp;
    uint32_t susp_skip;
};

/* What a directory is on the disk. */
struct iso_directory {
    uint32_t block;
    uint32_t size;               /* bytes */
};

struct iso_entry {
    struct iso_susp susp;        /* name: what it is called */
    bool is_directory;
    uint32_t block;              /* of the first byte */
    uint64_t size;               /* bytes */
    int64_t changed_s;
    uint64_t number;             /* of its record on the disk */
};

/*
 * The record at an offset of a directory, which goes on to the next one.
 * Statuses: NOT_FOUND: there are no more; FAULT.
 */
[[nodiscard]] status_t iso_record_next(struct iso_volume *volume, struct iso_directory directory, uint32_t *offset,
                                       uint8_t record[ISO_RECORD_MAX]);

/* The next entry. Where a directory that was moved lies it is none; where it belongs it is. Statuses as above. */
[[nodiscard]] status_t iso_entry_next(struct iso_volume *volume, struct iso_directory directory, uint32_t *offset,
                                      struct iso_entry *entry_out);

/* The directory that an entry is. Statuses: FAULT. */
[[nodiscard]] status_t iso_entry_directory(struct iso_volume *volume, const struct iso_entry *entry, struct iso_directory *directory_out);
