#include "fat_volume.h"

#include <ternion/string.h>

/* Offsets of the BIOS parameter block: the specification, "Boot Sector and BPB Structure". */
enum {
    BYTES_PER_SECTOR = 11, SECTORS_PER_CLUSTER = 13, RESERVED_SECTORS = 14, TABLES = 16, ROOT_ENTRIES = 17, SECTORS_16 = 19,
    TABLE_SECTORS_16 = 22, SECTORS_32 = 32, TABLE_SECTORS_32 = 36, ROOT_CLUSTER = 44, INFORMATION = 48, SIGNATURE = 510,
};

/* By the number of clusters, and by nothing else: the specification, "FAT Type Determination". */
#define CLUSTERS_FAT16 4085U
#define CLUSTERS_FAT32 65525U
#define CLUSTERS_MAX 0x0FFFFFF5U
#define ENTRY_SIZE 32U

static uint32_t little(const uint8_t *bytes, uint32_t size)
{
    uint32_t value = 0;

    while (size-- > 0) {
        value = value << 8 | bytes[size];
    }
    return value;
}

static bool is_power_of_2(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* The bits of an entry, and no more clusters than the table has entries. */
static bool set_type(struct fat_volume *volume, uint64_t clusters, uint64_t table_size, bool has_root)
{
    if (clusters == 0 || clusters > CLUSTERS_MAX) {
        return false;
    }
    volume->bits = clusters < CLUSTERS_FAT16 ? 12 : clusters < CLUSTERS_FAT32 ? 16 : 32;
    uint64_t entries = table_size * 8 / volume->bits;
    if (entries <= FAT_FIRST_CLUSTER || (volume->bits == 32) == has_root) {
        return false;
    }
    volume->cluster_count = (uint32_t)(clusters < entries - FAT_FIRST_CLUSTER ? clusters : entries - FAT_FIRST_CLUSTER);
    return true;
}

static bool set_places(struct fat_volume *volume, const uint8_t *bpb)
{
    uint32_t sector = little(bpb + BYTES_PER_SECTOR, 2);
    uint32_t per_cluster = bpb[SECTORS_PER_CLUSTER];
    uint32_t reserved = little(bpb + RESERVED_SECTORS, 2);
    uint32_t tables = bpb[TABLES];
    uint32_t table_16 = little(bpb + TABLE_SECTORS_16, 2);
    uint64_t table_sectors = table_16 != 0 ? table_16 : little(bpb + TABLE_SECTORS_32, 4);
    uint32_t sectors_16 = little(bpb + SECTORS_16, 2);
    uint64_t sectors = sectors_16 != 0 ? sectors_16 : little(bpb + SECTORS_32, 4);
    uint32_t root_entries = little(bpb + ROOT_ENTRIES, 2);

    bool is_good = sector >= 512 && sector <= 4096 && is_power_of_2(sector) && is_power_of_2(per_cluster) && reserved != 0
                && tables >= 1 && tables <= 4 && table_sectors != 0 && little(bpb + SIGNATURE, 2) == 0xAA55
                && sectors * sector / SECTOR <= volume->cache.blocks->sectors;
    if (!is_good) {
        return false;
    }
    volume->cluster_size = sector * per_cluster;
    volume->table = (uint64_t)reserved * sector;
    volume->table_size = table_sectors * sector;
    volume->table_count = tables;
    volume->hint = FAT_FIRST_CLUSTER;
    volume->root = volume->table + tables * table_sectors * sector;
    volume->root_size = root_entries * ENTRY_SIZE;
    volume->data = volume->root + (volume->root_size + sector - 1) / sector * sector;
    if (volume->data >= sectors * sector) {
        return false;
    }
    uint64_t clusters = (sectors * sector - volume->data) / volume->cluster_size;
    volume->root_cluster = little(bpb + ROOT_CLUSTER, 4) & 0x0FFFFFFF;
    volume->information = table_16 == 0 && little(bpb + INFORMATION, 2) < reserved ? (uint64_t)little(bpb + INFORMATION, 2) * sector : 0;
    return set_type(volume, clusters, table_sectors * sector, volume->root_size != 0)
        && (volume->bits != 32 || fat_cluster_is_good(volume, volume->root_cluster));
}

status_t fat_volume_open(struct fat_volume *volume, struct blocks *blocks)
{
    const uint8_t *bpb;

    memset(volume, 0, sizeof *volume);
    cache_begin(&volume->cache, blocks);
    status_t status = cache_get(&volume->cache, 0, &bpb);
    if (status != OK) {
        return status;
    }
    memcpy(volume->boot, bpb, sizeof volume->boot);
    return set_places(volume, volume->boot) ? OK : FAULT;
}

status_t fat_volume_handed_over(struct fat_volume *volume)
{
    const uint8_t *boot;

    cache_begin(&volume->cache, volume->cache.blocks);
    volume->free_is_known = false;
    status_t status = cache_get(&volume->cache, 0, &boot);
    return status != OK ? status : memcmp(boot, volume->boot, sizeof volume->boot) == 0 ? OK : ABSENT;
}

static uint32_t mask_of(const struct fat_volume *volume)
{
    return volume->bits == 32 ? 0x0FFFFFFF : (1U << volume->bits) - 1;
}

static uint64_t offset_of(const struct fat_volume *volume, uint32_t cluster)
{
    return volume->bits == 12 ? cluster + cluster / 2 : (uint64_t)cluster * (volume->bits / 8);
}

status_t fat_get(struct fat_volume *volume, uint32_t cluster, uint32_t *value_out)
{
    uint32_t size = volume->bits == 32 ? 4 : 2;
    uint8_t bytes[4];

    status_t status = cache_read(&volume->cache, volume->table + offset_of(volume, cluster), bytes, size);
    if (status == OK) {
        uint32_t value = little(bytes, size);

        *value_out = (volume->bits == 12 && cluster % 2 != 0 ? value >> 4 : value) & mask_of(volume);
    }
    return status;
}

status_t fat_next(struct fat_volume *volume, uint32_t cluster, uint32_t *next_out)
{
    uint32_t next;
    status_t status = fat_get(volume, cluster, &next);

    if (status != OK) {
        return status;
    }
    if (next >= (mask_of(volume) & ~7U)) {      /* end marks: the specification, "FAT Data Structure" */
        *next_out = FAT_CHAIN_END;
        return OK;
    }
    *next_out = next;
    return fat_cluster_is_good(volume, next) ? OK : FAULT;
}

/* ---- Writing ---- */

/* The bits of a new entry among those of its neighbours. */
static uint32_t merge(const struct fat_volume *volume, uint32_t cluster, uint32_t old, uint32_t value)
{
    value &= mask_of(volume);
    if (volume->bits == 12) {
        return cluster % 2 != 0 ? (old & 0xF) | value << 4 : (old & 0xF000) | value;
    }
    return volume->bits == 32 ? (old & 0xF0000000) | value : value;
}

/* Says that the count of free clusters is not known (the specification, "FSInfo Sector"): what is written would make it wrong. */
static status_t forget_free_count(struct fat_volume *volume)
{
    static const uint8_t unknown[8] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
    uint8_t mark[4];

    status_t status = cache_read(&volume->cache, volume->information + 484, mark, sizeof mark);
    if (status == OK && memcmp(mark, "rrAa", 4) == 0) {
        status = cache_write(&volume->cache, volume->information + 488, unknown, sizeof unknown);
    }
    volume->information = 0;
    return status;
}

status_t fat_set(struct fat_volume *volume, uint32_t cluster, uint32_t value)
{
    uint32_t size = volume->bits == 32 ? 4 : 2;
    uint64_t place = volume->table + offset_of(volume, cluster);
    uint8_t bytes[4];

    status_t status = volume->information != 0 ? forget_free_count(volume) : OK;
    if (status == OK) {
        status = cache_read(&volume->cache, place, bytes, size);
    }
    uint32_t merged = status == OK ? merge(volume, cluster, little(bytes, size), value) : 0;
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(merged >> 8 * i);
    }
    for (uint32_t table = 0; table < volume->table_count && status == OK; table++) {
        status = cache_write(&volume->cache, place + table * volume->table_size, bytes, size);
    }
    return status;
}

status_t fat_allocate(struct fat_volume *volume, uint32_t *cluster_out)
{
    for (uint32_t tried = 0; tried < volume->cluster_count; tried++) {
        uint32_t cluster = volume->hint;
        uint32_t value;

        volume->hint = fat_cluster_is_good(volume, cluster + 1) ? cluster + 1 : FAT_FIRST_CLUSTER;
        status_t status = fat_get(volume, cluster, &value);
        if (status == OK && value == FAT_FREE) {
            status = fat_set(volume, cluster, FAT_LAST);
            if (status == OK) {
                volume->free_count--;
                *cluster_out = cluster;
                return OK;
            }
        }
        if (status != OK) {
            return status;
        }
    }
    return NO_SPACE;
}

static status_t free_clusters(struct fat_volume *volume, uint32_t cluster)
{
    while (fat_cluster_is_good(volume, cluster)) {
        uint32_t next;
        status_t status = fat_get(volume, cluster, &next);

        if (status != OK || next == FAT_FREE) {
            return status;
        }
        status = fat_set(volume, cluster, FAT_FREE);
        if (status != OK) {
            return status;
        }
        volume->free_count++;
        cluster = next;
    }
    return OK;
}

status_t fat_free_chain(struct fat_volume *volume, uint32_t cluster)
{
    cache_hold(&volume->cache);
    status_t status = free_clusters(volume, cluster);
    status_t written = cache_let_go(&volume->cache);

    return status == OK ? written : status;
}

status_t fat_count_free(struct fat_volume *volume, uint32_t *count_out)
{
    uint32_t count = 0, value = 0;
    status_t status = OK;

    for (uint32_t i = 0; !volume->free_is_known && i < volume->cluster_count && status == OK; i++) {
        status = fat_get(volume, i + FAT_FIRST_CLUSTER, &value);
        count += value == FAT_FREE;
    }
    if (status == OK && !volume->free_is_known) {
        volume->free_count = count;
        volume->free_is_known = true;
    }
    *count_out = volume->free_count;
    return status;
}
