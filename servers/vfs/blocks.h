/*
 * Sectors of 512 bytes on whatever a file system lies on, with a small cache: all of what a file system reads of its own structures goes
 * through it, and whole clusters of files go past it. What is written goes to the device at once, unless it is held: so the order of
 * writes is the file system's. Portable.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/status.h>

#define SECTOR 512U
#define CACHE_SECTORS 128U       /* 64 KB */

struct blocks {
    /* Whole sectors; they are there. Statuses: FAULT, ABSENT. */
    status_t (*read)(struct blocks *blocks, uint64_t first, uint32_t count, void *buffer);
    status_t (*write)(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer);
    status_t (*flush)(struct blocks *blocks);
    uint64_t sectors;
    bool is_read_only;
};

struct cached_sector {
    uint64_t number;
    uint32_t used;               /* cache.clock when it was used last; 0: nothing is in it */
    bool is_held;                /* what was written here is not on the device yet */
    uint8_t bytes[SECTOR];
};

struct cache {
    struct blocks *blocks;
    uint32_t clock;
    bool holds;
    struct cached_sector *last;  /* that was used: most are used again at once */
    struct cached_sector sectors[CACHE_SECTORS];
};

void cache_begin(struct cache *cache, struct blocks *blocks);

/* The bytes of a sector, to be read until the next call. FAULT: it lies behind the end. */
[[nodiscard]] status_t cache_get(struct cache *cache, uint64_t number, const uint8_t **bytes_out);

/* Bytes from anywhere. */
[[nodiscard]] status_t cache_read(struct cache *cache, uint64_t position, void *buffer, uint32_t size);

/* Writes bytes anywhere: through the cache to the device. NOT_ALLOWED. */
[[nodiscard]] status_t cache_write(struct cache *cache, uint64_t position, const void *bytes, uint32_t size);

/*
 * From now on what cache_write writes may stay in the cache, so that a sector that is written to many times goes to the device once; until
 * cache_let_go brings it there, in no order. Nothing goes past the cache meanwhile.
 */
void cache_hold(struct cache *cache);
[[nodiscard]] status_t cache_let_go(struct cache *cache);

/* Many bytes, past the cache as far as they are whole sectors. */
[[nodiscard]] status_t cache_read_past(struct cache *cache, uint64_t position, void *buffer, uint32_t size);
[[nodiscard]] status_t cache_write_past(struct cache *cache, uint64_t position, const void *bytes, uint32_t size);
