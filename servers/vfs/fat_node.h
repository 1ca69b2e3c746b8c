/* Nodes of FAT. fat.c reads, fat_write.c writes contents, fat_names.c directories. */
#pragma once

#include "fat_entry.h"
#include "fat_volume.h"
#include "file_system.h"

struct fat_node {
    struct node node;
    struct fat_node *next;       /* of those that are in use: one for each entry */
    uint32_t first;              /* cluster; FAT_CHAIN_END: it has none */
    uint32_t parent;             /* first cluster of its directory */
    uint32_t number;             /* of its entry there */
    uint32_t parts;              /* entries of its long name before it */
    uint64_t place;              /* where the entry lies, in bytes */
    bool is_removed;
    /* Where the last access was: most are the next one. */
    uint32_t known_index;
    uint32_t known_cluster;      /* FAT_CHAIN_END: nowhere */
};

struct fat {
    struct file_system file_system;
    struct fat_node root;
    struct fat_node *used;
    uint32_t removed_count;      /* files that lost their names so far */
    struct fat_volume volume;
};

static inline struct fat *fat_of(struct node *node)
{
    return (struct fat *)node->file_system;
}

/* What no other file of the file system has: by the place of its entry. Those that have none any more are numbered on. */
static inline uint64_t fat_number(const struct fat_node *node)
{
    return ((uint64_t)node->parent << 16 | ((node->number + 1) & 0xFFFF)) + 2;
}

#define FAT_NUMBER_REMOVED (1ULL << 63)

/* The cluster of a node with this index, or FAT_CHAIN_END behind the last. */
[[nodiscard]] status_t fat_cluster_at(struct fat_node *node, uint32_t index, uint32_t *cluster_out);

/* How many bytes at a position lie side by side, at most size, and where. FAULT: the chain is shorter than the file. */
[[nodiscard]] status_t fat_run_at(struct fat_node *node, uint64_t position, uint32_t size, uint64_t *place_out, uint32_t *run_out);

/* Where the entry with this number lies. NOT_FOUND: behind the end of the directory. */
[[nodiscard]] status_t fat_entry_place(struct fat_node *directory, uint32_t number, uint64_t *place_out);

/* fat_write.c, as in struct file_system_operations. */
[[nodiscard]] status_t fat_write(struct node *node, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out);
[[nodiscard]] status_t fat_resize(struct node *node, uint64_t size);
[[nodiscard]] status_t fat_set_changed(struct node *node, int64_t changed_s);

/* Puts a cluster at the end of a chain. NO_SPACE. */
[[nodiscard]] status_t fat_grow(struct fat_node *node);

/* Fills a cluster with zeroes. */
[[nodiscard]] status_t fat_clear(struct fat_volume *volume, uint32_t cluster);

/* fat_names.c */
[[nodiscard]] status_t fat_create(struct node *directory, const char *name, uint32_t size, uint32_t kind, struct node **node_out);
[[nodiscard]] status_t fat_remove(struct node *directory, const char *name, uint32_t size, struct node *node);
[[nodiscard]] status_t fat_rename(struct node *from, const char *name, uint32_t size, struct node *node, struct node *to,
                                  const char *new_name, uint32_t new_size, struct node *replaced);
