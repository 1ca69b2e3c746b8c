/* Where things lie in a FAT file system, and the table itself. Portable; the medium is not believed. */
#pragma once

#include "blocks.h"

#define FAT_CHAIN_END 0U             /* what follows the last cluster */
#define FAT_FIRST_CLUSTER 2U

struct fat_volume {
    struct cache cache;
    uint8_t boot[SECTOR];            /* the first sector: layout, serial number, label */
    uint32_t bits;                   /* 12, 16, 32 */
    uint32_t cluster_size;           /* bytes */
    uint32_t cluster_count;          /* the last one is cluster_count + 1 */
    uint64_t table;                  /* bytes from the beginning: of the first table */
    uint64_t table_size;             /* bytes */
    uint32_t table_count;
    uint64_t information;            /* of FAT32's count of free clusters; 0: there is none, or it says already that it is not known */
    uint32_t hint;                   /* where the search for a free cluster goes on */
    uint32_t free_count;             /* clusters; only with free_is_known */
    bool free_is_known;
    uint64_t data;                   /* of cluster 2 */
    uint64_t root;                   /* of the root directory of FAT12 and FAT16 */
    uint32_t root_size;              /* bytes of it; 0: it is a chain */
    uint32_t root_cluster;           /* of FAT32 */
};

/* Reads the first sector. Statuses: FAULT: it makes no sense, or the device fails. */
[[nodiscard]] status_t fat_volume_open(struct fat_volume *volume, struct blocks *blocks);

/* The blocks are another device's: forgets what was read. ABSENT: its first sector is another. */
[[nodiscard]] status_t fat_volume_handed_over(struct fat_volume *volume);

static inline bool fat_cluster_is_good(const struct fat_volume *volume, uint32_t cluster)
{
    return cluster >= FAT_FIRST_CLUSTER && cluster - FAT_FIRST_CLUSTER < volume->cluster_count;
}

/* What follows a good cluster: a good one, or FAT_CHAIN_END. FAULT: neither. */
[[nodiscard]] status_t fat_next(struct fat_volume *volume, uint32_t cluster, uint32_t *next_out);

static inline uint64_t fat_cluster_position(const struct fat_volume *volume, uint32_t cluster)
{
    return volume->data + (uint64_t)(cluster - FAT_FIRST_CLUSTER) * volume->cluster_size;
}

/* What the table says of a good cluster, as it stands there: 0 is free. */
[[nodiscard]] status_t fat_get(struct fat_volume *volume, uint32_t cluster, uint32_t *value_out);

/* What is good for the table's other entries. */
#define FAT_FREE 0U
#define FAT_LAST 0x0FFFFFFFU

/* Sets an entry, in all tables. */
[[nodiscard]] status_t fat_set(struct fat_volume *volume, uint32_t cluster, uint32_t value);

/* A free cluster, which is the end of a chain from now on. NO_SPACE. */
[[nodiscard]] status_t fat_allocate(struct fat_volume *volume, uint32_t *cluster_out);

/* Frees a chain from this cluster on. One that meets what is free already, or is a loop, ends there. */
[[nodiscard]] status_t fat_free_chain(struct fat_volume *volume, uint32_t cluster);

/* Counts free clusters, the first time. */
[[nodiscard]] status_t fat_count_free(struct fat_volume *volume, uint32_t *count_out);
