/* FAT: nodes are directory entries, contents are chains of clusters. */
#include "fat.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "fat_node.h"

#define DIRECTORY_BYTES_MAX (65536U * FAT_ENTRY_SIZE) /* the specification, "FAT Directory Structure" */

/* ---- Chains ---- */

/*
 * The cluster of a node with this index, or FAT_CHAIN_END behind the last. A chain that is a loop ends nowhere, but
 * its user does: no file has more bytes than there are clusters, no directory more than DIRECTORY_BYTES_MAX.
 */
status_t fat_cluster_at(struct fat_node *node, uint32_t index, uint32_t *cluster_out)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    bool is_known = node->known_cluster != FAT_CHAIN_END && node->known_index <= index;
    uint32_t at = is_known ? node->known_index : 0;
    uint32_t cluster = is_known ? node->known_cluster : node->first;
    status_t status = OK;

    while (at < index && cluster != FAT_CHAIN_END && status == OK) {
        status = fat_next(volume, cluster, &cluster);
        at++;
    }
    if (status == OK && cluster != FAT_CHAIN_END) {
        node->known_index = at;
        node->known_cluster = cluster;
    }
    *cluster_out = cluster;
    return status;
}

/* How many bytes at a position lie side by side on the medium, at most size, and where. FAULT: the chain is shorter than the file. */
status_t fat_run_at(struct fat_node *node, uint64_t position, uint32_t size, uint64_t *place_out, uint32_t *run_out)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t in_cluster = (uint32_t)(position % volume->cluster_size);
    uint32_t index = (uint32_t)(position / volume->cluster_size);
    uint32_t cluster, next;

    status_t status = fat_cluster_at(node, index, &cluster);
    if (status != OK || cluster == FAT_CHAIN_END) {
        return status != OK ? status : FAULT;
    }
    *place_out = fat_cluster_position(volume, cluster) + in_cluster;
    uint32_t run = volume->cluster_size - in_cluster;
    while (run < size) {
        status = fat_cluster_at(node, ++index, &next);
        if (status != OK || next != cluster + 1) {
            break;               /* an error is the next call's */
        }
        cluster = next;
        run += volume->cluster_size;
    }
    *run_out = run < size ? run : size;
    return OK;
}

static status_t read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    uint8_t *to = buffer;

    while (size > 0) {
        uint64_t place;
        uint32_t run;
        status_t status = fat_run_at((struct fat_node *)node, position, size, &place, &run);

        if (status == OK) {
            status = cache_read_past(&fat_of(node)->volume.cache, place, to, run);
        }
        if (status != OK) {
            return status;
        }
        to += run;
        position += run;
        size -= run;
    }
    return OK;
}

/* ---- Directories ---- */

status_t fat_entry_place(struct fat_node *directory, uint32_t number, uint64_t *place_out)
{
    struct fat_volume *volume = &fat_of(&directory->node)->volume;
    uint32_t offset = number * FAT_ENTRY_SIZE;
    uint32_t cluster;

    if (number >= DIRECTORY_BYTES_MAX / FAT_ENTRY_SIZE) {
        return NOT_FOUND;
    }
    if (directory->first == FAT_CHAIN_END) {
        *place_out = volume->root + offset;
        return offset < volume->root_size ? OK : NOT_FOUND;
    }
    status_t status = fat_cluster_at(directory, offset / volume->cluster_size, &cluster);
    if (status != OK || cluster == FAT_CHAIN_END) {
        return status != OK ? status : NOT_FOUND;
    }
    *place_out = fat_cluster_position(volume, cluster) + offset % volume->cluster_size;
    return OK;
}

static status_t entry_at(struct fat_node *directory, uint32_t number, uint8_t entry[FAT_ENTRY_SIZE])
{
    uint64_t place;
    status_t status = fat_entry_place(directory, number, &place);

    return status == OK ? cache_read(&fat_of(&directory->node)->volume.cache, place, entry, FAT_ENTRY_SIZE) : status;
}

/* The next entry that is a file or directory; number goes on behind it. NOT_FOUND: there are no more. */
static status_t next_entry(struct fat_node *directory, uint32_t *number, uint8_t entry[FAT_ENTRY_SIZE], struct fat_name *name,
                           uint32_t *kind_out)
{
    for (;;) {
        status_t status = entry_at(directory, *number, entry);

        if (status != OK) {
            return status;
        }
        enum fat_entry_kind kind = fat_entry_take(entry, name);
        if (kind == FAT_ENTRY_LAST) {
            return NOT_FOUND;
        }
        ++*number;
        if (kind != FAT_ENTRY_NOTHING) {
            *kind_out = kind == FAT_ENTRY_DIRECTORY ? VFS_KIND_DIRECTORY : VFS_KIND_FILE;
            return OK;
        }
    }
}

/* What an entry says, if it can be. FAULT: it cannot. */
static status_t node_fill(struct fat_node *node, struct fat *fat, const uint8_t *entry, uint32_t kind)
{
    struct fat_volume *volume = &fat->volume;
    uint64_t bytes = (uint64_t)volume->cluster_count * volume->cluster_size;

    node->node = (struct node){ .file_system = &fat->file_system, .references = 1, .kind = kind, .changed_s = fat_entry_time(entry) };
    node->first = fat_entry_cluster(entry);
    if (volume->bits != 32) {
        node->first &= 0xFFFF;
    }
    node->node.size = kind == VFS_KIND_FILE ? fat_entry_size(entry) : 0;
    bool has_chain = kind == VFS_KIND_DIRECTORY || node->node.size != 0;
    node->first = has_chain ? node->first : FAT_CHAIN_END;   /* the specification: an empty file has none */
    return node->node.size <= bytes && (!has_chain || fat_cluster_is_good(volume, node->first)) ? OK : FAULT;
}

/* The node of an entry that somebody uses already: two would not agree about a file's size. */
static struct fat_node *find_used(const struct fat *fat, uint32_t parent, uint32_t number)
{
    struct fat_node *node = fat->used;

    while (node != NULL && (node->parent != parent || node->number != number || node->is_removed)) {
        node = node->next;
    }
    return node;
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct fat_node *parent = (struct fat_node *)directory;
    struct fat_name found = { 0 };
    uint8_t entry[FAT_ENTRY_SIZE];
    uint32_t number = 0;
    uint32_t kind = 0;
    status_t status;

    do {
        status = next_entry(parent, &number, entry, &found, &kind);
    } while (status == OK && !fat_name_is(&found, name, size));
    if (status != OK) {
        return status;
    }
    struct fat_node *node = find_used(fat_of(directory), parent->first, number - 1);
    if (node != NULL) {
        *node_out = node_hold(&node->node);
        return OK;
    }
    node = calloc(1, sizeof *node);
    if (node == NULL) {
        return NO_MEMORY;
    }
    status = node_fill(node, fat_of(directory), entry, kind);
    if (status == OK) {
        status = fat_entry_place(parent, number - 1, &node->place);
    }
    if (status != OK) {
        free(node);
        return status;
    }
    node->parent = parent->first;
    node->number = number - 1;
    node->node.number = fat_number(node);
    node->parts = found.part_count;
    node->next = fat_of(directory)->used;
    fat_of(directory)->used = node;
    *node_out = &node->node;
    return OK;
}

/* Since the cursor was given, a name may have been put where it stands now in the middle: that name is passed over. */
static status_t leave_middle(struct fat_node *directory, uint32_t *cursor)
{
    uint8_t entry[FAT_ENTRY_SIZE];
    uint8_t checksum = 0;
    bool is_inside = false;
    status_t status;

    while ((status = entry_at(directory, *cursor, entry)) == OK && fat_entry_is_inside(entry)) {
        is_inside = true;
        checksum = fat_entry_part_checksum(entry);
        ++*cursor;
    }
    if (status == OK && is_inside && !fat_entry_is_part(entry) && fat_entry_checksum(entry) == checksum) {
        ++*cursor;
    }
    return status == NOT_FOUND ? OK : status;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    struct fat_node *parent = (struct fat_node *)directory;
    struct fat_name name = { 0 };
    uint8_t entry[FAT_ENTRY_SIZE];
    uint32_t kind = 0;

    status_t status = leave_middle(parent, cursor);
    if (status == OK) {
        status = next_entry(parent, cursor, entry, &name, &kind);
    }
    if (status == OK) {
        entry_out->number = (uint32_t)fat_number(&(struct fat_node){ .parent = parent->first, .number = *cursor - 1 });
        entry_out->kind = (uint8_t)kind;
        entry_out->name_size = (uint8_t)name.size;
        memcpy(entry_out->name, name.text, name.size);
    }
    return status;
}

static void released(struct node *node)
{
    struct fat_node *gone = (struct fat_node *)node;
    struct fat_node **link = &fat_of(node)->used;

    if (node == node->file_system->root) {
        return;
    }
    while (*link != gone) {
        link = &(*link)->next;
    }
    *link = gone->next;
    if (gone->is_removed) {
        (void)fat_free_chain(&fat_of(node)->volume, gone->first);    /* what cannot be freed is lost to the medium */
    }
    free(gone);
}

/* Is a node's entry what the node says? A name of another file, or of none, is not; and nothing vouches for a file without a name. */
static bool is_in_place(struct fat_node *node)
{
    struct fat *fat = fat_of(&node->node);
    struct fat_node found;
    struct fat_name name = { 0 };
    uint8_t entry[FAT_ENTRY_SIZE];

    if (node->is_removed || cache_read(&fat->volume.cache, node->place, entry, sizeof entry) != OK) {
        return false;
    }
    enum fat_entry_kind kind = fat_entry_take(entry, &name);
    uint32_t node_kind = kind == FAT_ENTRY_DIRECTORY ? VFS_KIND_DIRECTORY : VFS_KIND_FILE;
    return (kind == FAT_ENTRY_DIRECTORY || kind == FAT_ENTRY_FILE) && node_kind == node->node.kind
        && node_fill(&found, fat, entry, node_kind) == OK && found.node.size == node->node.size
        && ((node_kind == VFS_KIND_FILE && node->node.size == 0) || found.first == node->first);
}

/* The same serial number may be a copy's, which went its own way: so each entry that is used is looked at. */
static status_t handed_over(struct file_system *file_system)
{
    struct fat *fat = (struct fat *)file_system;
    status_t status = fat_volume_handed_over(&fat->volume);

    fat->root.known_cluster = FAT_CHAIN_END;
    for (struct fat_node *node = fat->used; node != NULL && status == OK; node = node->next) {
        node->known_cluster = FAT_CHAIN_END;
        status = is_in_place(node) ? OK : ABSENT;
        node->first = node->node.kind == VFS_KIND_FILE && node->node.size == 0 ? FAT_CHAIN_END : node->first;
    }
    return status;
}

static status_t synchronise(struct file_system *file_system)
{
    struct blocks *blocks = ((struct fat *)file_system)->volume.cache.blocks;

    return blocks->is_read_only ? OK : blocks->flush(blocks);
}

static void space(struct file_system *file_system, uint64_t *size_out, uint64_t *free_out)
{
    struct fat_volume *volume = &((struct fat *)file_system)->volume;
    uint32_t count = 0;

    if (fat_count_free(volume, &count) == OK) {
        *size_out = (uint64_t)volume->cluster_count * volume->cluster_size;
        *free_out = (uint64_t)count * volume->cluster_size;
    }
}

/* ---- Mounting ---- */

static void end(struct file_system *file_system)
{
    free(file_system);
}

static const struct file_system_operations operations = {
    .type = "fat",
    .look_up = look_up,
    .read = read,
    .list = list,
    .create = fat_create,
    .remove = fat_remove,
    .rename = fat_rename,
    .write = fat_write,
    .resize = fat_resize,
    .set_changed = fat_set_changed,
    .synchronise = synchronise,
    .space = space,
    .handed_over = handed_over,
    .released = released,
    .end = end,
};

status_t fat_make(struct blocks *blocks, struct file_system **file_system_out)
{
    struct fat *fat = calloc(1, sizeof *fat);

    if (fat == NULL) {
        return NO_MEMORY;
    }
    status_t status = fat_volume_open(&fat->volume, blocks);
    if (status != OK) {
        free(fat);
        return status;
    }
    fat->file_system = (struct file_system){ .operations = &operations, .root = &fat->root.node, .is_read_only = blocks->is_read_only,
                                             .block_size = fat->volume.cluster_size };
    fat->root.node = (struct node){ .file_system = &fat->file_system, .references = 1, .kind = VFS_KIND_DIRECTORY, .number = 1 };
    fat->root.first = fat->volume.bits == 32 ? fat->volume.root_cluster : FAT_CHAIN_END;
    *file_system_out = &fat->file_system;
    return OK;
}
