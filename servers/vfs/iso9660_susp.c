#include "iso9660_susp.h"

#include <ternion/string.h>

#define BLOCK 2048U
#define AREAS_MAX 32U                /* of a record: a chain that is a loop ends there */
#define XA_SIZE 14U                  /* of CD-ROM XA, which stands before all on disks that have both */

/* Offsets in an entry (SUSP, 4), and of those that are used (SUSP, 5.1 and 5.3; RRIP, 4.1.4 and 4.1.5.1). */
enum { ENTRY_SIZE = 2, ENTRY_DATA = 4, CE_BLOCK = 4, CE_OFFSET = 12, CE_SIZE = 20, CE_END = 28, SP_SKIP = 6, SP_END = 7,
       NM_FLAGS = 4, NM_TEXT = 5, CL_BLOCK = 4, CL_END = 12 };

#define NM_IS_DOT_NAME 6U            /* flags: it is "." or ".." */

/* Bytes in which entries stand one behind the other: in the record, or in a continuation area. */
struct area {
    uint32_t block;                  /* of a continuation area; 0: there is none */
    uint32_t offset;
    uint32_t size;
};

static bool is_entry(const uint8_t *entry, const char *signature, uint32_t size_min)
{
    return entry[0] == signature[0] && entry[1] == signature[1] && entry[ENTRY_SIZE] >= size_min;
}

bool iso_susp_begins(const uint8_t *record, uint32_t *skip_out)
{
    uint32_t size;
    const uint8_t *entry = iso_record_system_use(record, &size);

    for (uint32_t before = 0; before <= XA_SIZE && before + SP_END <= size; before += XA_SIZE) {
        const uint8_t *sp = entry + before;

        if (is_entry(sp, "SP", SP_END) && sp[4] == 0xBE && sp[5] == 0xEF) {
            *skip_out = sp[SP_SKIP];
            return true;
        }
    }
    return false;
}

/* Joins the parts of a name. A byte that no name can have makes it none: so do more than a name can have. */
static void take_name(const uint8_t *entry, struct iso_susp *susp, bool *is_bad)
{
    uint32_t size = entry[ENTRY_SIZE] - NM_TEXT;

    *is_bad |= (entry[NM_FLAGS] & NM_IS_DOT_NAME) != 0 || size > sizeof susp->name.text - susp->name.size
            || memchr(entry + NM_TEXT, '/', size) != NULL || memchr(entry + NM_TEXT, '\0', size) != NULL;
    if (!*is_bad) {
        memcpy(susp->name.text + susp->name.size, entry + NM_TEXT, size);
        susp->name.size += size;
    }
}

static void take_entry(const uint8_t *entry, struct iso_susp *susp, struct area *next, bool *is_bad)
{
    if (is_entry(entry, "NM", NM_TEXT)) {
        take_name(entry, susp, is_bad);
    } else if (is_entry(entry, "CL", CL_END)) {
        susp->child = iso_little_32(entry + CL_BLOCK);
    } else if (is_entry(entry, "RE", ENTRY_DATA)) {
        susp->was_moved = true;
    } else if (is_entry(entry, "CE", CE_END)) {
        *next = (struct area){ iso_little_32(entry + CE_BLOCK), iso_little_32(entry + CE_OFFSET), iso_little_32(entry + CE_SIZE) };
    }
}

/* The entries of an area: bytes of it, at most a block. */
static void take_area(const uint8_t *bytes, uint32_t size, struct iso_susp *susp, struct area *next, bool *is_bad)
{
    while (size >= ENTRY_DATA && bytes[ENTRY_SIZE] >= ENTRY_DATA && bytes[ENTRY_SIZE] <= size && !is_entry(bytes, "ST", ENTRY_DATA)) {
        take_entry(bytes, susp, next, is_bad);
        size -= bytes[ENTRY_SIZE];
        bytes += bytes[ENTRY_SIZE];
    }
}

/*
 * One in a continuation area, entry by entry. It shall lie in one block (SUSP, 5.1), but there are writers that put it across two; it
 * lies on the disk.
 */
static status_t take_continuation(struct cache *cache, struct area area, struct iso_susp *susp, struct area *next, bool *is_bad)
{
    uint64_t position = (uint64_t)area.block * BLOCK + area.offset;
    uint8_t entry[256];

    if (area.offset >= BLOCK || area.size > BLOCK || position + area.size > cache->blocks->sectors * SECTOR) {
        *is_bad = true;
        return OK;
    }
    while (area.size >= ENTRY_DATA) {
        uint32_t part = area.size < sizeof entry - 1 ? area.size : (uint32_t)sizeof entry - 1;
        status_t status = cache_read(cache, position, entry, part);

        if (status != OK || entry[ENTRY_SIZE] < ENTRY_DATA || entry[ENTRY_SIZE] > part) {
            return status;
        }
        take_area(entry, entry[ENTRY_SIZE], susp, next, is_bad);
        position += entry[ENTRY_SIZE];
        area.size -= is_entry(entry, "ST", ENTRY_DATA) ? area.size : entry[ENTRY_SIZE];
    }
    return OK;
}

status_t iso_susp_read(struct cache *cache, const uint8_t *record, uint32_t skip, struct iso_susp *susp_out)
{
    struct area next = { 0 };
    status_t status = OK;
    bool is_bad = false;
    uint32_t size;
    const uint8_t *entry = iso_record_system_use(record, &size);

    susp_out->name.size = 0;
    susp_out->child = 0;
    susp_out->was_moved = false;
    if (skip < size) {
        take_area(entry + skip, size - skip, susp_out, &next, &is_bad);
    }
    for (uint32_t count = 0; next.block != 0 && status == OK && !is_bad; count++) {
        struct area area = next;

        next.block = 0;
        status = take_continuation(cache, area, susp_out, &next, &is_bad);
        is_bad |= count == AREAS_MAX;
    }
    if (is_bad) {
        susp_out->name.size = 0;
    }
    return status;
}
