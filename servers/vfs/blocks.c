#include "blocks.h"

#include <ternion/string.h>

void cache_begin(struct cache *cache, struct blocks *blocks)
{
    memset(cache, 0, sizeof *cache);
    cache->blocks = blocks;
    cache->last = &cache->sectors[0];
}

/* Brings a sector to the device. If that fails, nobody knows what is there. */
static status_t put(struct cache *cache, struct cached_sector *sector)
{
    status_t status = cache->blocks->write(cache->blocks, sector->number, 1, sector->bytes);

    sector->is_held = false;
    if (status != OK) {
        sector->used = 0;
    }
    return status;
}

/* Where a sector is, or the one that was not used for longest: its place is free then. */
static status_t place_of(struct cache *cache, uint64_t number, struct cached_sector **place_out)
{
    struct cached_sector *oldest = &cache->sectors[0];

    for (uint32_t i = 0; i < CACHE_SECTORS; i++) {
        struct cached_sector *sector = &cache->sectors[i];

        if (sector->used != 0 && sector->number == number) {
            *place_out = sector;
            return OK;
        }
        if (sector->used < oldest->used) {
            oldest = sector;
        }
    }
    status_t status = oldest->is_held ? put(cache, oldest) : OK;
    oldest->used = 0;
    *place_out = oldest;
    return status;
}

static status_t get(struct cache *cache, uint64_t number, struct cached_sector **sector_out)
{
    struct cached_sector *sector = cache->last;

    if (sector->used != 0 && sector->number == number) {
        *sector_out = sector;
        return OK;
    }
    status_t status = place_of(cache, number, &sector);
    if (status != OK) {
        return status;
    }
    if (sector->used == 0) {
        status = number < cache->blocks->sectors ? cache->blocks->read(cache->blocks, number, 1, sector->bytes) : FAULT;
        if (status != OK) {
            return status;
        }
        sector->number = number;
    }
    if (++cache->clock == 0) {   /* all are equally old then */
        for (uint32_t i = 0; i < CACHE_SECTORS; i++) {
            cache->sectors[i].used = cache->sectors[i].used != 0;
        }
        cache->clock = 2;
    }
    sector->used = cache->clock;
    cache->last = sector;
    *sector_out = sector;
    return OK;
}

status_t cache_get(struct cache *cache, uint64_t number, const uint8_t **bytes_out)
{
    struct cached_sector *sector;
    status_t status = get(cache, number, &sector);

    if (status == OK) {
        *bytes_out = sector->bytes;
    }
    return status;
}

static uint32_t part_in_sector(uint64_t position, uint32_t size)
{
    uint32_t left = SECTOR - (uint32_t)(position % SECTOR);

    return size < left ? size : left;
}

status_t cache_read(struct cache *cache, uint64_t position, void *buffer, uint32_t size)
{
    uint8_t *to = buffer;

    while (size > 0) {
        uint32_t part = part_in_sector(position, size);
        const uint8_t *bytes;
        status_t status = cache_get(cache, position / SECTOR, &bytes);

        if (status != OK) {
            return status;
        }
        memcpy(to, bytes + position % SECTOR, part);
        to += part;
        position += part;
        size -= part;
    }
    return OK;
}

status_t cache_write(struct cache *cache, uint64_t position, const void *bytes, uint32_t size)
{
    const uint8_t *from = bytes;

    if (cache->blocks->is_read_only) {
        return NOT_ALLOWED;
    }
    while (size > 0) {
        uint32_t part = part_in_sector(position, size);
        struct cached_sector *sector;
        status_t status = get(cache, position / SECTOR, &sector);

        if (status != OK) {
            return status;
        }
        memcpy(sector->bytes + position % SECTOR, from, part);
        sector->is_held = cache->holds;
        status = cache->holds ? OK : put(cache, sector);
        if (status != OK) {
            return status;
        }
        from += part;
        position += part;
        size -= part;
    }
    return OK;
}

void cache_hold(struct cache *cache)
{
    cache->holds = true;
}

status_t cache_let_go(struct cache *cache)
{
    status_t status = OK;

    cache->holds = false;
    for (uint32_t i = 0; i < CACHE_SECTORS; i++) {
        if (cache->sectors[i].used != 0 && cache->sectors[i].is_held) {
            status_t written = put(cache, &cache->sectors[i]);

            status = status == OK ? written : status;
        }
    }
    return status;
}

/* How many of so many bytes at a position are whole sectors; 0 also where they begin within one, or lie behind the end. */
static uint32_t whole_sectors(const struct cache *cache, uint64_t position, uint32_t size)
{
    uint64_t first = position / SECTOR;

    if (position % SECTOR != 0 || first >= cache->blocks->sectors) {
        return 0;
    }
    return size / SECTOR <= cache->blocks->sectors - first ? size / SECTOR : 0;
}

status_t cache_read_past(struct cache *cache, uint64_t position, void *buffer, uint32_t size)
{
    uint8_t *to = buffer;
    status_t status = OK;

    while (size > 0 && status == OK) {
        uint32_t count = whole_sectors(cache, position, size);
        uint32_t part = count != 0 ? count * SECTOR : part_in_sector(position, size);

        status = count != 0 ? cache->blocks->read(cache->blocks, position / SECTOR, count, to) : cache_read(cache, position, to, part);
        to += part;
        position += part;
        size -= part;
    }
    return status;
}

static void forget(struct cache *cache, uint64_t first, uint32_t count)
{
    for (uint32_t i = 0; i < CACHE_SECTORS; i++) {
        if (cache->sectors[i].number >= first && cache->sectors[i].number - first < count) {
            cache->sectors[i].used = 0;
        }
    }
}

status_t cache_write_past(struct cache *cache, uint64_t position, const void *bytes, uint32_t size)
{
    const uint8_t *from = bytes;
    status_t status = cache->blocks->is_read_only ? NOT_ALLOWED : OK;

    while (size > 0 && status == OK) {
        uint32_t count = whole_sectors(cache, position, size);
        uint32_t part = count != 0 ? count * SECTOR : part_in_sector(position, size);

        if (count != 0) {
            forget(cache, position / SECTOR, count);
            status = cache->blocks->write(cache->blocks, position / SECTOR, count, from);
        } else {
            status = cache_write(cache, position, from, part);
        }
        from += part;
        position += part;
        size -= part;
    }
    return status;
}
