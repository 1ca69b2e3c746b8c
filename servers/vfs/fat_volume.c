#include "fat_volume.h"

#include <ternion/string.h>

/* Offsets of the BIOS parameter block: the specification, "Boot Sector and BPB Structure". */
enum {
    BYTES_PER_SECTOR = 11, SECTORS_PER_CLUSTER = 13, RESERVED_SECTORS = 14, TABLES = 16, ROOT_ENTRIES = 17, SECTORS_16 = 19,
    TABLE_SECTORS_16 = 22, SECTORS_32 = 32, TABLE_SECTORS_32 = 36, ROOT_CLUSTER = 44, SIGNATURE = 510,
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
    volume->root = volume->table + tables * table_sectors * sector;
    volume->root_size = root_entries * ENTRY_SIZE;
    volume->data = volume->root + (volume->root_size + sector - 1) / sector * sector;
    if (volume->data >= sectors * sector) {
        return false;
    }
    uint64_t clusters = (sectors * sector - volume->data) / volume->cluster_size;
    volume->root_cluster = little(bpb + ROOT_CLUSTER, 4) & 0x0FFFFFFF;
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
    return set_places(volume, bpb) ? OK : FAULT;
}

status_t fat_next(struct fat_volume *volume, uint32_t cluster, uint32_t *next_out)
{
    uint32_t size = volume->bits == 32 ? 4 : 2;
    uint64_t offset = volume->bits == 12 ? cluster + cluster / 2 : (uint64_t)cluster * size;
    uint8_t bytes[4];

    status_t status = cache_read(&volume->cache, volume->table + offset, bytes, size);
    if (status != OK) {
        return status;
    }
    uint32_t next = little(bytes, size);
    uint32_t mask = volume->bits == 32 ? 0x0FFFFFFF : (1U << volume->bits) - 1;
    next = (volume->bits == 12 && cluster % 2 != 0 ? next >> 4 : next) & mask;
    if (next >= (mask & ~7U)) {      /* end marks: the specification, "FAT Data Structure" */
        *next_out = FAT_CHAIN_END;
        return OK;
    }
    *next_out = next;
    return fat_cluster_is_good(volume, next) ? OK : FAULT;
}
