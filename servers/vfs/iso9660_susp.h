/*
 * What follows the name in a directory record: the entries of the System Use Sharing Protocol (SUSP, IEEE P1281), and of those
 * Rock Ridge's (RRIP, IEEE P1282) that say what a file is called and where it lies. Owners, rights, and where symbolic links lead are
 * passed over: there is nothing here that they would mean anything to.
 */
#pragma once

#include "blocks.h"
#include "iso9660_record.h"

struct iso_susp {
    struct iso_name name;        /* size 0: it has none, or one that cannot be */
    uint32_t child;              /* block of the directory that was moved elsewhere, and belongs here; 0: it is none */
    bool was_moved;              /* a directory that belongs elsewhere */
};

/*
 * Does the first record of the root directory say that there are such entries?
 *   skip_out   bytes before the first one in other records; untouched if there are none
 */
bool iso_susp_begins(const uint8_t *record, uint32_t *skip_out);

/*
 * Reads them, those in continuation areas too.
 *   record     as in iso9660_record.h
 *   skip       what iso_susp_begins said
 * Statuses: FAULT: the device fails. What contradicts itself is as if it were not there.
 */
[[nodiscard]] status_t iso_susp_read(struct cache *cache, const uint8_t *record, uint32_t skip, struct iso_susp *susp_out);
