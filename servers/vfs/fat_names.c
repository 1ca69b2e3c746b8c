/*
 * Names of FAT: entries that come and go. A long name is written before the entry that it is for, and goes behind it: without it
 * its parts mean nothing.
 */
#include <ternion/memory.h>
#include <ternion/string.h>

#include "fat_alias.h"
#include "fat_node.h"

#define ENTRIES_MAX 65536U
#define ALIASES_MAX 64U

static status_t entry_write(struct fat_node *directory, uint32_t number, const uint8_t *bytes, uint32_t size)
{
    uint64_t place;
    status_t status = fat_entry_place(directory, number, &place);

    return status == OK ? cache_write(&fat_of(&directory->node)->volume.cache, place, bytes, size) : status;
}

static status_t first_byte(struct fat_node *directory, uint32_t number, uint8_t *byte_out)
{
    uint64_t place;
    status_t status = fat_entry_place(directory, number, &place);

    return status == OK ? cache_read(&fat_of(&directory->node)->volume.cache, place, byte_out, 1) : status;
}

/* Makes the directory longer, if it can be. */
static status_t longer(struct fat_node *directory)
{
    return directory->first == FAT_CHAIN_END ? NO_SPACE : fat_grow(directory);
}

/* Finds so many free entries in a row: the first. Those behind the last one's mark become free, and the mark moves. */
static status_t find_room(struct fat_node *directory, uint32_t count, uint32_t *first_out)
{
    uint32_t run = 0;
    bool is_behind = false;

    for (uint32_t number = 0; number < ENTRIES_MAX; number++) {
        uint8_t byte = 0;
        status_t status = first_byte(directory, number, &byte);

        if (status == NOT_FOUND) {
            status = longer(directory);
            byte = 0;
        }
        if (status != OK) {
            return status;
        }
        is_behind |= byte == 0;
        run = is_behind || byte == 0xE5 ? run + 1 : 0;
        if (run < count) {
            continue;
        }
        *first_out = number + 1 - count;
        byte = 0;
        status = is_behind ? entry_write(directory, number + 1, &byte, 1) : OK;
        return status == NOT_FOUND ? OK : status;
    }
    return NO_SPACE;
}

static bool is_free_alias(struct fat_node *directory, const uint8_t alias[11])
{
    uint8_t entry[FAT_ENTRY_SIZE];
    uint64_t place;

    for (uint32_t number = 0; fat_entry_place(directory, number, &place) == OK; number++) {
        if (cache_read(&fat_of(&directory->node)->volume.cache, place, entry, sizeof entry) != OK || entry[0] == 0) {
            break;
        }
        if (memcmp(entry, alias, 11) == 0 && !fat_entry_is_part(entry) && !fat_entry_is_label(entry)) {
            return false;
        }
    }
    return true;
}

/* Its entry is another's, or nobody's. */
static void lose_name(struct fat_node *gone)
{
    gone->is_removed = true;
    gone->node.number = FAT_NUMBER_REMOVED + ++fat_of(&gone->node)->removed_count;
}

/* Where an entry is free, nobody has it: not even who believes so, because the write that freed it had failed. */
static void forget_number(struct fat_node *directory, uint32_t number)
{
    for (struct fat_node *node = fat_of(&directory->node)->used; node != NULL; node = node->next) {
        if (node->parent == directory->first && node->number == number && !node->is_removed) {
            lose_name(node);
        }
    }
}

static const uint8_t free_mark = 0xE5;

/*
 * Writes the parts of a name, and the entry with its short name.
 *   node   its place is where the entry lies. If this fails, 0: no entry leads to it
 */
static status_t put_parts(struct fat_node *directory, struct fat_long_name *long_name, uint8_t entry[FAT_ENTRY_SIZE], struct fat_node *node)
{
    struct cache *cache = &fat_of(&directory->node)->volume.cache;
    uint32_t first = 0, attempt = 0;
    uint64_t place = 0;
    status_t status = OK;

    while (status == OK && (fat_alias_make(long_name, attempt, entry), !is_free_alias(directory, entry))) {
        status = ++attempt == ALIASES_MAX ? NO_SPACE : OK;
    }
    if (status == OK) {
        status = find_room(directory, long_name->parts + 1, &first);
    }
    for (uint32_t i = 0; i < long_name->parts && status == OK; i++) {
        uint8_t part[FAT_ENTRY_SIZE];

        fat_alias_part(long_name, long_name->parts - 1 - i, entry, part);
        status = entry_write(directory, first + i, part, sizeof part);
    }
    if (status == OK) {
        status = fat_entry_place(directory, first + long_name->parts, &place);
    }
    node->place = 0;
    if (status != OK) {
        return status;
    }
    forget_number(directory, first + long_name->parts);
    status = cache_write(cache, place, entry, FAT_ENTRY_SIZE);
    bool is_there = status == OK || cache_write(cache, place, &free_mark, 1) != OK;      /* it may be, then */
    node->place = is_there ? place : 0;
    node->number = first + long_name->parts;
    return status;
}

/* Writes name and entry; the node is there then. `entry` lacks its name. If this fails, only its place may be another: as of put_parts. */
static status_t put_name(struct fat_node *directory, const char *name, uint32_t size, uint8_t entry[FAT_ENTRY_SIZE], struct fat_node *node)
{
    struct fat_long_name *long_name = malloc(sizeof *long_name);
    uint32_t number = node->number;

    node->place = 0;
    if (long_name == NULL) {
        return NO_MEMORY;
    }
    status_t status = fat_alias_parse(name, size, long_name);
    if (status == OK) {
        status = put_parts(directory, long_name, entry, node);
    }
    if (status == OK) {
        node->parts = long_name->parts;
        node->parent = directory->first;
    } else {
        node->number = number;
    }
    free(long_name);
    return status;
}

/*
 * Takes the entry away, and then the parts of its long name. One part that is left means nothing.
 *   is_gone_out   whether the entry is; if it may be, the medium says so by the next look
 */
static status_t take_name(struct fat_node *directory, uint32_t number, uint32_t parts, bool *is_gone_out)
{
    status_t status = OK;

    for (uint32_t i = 0; i <= parts && status == OK; i++) {
        status = entry_write(directory, number - i, &free_mark, 1);
        *is_gone_out = i != 0 || status == OK;
    }
    return status;
}

/* "." and ".." of a new directory. */
static status_t begin_directory(struct fat_node *node, struct fat_node *parent)
{
    struct fat_volume *volume = &fat_of(&node->node)->volume;
    uint32_t above = parent == &fat_of(&node->node)->root ? FAT_CHAIN_END : parent->first;
    uint8_t entries[2 * FAT_ENTRY_SIZE];

    status_t status = fat_grow(node);
    if (status != OK) {
        return status;
    }
    fat_entry_fill(entries, ".          ", true);
    fat_entry_set(entries, node->first, 0, node->node.changed_s);
    fat_entry_fill(entries + FAT_ENTRY_SIZE, "..         ", true);
    fat_entry_set(entries + FAT_ENTRY_SIZE, above, 0, node->node.changed_s);
    return cache_write(&volume->cache, fat_cluster_position(volume, node->first), entries, sizeof entries);
}

status_t fat_create(struct node *directory, const char *name, uint32_t size, uint32_t kind, struct node **node_out)
{
    struct fat_node *parent = (struct fat_node *)directory;
    struct fat *fat = fat_of(directory);
    struct fat_node *node = parent->is_removed ? NULL : calloc(1, sizeof *node);
    uint8_t entry[FAT_ENTRY_SIZE];

    if (node == NULL) {
        return parent->is_removed ? NOT_FOUND : NO_MEMORY;
    }
    node->node = (struct node){ .file_system = &fat->file_system, .references = 1, .kind = kind, .changed_s = time_now_s() };
    status_t status = kind == VFS_KIND_DIRECTORY ? begin_directory(node, parent) : OK;
    if (status == OK) {
        fat_entry_fill(entry, "           ", kind == VFS_KIND_DIRECTORY);
        fat_entry_set(entry, node->first, 0, node->node.changed_s);
        status = put_name(parent, name, size, entry, node);
    }
    if (status != OK) {
        if (node->place == 0) {
            (void)fat_free_chain(&fat->volume, node->first);
        }
        free(node);
        return status;
    }
    node->node.number = fat_number(node);
    node->next = fat->used;
    fat->used = node;
    *node_out = &node->node;
    return OK;
}

/* NOT_EMPTY: it has entries. */
static status_t check_empty(struct fat_node *directory)
{
    struct directory_entry entry;
    uint32_t cursor = 0;
    status_t status = directory->node.file_system->operations->list(&directory->node, &cursor, &entry);

    return status == OK ? NOT_EMPTY : status == NOT_FOUND ? OK : status;
}

/* If the entry may be there still, the node keeps its name: whoever removes a file frees its clusters. */
status_t fat_remove(struct node *directory, const char *name, uint32_t size, struct node *node)
{
    struct fat_node *gone = (struct fat_node *)node;
    bool is_gone = false;
    (void)name;
    (void)size;

    status_t status = node->kind == VFS_KIND_DIRECTORY ? check_empty(gone) : OK;
    if (status == OK) {
        status = take_name((struct fat_node *)directory, gone->number, gone->parts, &is_gone);
    }
    if (is_gone) {
        lose_name(gone);
    }
    return status;
}

/* Is a directory the node, or below it? Goes up by "..": as deep as no path is, it is taken for a loop. */
static status_t check_not_below(struct fat_node *directory, const struct fat_node *node)
{
    struct fat *fat = fat_of(&directory->node);
    uint32_t cluster = directory->first;

    for (uint32_t depth = 0; depth < VFS_PATH_MAX; depth++) {
        uint8_t entry[FAT_ENTRY_SIZE];

        if (directory == &fat->root || !fat_cluster_is_good(&fat->volume, cluster) || cluster == fat->root.first) {
            return OK;
        }
        if (cluster == node->first) {
            return BAD_ARGUMENT;
        }
        status_t status = cache_read(&fat->volume.cache, fat_cluster_position(&fat->volume, cluster) + FAT_ENTRY_SIZE, entry, sizeof entry);
        if (status != OK) {
            return status;
        }
        cluster = fat_entry_cluster(entry);
    }
    return FAULT;
}

/*
 * The entry becomes the moved file's, in one step: a machine that goes down leaves the one or the other under this name. Where it is
 * the same file, a rename was cut off before: its clusters stay.
 */
static status_t take_entry(struct fat_node *moved, struct fat_node *replaced)
{
    struct cache *cache = &fat_of(&moved->node)->volume.cache;
    uint8_t entry[FAT_ENTRY_SIZE], own[FAT_ENTRY_SIZE], before[FAT_ENTRY_SIZE];

    bool is_same = replaced->first == moved->first && moved->first != FAT_CHAIN_END;

    status_t status = replaced->node.kind == VFS_KIND_DIRECTORY && !is_same ? check_empty(replaced) : OK;
    if (status == OK) {
        status = cache_read(cache, replaced->place, entry, sizeof entry);
    }
    if (status == OK) {
        status = cache_read(cache, moved->place, own, sizeof own);
    }
    if (status != OK) {
        return status;
    }
    memcpy(before, entry, sizeof entry);
    fat_entry_replace(entry, own);
    status = cache_write(cache, replaced->place, entry, sizeof entry);
    if (status != OK) {
        (void)cache_write(cache, replaced->place, before, sizeof before);
    } else {
        moved->number = replaced->number;
        moved->parts = replaced->parts;
        moved->parent = replaced->parent;
        moved->place = replaced->place;
        replaced->first = is_same ? FAT_CHAIN_END : replaced->first;
        lose_name(replaced);
    }
    return status;
}

static status_t take_new_name(struct fat_node *moved, struct fat_node *parent, const char *name, uint32_t size)
{
    uint8_t entry[FAT_ENTRY_SIZE];
    uint64_t place = moved->place;
    status_t status = cache_read(&fat_of(&moved->node)->volume.cache, place, entry, sizeof entry);

    if (status == OK) {
        status = put_name(parent, name, size, entry, moved);
        moved->place = status == OK ? moved->place : place;
    }
    return status;
}

/* A directory that was moved says where. */
static status_t set_above(struct fat_node *moved, struct fat_node *parent)
{
    struct fat_volume *volume = &fat_of(&moved->node)->volume;
    uint32_t above = parent == &fat_of(&moved->node)->root ? FAT_CHAIN_END : parent->first;
    uint8_t up[FAT_ENTRY_SIZE];

    fat_entry_fill(up, "..         ", true);
    fat_entry_set(up, above, 0, moved->node.changed_s);
    return cache_write(&volume->cache, fat_cluster_position(volume, moved->first) + FAT_ENTRY_SIZE, up, sizeof up);
}

/*
 * The file has its new name already, and must not keep the other too: what fails is done once more. What fails then as well leaves it under
 * both, and the same rename ends that.
 */
static status_t lose_old_name(struct fat_node *from, uint32_t number, uint32_t parts)
{
    bool is_gone = false;
    status_t status = take_name(from, number, parts, &is_gone);

    return status == OK || is_gone ? status : take_name(from, number, parts, &is_gone);
}

status_t fat_rename(struct node *from, const char *name, uint32_t size, struct node *node, struct node *to, const char *new_name,
                    uint32_t new_size, struct node *replaced)
{
    struct fat_node *moved = (struct fat_node *)node, *parent = (struct fat_node *)to;
    bool is_directory = node->kind == VFS_KIND_DIRECTORY;
    uint32_t number = moved->number, parts = moved->parts;
    (void)name;
    (void)size;

    status_t status = parent->is_removed ? NOT_FOUND : is_directory ? check_not_below(parent, moved) : OK;
    if (status != OK) {
        return status;
    }
    if (replaced != NULL && replaced != node) {
        status = take_entry(moved, (struct fat_node *)replaced);
    } else {
        status = take_new_name(moved, parent, new_name, new_size);
    }
    if (status != OK) {
        return status;
    }
    node->number = fat_number(moved);
    if (is_directory && from != to) {
        status = set_above(moved, parent);
        status = status == OK ? OK : set_above(moved, parent);
    }
    status_t lost = lose_old_name((struct fat_node *)from, number, parts);
    return status == OK ? lost : status;
}
