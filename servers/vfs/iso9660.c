/*
 * ISO 9660. Directories are read as they lie on the disk; a node is a directory record. Names come from Rock Ridge where the disk
 * has it, else from Joliet's tree, else are the short ones, without version and in small letters.
 */
#include "iso9660.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "iso9660_directory.h"

#define DESCRIPTOR_FIRST 16U         /* ECMA-119, 6.3: the system area is blocks 0 to 15 */
#define DESCRIPTORS_MAX 32U
#define ROOT_RECORD 156U             /* ECMA-119, 8.4: in a volume descriptor */

struct iso_node {
    struct node node;
    uint32_t block;                  /* of a file: of its first byte */
    struct iso_directory directory;  /* of a directory */
};

struct iso {
    struct file_system file_system;
    struct iso_node root;
    struct iso_volume volume;
    uint8_t descriptor[ISO_BLOCK];   /* the first one: names, sizes, when it was made */
};

static struct iso *iso_of(struct node *node)
{
    return (struct iso *)node->file_system;
}

/* ---- Nodes ---- */

static status_t node_make(struct iso *iso, const struct iso_entry *entry, struct node **node_out)
{
    struct iso_directory directory = { 0 };
    struct iso_node *node;

    status_t status = entry->is_directory ? iso_entry_directory(&iso->volume, entry, &directory) : OK;
    if (status != OK) {
        return status;
    }
    node = malloc(sizeof *node);
    if (node == NULL) {
        return NO_MEMORY;
    }
    node->node = (struct node){
        .file_system = &iso->file_system,
        .references = 1,
        .kind = entry->is_directory ? VFS_KIND_DIRECTORY : VFS_KIND_FILE,
        .size = entry->is_directory ? 0 : entry->size,
        .number = entry->number,
        .changed_s = entry->changed_s,
    };
    node->block = entry->block;
    node->directory = directory;
    *node_out = &node->node;
    return OK;
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct iso_node *parent = (struct iso_node *)directory;
    struct iso_entry entry;
    uint32_t offset = 0;
    status_t status;

    do {
        status = iso_entry_next(&iso_of(directory)->volume, parent->directory, &offset, &entry);
    } while (status == OK && (entry.susp.name.size != size || memcmp(entry.susp.name.text, name, size) != 0));
    return status == OK ? node_make(iso_of(directory), &entry, node_out) : status;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    struct iso_entry entry;

    status_t status = iso_entry_next(&iso_of(directory)->volume, ((struct iso_node *)directory)->directory, cursor, &entry);
    if (status == OK) {
        entry_out->number = (uint32_t)entry.number;
        entry_out->kind = entry.is_directory ? VFS_KIND_DIRECTORY : VFS_KIND_FILE;
        entry_out->name_size = (uint8_t)entry.susp.name.size;
        memcpy(entry_out->name, entry.susp.name.text, entry.susp.name.size);
    }
    return status;
}

static void released(struct node *node)
{
    if (node != node->file_system->root) {
        free(node);
    }
}

static status_t read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    const struct iso_node *file = (const struct iso_node *)node;

    return cache_read_past(&iso_of(node)->volume.cache, (uint64_t)file->block * ISO_BLOCK + position, buffer, size);
}

/* ---- Mounting ---- */

static void end(struct file_system *file_system)
{
    free(file_system);
}

#define DESCRIPTOR_PLACE ((uint64_t)DESCRIPTOR_FIRST * ISO_BLOCK)

/* What is read cannot be written to: the descriptor says it all. */
static status_t handed_over(struct file_system *file_system)
{
    struct iso *iso = (struct iso *)file_system;
    struct cache *cache = &iso->volume.cache;
    status_t status = OK;

    cache_begin(cache, cache->blocks);
    for (uint32_t offset = 0; offset < ISO_BLOCK && status == OK; offset += SECTOR) {
        const uint8_t *bytes;

        status = cache_get(cache, (DESCRIPTOR_PLACE + offset) / SECTOR, &bytes);
        if (status == OK && memcmp(bytes, iso->descriptor + offset, SECTOR) != 0) {
            status = ABSENT;
        }
    }
    return status;
}

static const struct file_system_operations operations = {
    .type = "iso9660",
    .look_up = look_up,
    .read = read,
    .list = list,
    .handed_over = handed_over,
    .released = released,
    .end = end,
};

/* Joliet: a supplementary descriptor whose escape sequence is that of UCS-2 (Joliet specification, "SVD Escape Sequences Field"). */
static bool is_joliet(const uint8_t *descriptor)
{
    const uint8_t *escape = descriptor + 88;

    return descriptor[0] == 2 && escape[0] == '%' && escape[1] == '/' && (escape[2] == '@' || escape[2] == 'C' || escape[2] == 'E');
}

/* Has the root's first record, which is the root itself, a Rock Ridge disk's "SP" (SUSP, 5.3)? */
static bool has_susp(struct iso_volume *volume, struct iso_directory root)
{
    uint8_t record[ISO_RECORD_MAX];
    uint32_t offset = 0;

    return iso_record_next(volume, root, &offset, record) == OK && iso_susp_begins(record, &volume->susp_skip);
}

static struct iso_directory directory_of(const uint8_t *record)
{
    return (struct iso_directory){ iso_record_extent(record), iso_record_size(record) };
}

/* Goes through the volume descriptors: the root directory's record, of the tree that is shown. */
static status_t find_root(struct iso_volume *volume, uint8_t root[ISO_RECORD_MIN])
{
    uint8_t primary[ISO_RECORD_MIN], joliet[ISO_RECORD_MIN], descriptor[ROOT_RECORD + ISO_RECORD_MIN];
    bool has_primary = false, has_joliet = false;

    for (uint32_t number = DESCRIPTOR_FIRST; number < DESCRIPTOR_FIRST + DESCRIPTORS_MAX; number++) {
        status_t status = cache_read(&volume->cache, (uint64_t)number * ISO_BLOCK, descriptor, sizeof descriptor);

        if (status != OK || memcmp(descriptor + 1, "CD001", 5) != 0) {
            return status == OK ? FAULT : status;
        }
        if (descriptor[0] == 255) {
            break;
        }
        if (descriptor[0] == 1 && !has_primary) {
            has_primary = descriptor[128] == (uint8_t)ISO_BLOCK && descriptor[129] == ISO_BLOCK >> 8;
            memcpy(primary, descriptor + ROOT_RECORD, sizeof primary);
        } else if (is_joliet(descriptor) && !has_joliet) {
            has_joliet = true;
            memcpy(joliet, descriptor + ROOT_RECORD, sizeof joliet);
        }
    }
    if (!has_primary || !iso_record_is_directory(primary)) {
        return FAULT;
    }
    volume->has_susp = has_susp(volume, directory_of(primary));
    volume->is_joliet = has_joliet && iso_record_is_directory(joliet) && !volume->has_susp;
    memcpy(root, volume->is_joliet ? joliet : primary, ISO_RECORD_MIN);
    return OK;
}

status_t iso9660_make(struct blocks *blocks, struct file_system **file_system_out)
{
    struct iso *iso = calloc(1, sizeof *iso);
    uint8_t root[ISO_RECORD_MIN];

    if (iso == NULL) {
        return NO_MEMORY;
    }
    cache_begin(&iso->volume.cache, blocks);
    iso->file_system = (struct file_system){ .operations = &operations, .root = &iso->root.node, .is_read_only = true,
                                             .block_size = ISO_BLOCK };
    status_t status = find_root(&iso->volume, root);
    if (status == OK) {
        status = cache_read(&iso->volume.cache, DESCRIPTOR_PLACE, iso->descriptor, sizeof iso->descriptor);
    }
    if (status != OK) {
        free(iso);
        return status;
    }
    iso->root.node = (struct node){ .file_system = &iso->file_system, .references = 1, .kind = VFS_KIND_DIRECTORY, .number = 1,
                                    .changed_s = iso_record_time(root) };
    iso->root.directory = directory_of(root);
    *file_system_out = &iso->file_system;
    return OK;
}
