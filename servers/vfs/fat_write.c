/*
 * Contents of FAT files. The order of writes: clusters are taken before a file has them, and let go after it had them; what an entry
 * says is written last. So a machine that goes down leaves clusters that nobody has, and no file with somebody else's.
 *
 * Of a write that failed nobody knows what is on the medium. Clusters to which it may have led are not freed, unless a later write
 * took that back.
 */
#include <ternion/string.h>

#include "fat_node.h"

#define SIZE_MAX_FAT 0xFFFFFFFFULL
#define LEAP 64U                 /* clusters: before more are taken at once, the free ones are counted */

static const uint8_t zeroes[SECTOR];

status_t fat_clear(struct fat_volume *volume, uint32_t cluster)
{
    uint64_t place = fat_cluster_position(volume, cluster);
    status_t status = OK;

    for (uint32_t done = 0; done < volume->cluster_size && status == OK; done += SECTOR) {
        status = cache_write_past(&volume->cache, place + done, zeroes, SECTOR);
    }
    return status;
}

/* Brings size, first cluster and time to the medium. */
static status_t write_entry(struct fat_node *node)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint8_t entry[FAT_ENTRY_SIZE];

    if (node->is_removed) {
        return OK;
    }
    status_t status = cache_read(&volume->cache, node->place, entry, sizeof entry);
    if (status != OK) {
        return status;
    }
    bool has_chain = node->node.kind == VFS_KIND_DIRECTORY || node->node.size != 0;
    fat_entry_set(entry, has_chain ? node->first : FAT_CHAIN_END, (uint32_t)node->node.size, node->node.changed_s);
    return cache_write(&volume->cache, node->place, entry, sizeof entry);
}

/* Puts a chain behind a node's last cluster; frees it if that fails. */
static status_t link(struct fat_volume *volume, uint32_t last, uint32_t chain)
{
    status_t status = fat_set(volume, last, chain);

    if (status != OK && fat_set(volume, last, FAT_LAST) == OK) {
        (void)fat_free_chain(volume, chain);
    }
    return status;
}

/* How many clusters a chain has, from where the node knows it on. */
static status_t chain_end(struct fat_node *node, uint32_t *count_out, uint32_t *last_out)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t index = node->known_cluster == FAT_CHAIN_END ? 0 : node->known_index;
    uint32_t cluster;

    status_t status = fat_cluster_at(node, index, &cluster);
    *last_out = FAT_CHAIN_END;
    while (status == OK && cluster != FAT_CHAIN_END) {
        if (index > volume->cluster_count) {
            return FAULT;        /* a loop */
        }
        *last_out = cluster;
        status = fat_cluster_at(node, ++index, &cluster);
    }
    *count_out = *last_out == FAT_CHAIN_END ? 0 : index;
    return status;
}

status_t fat_grow(struct fat_node *node)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t count, last, cluster;

    status_t status = chain_end(node, &count, &last);
    if (status == OK) {
        status = fat_allocate(volume, &cluster);
    }
    if (status != OK) {
        return status;
    }
    if (node->node.kind == VFS_KIND_DIRECTORY) {
        status = fat_clear(volume, cluster);
    }
    if (status != OK) {
        (void)fat_free_chain(volume, cluster);
        return status;
    }
    if (last == FAT_CHAIN_END) {
        node->first = cluster;
    } else if ((status = link(volume, last, cluster)) != OK) {
        return status;
    }
    node->known_index = count;
    node->known_cluster = cluster;
    return OK;
}

/* Cuts the chain behind so many clusters. */
static status_t cut_chain(struct fat_node *node, uint32_t kept)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t last = FAT_CHAIN_END, rest = node->first;
    status_t status = OK;

    if (kept != 0) {
        status = fat_cluster_at(node, kept - 1, &last);
        if (status != OK || last == FAT_CHAIN_END) {
            return status;
        }
        status = fat_next(volume, last, &rest);
        if (status == OK && rest != FAT_CHAIN_END) {
            status = fat_set(volume, last, FAT_LAST);
        }
    } else {
        node->first = FAT_CHAIN_END;
    }
    node->known_cluster = FAT_CHAIN_END;
    return status == OK && rest != FAT_CHAIN_END ? fat_free_chain(volume, rest) : status;
}

static uint32_t clusters_for(const struct fat_volume *volume, uint64_t size)
{
    return (uint32_t)((size + volume->cluster_size - 1) / volume->cluster_size);
}

/*
 * Puts a chain of new clusters behind the last of a node that has so many. The table says what is in the chain before the node has it.
 *   added_out   how many: fewer than wanted with NO_SPACE
 */
static status_t extend(struct fat_node *node, uint32_t count, uint32_t last, uint32_t wanted, uint32_t *added_out)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t first = FAT_CHAIN_END, end = FAT_CHAIN_END, cluster = FAT_CHAIN_END, added = 0;
    status_t status = OK;

    cache_hold(&volume->cache);
    for (; added < wanted && status == OK; added += status == OK) {
        status = fat_allocate(volume, &cluster);
        if (status == OK && end != FAT_CHAIN_END) {
            status = fat_set(volume, end, cluster);
        }
        first = first == FAT_CHAIN_END ? cluster : first;
        end = cluster;
    }
    status_t written = cache_let_go(&volume->cache);
    if (written != OK || (status != OK && status != NO_SPACE)) {
        (void)fat_free_chain(volume, first);
        return written != OK ? written : status;
    }
    if (added != 0 && last != FAT_CHAIN_END && (written = link(volume, last, first)) != OK) {
        return written;
    }
    if (added != 0) {
        node->first = last == FAT_CHAIN_END ? first : node->first;
        node->known_index = count;
        node->known_cluster = first;
    }
    *added_out = added;
    return status;
}

/*
 * Clusters for so many bytes, as far as there are some: how many bytes there are in them then. NO_SPACE: there are not enough for the least
 * that would be of use, and none was taken.
 */
static status_t reserve(struct fat_node *node, uint64_t size, uint64_t least, uint64_t *there_out)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t wanted = clusters_for(volume, size), needed = clusters_for(volume, least);
    uint32_t count, last, free_count;

    status_t status = chain_end(node, &count, &last);
    *there_out = 0;
    if (status == OK && needed > count + LEAP) {
        status = fat_count_free(volume, &free_count);
        if (status == OK && needed - count > free_count) {
            return NO_SPACE;
        }
    }
    if (status == OK && count < wanted) {
        uint32_t added = 0;

        status = extend(node, count, last, wanted - count, &added);
        count += added;
    }
    *there_out = (uint64_t)count * volume->cluster_size;
    return status;
}

/* Writes within the chain; bytes NULL: zeroes. */
static status_t put(struct fat_node *node, uint64_t position, const uint8_t *bytes, uint64_t size)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;

    while (size > 0) {
        uint32_t wanted = bytes == NULL || size > VFS_TRANSFER_MAX ? VFS_TRANSFER_MAX : (uint32_t)size;
        uint64_t place;
        uint32_t run;

        wanted = bytes == NULL ? SECTOR : wanted;
        wanted = wanted < size ? wanted : (uint32_t)size;
        status_t status = fat_run_at(node, position, wanted, &place, &run);
        if (status == OK) {
            status = cache_write_past(&volume->cache, place, bytes == NULL ? zeroes : bytes, run);
        }
        if (status != OK) {
            return status;
        }
        bytes = bytes == NULL ? NULL : bytes + run;
        position += run;
        size -= run;
    }
    return OK;
}

status_t fat_write(struct node *node, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out)
{
    struct fat_node *file = (struct fat_node *)node;
    struct fat_volume *volume = &fat_of(node)->volume;
    uint64_t there;

    if (position > SIZE_MAX_FAT || size > SIZE_MAX_FAT - position) {
        return TOO_BIG;
    }
    status_t status = reserve(file, position + size, position + 1, &there);
    if ((status != OK && status != NO_SPACE) || there <= position) {
        (void)cut_chain(file, clusters_for(volume, node->size));
        return status == OK ? NO_SPACE : status;
    }
    uint32_t count = there - position < size ? (uint32_t)(there - position) : size;
    status = position > node->size ? put(file, node->size, NULL, position - node->size) : OK;
    if (status == OK) {
        status = put(file, position, bytes, count);
    }
    if (status != OK) {
        return status;
    }
    node->size = position + count > node->size ? position + count : node->size;
    node->changed_s = time_now_s();
    *count_out = count;
    return write_entry(file);
}

status_t fat_resize(struct node *node, uint64_t size)
{
    struct fat_node *file = (struct fat_node *)node;
    struct fat_volume *volume = &fat_of(node)->volume;
    uint64_t before = node->size;
    uint64_t there;
    status_t status = OK;

    if (size > SIZE_MAX_FAT) {
        return TOO_BIG;
    }
    if (size > before) {
        status = reserve(file, size, size, &there);
        if (status == OK) {
            status = put(file, before, NULL, size - before);
        }
        if (status != OK) {
            (void)cut_chain(file, clusters_for(volume, before));
            return status;
        }
    }
    node->size = size;
    node->changed_s = time_now_s();
    status = write_entry(file);
    if (status != OK && size < before) {
        node->size = before;     /* and its clusters are still there */
        return status;
    }
    return size < before ? cut_chain(file, clusters_for(volume, size)) : status;
}

/* The root directory has no entry, and so no time. */
status_t fat_set_changed(struct node *node, int64_t changed_s)
{
    if (node == &fat_of(node)->root.node) {
        return NOT_ALLOWED;
    }
    node->changed_s = fat_time_bounded(changed_s);
    return write_entry((struct fat_node *)node);
}
