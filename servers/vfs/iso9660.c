/*
 * ISO 9660. Directories are read as they lie on the disk; a node is a directory record. Names come from Rock Ridge where the disk
 * has it, else from Joliet's tree, else are the short ones, without version and in small letters.
 */
#include "iso9660.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "iso9660_record.h"
#include "time.h"

#define BLOCK 2048U
#define DESCRIPTOR_FIRST 16U         /* ECMA-119, 6.3: the system area is blocks 0 to 15 */
#define DESCRIPTORS_MAX 32U
#define ROOT_RECORD 156U             /* ECMA-119, 8.4: in a volume descriptor */
#define DIRECTORY_BYTES_MAX (16U << 20)

struct iso_node {
    struct node node;
    uint32_t extent;             /* first block */
};

struct iso {
    struct file_system file_system;
    struct iso_node root;
    bool is_joliet;
    struct cache cache;
};

static struct iso *iso_of(struct node *node)
{
    return (struct iso *)node->file_system;
}

/* ---- Directories ---- */

/*
 * The record at an offset of a directory, which goes on to the next one. A record does not cross blocks; zeroes fill a block's end
 * (ECMA-119, 6.8.1.1). NOT_FOUND: there are no more.
 */
static status_t next_record(struct iso *iso, const struct iso_node *directory, uint32_t *offset, uint8_t record[ISO_RECORD_MAX])
{
    uint64_t base = (uint64_t)directory->extent * BLOCK;

    while (*offset < directory->node.size) {
        uint32_t in_block = *offset % BLOCK;
        uint8_t size;
        status_t status = cache_read(&iso->cache, base + *offset, &size, 1);

        if (status != OK) {
            return status;
        }
        if (size == 0) {
            *offset += BLOCK - in_block;
            continue;
        }
        if (size < ISO_RECORD_MIN || in_block + size > BLOCK) {
            return FAULT;
        }
        status = cache_read(&iso->cache, base + *offset, record, size);
        *offset += size;
        return status;
    }
    return NOT_FOUND;
}

/* The next one that has a name, and the name. */
static status_t next_entry(struct iso *iso, const struct iso_node *directory, uint32_t *offset, uint8_t record[ISO_RECORD_MAX],
                           struct iso_name *name)
{
    status_t status;

    do {
        status = next_record(iso, directory, offset, record);
    } while (status == OK && !iso_record_name(record, iso->is_joliet, name));
    return status;
}

static void node_fill(struct iso_node *node, struct iso *iso, const uint8_t *record, uint64_t number)
{
    bool is_directory = iso_record_is_directory(record);

    node->node = (struct node){
        .file_system = &iso->file_system,
        .references = 1,
        .kind = is_directory ? VFS_KIND_DIRECTORY : VFS_KIND_FILE,
        .size = iso_record_size(record),
        .number = number,
        .changed_s = iso_record_time(record),
    };
    if (is_directory && node->node.size > DIRECTORY_BYTES_MAX) {
        node->node.size = DIRECTORY_BYTES_MAX;
    }
    node->extent = iso_record_extent(record);
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct iso_node *parent = (struct iso_node *)directory;
    struct iso *iso = iso_of(directory);
    uint8_t record[ISO_RECORD_MAX];
    struct iso_name found;
    uint32_t offset = 0;

    for (;;) {
        status_t status = next_entry(iso, parent, &offset, record, &found);

        if (status != OK) {
            return status;
        }
        if (found.size == size && memcmp(found.text, name, size) == 0) {
            break;
        }
    }
    struct iso_node *node = malloc(sizeof *node);
    if (node == NULL) {
        return NO_MEMORY;
    }
    node_fill(node, iso, record, (uint64_t)parent->extent * BLOCK + offset);
    *node_out = &node->node;
    return OK;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    uint8_t record[ISO_RECORD_MAX];
    struct iso_name name;

    status_t status = next_entry(iso_of(directory), (struct iso_node *)directory, cursor, record, &name);
    if (status == OK) {
        entry_out->number = (uint32_t)(((struct iso_node *)directory)->extent * BLOCK + *cursor);
        entry_out->kind = iso_record_is_directory(record) ? VFS_KIND_DIRECTORY : VFS_KIND_FILE;
        entry_out->name_size = (uint8_t)name.size;
        memcpy(entry_out->name, name.text, name.size);
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

    return cache_read_past(&iso_of(node)->cache, (uint64_t)file->extent * BLOCK + position, buffer, size);
}

/* ---- Mounting ---- */

static void end(struct file_system *file_system)
{
    free(file_system);
}

static const struct file_system_operations operations = {
    .type = "iso9660",
    .look_up = look_up,
    .read = read,
    .list = list,
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
static bool has_rock_ridge(struct iso *iso)
{
    uint8_t record[ISO_RECORD_MAX];
    uint32_t offset = 0;

    return next_record(iso, &iso->root, &offset, record) == OK && iso_record_has_susp(record);
}

/* Goes through the volume descriptors. */
static status_t find_root(struct iso *iso)
{
    uint8_t primary[ISO_RECORD_MIN], joliet[ISO_RECORD_MIN], descriptor[ROOT_RECORD + ISO_RECORD_MIN];
    bool has_primary = false, has_joliet = false;

    for (uint32_t number = DESCRIPTOR_FIRST; number < DESCRIPTOR_FIRST + DESCRIPTORS_MAX; number++) {
        status_t status = cache_read(&iso->cache, (uint64_t)number * BLOCK, descriptor, sizeof descriptor);

        if (status != OK || memcmp(descriptor + 1, "CD001", 5) != 0) {
            return FAULT;
        }
        if (descriptor[0] == 255) {
            break;
        }
        if (descriptor[0] == 1 && !has_primary) {
            has_primary = descriptor[128] == (uint8_t)BLOCK && descriptor[129] == BLOCK >> 8;
            memcpy(primary, descriptor + ROOT_RECORD, sizeof primary);
        } else if (is_joliet(descriptor) && !has_joliet) {
            has_joliet = true;
            memcpy(joliet, descriptor + ROOT_RECORD, sizeof joliet);
        }
    }
    if (!has_primary || !iso_record_is_directory(primary)) {
        return FAULT;
    }
    node_fill(&iso->root, iso, primary, 1);
    if (has_joliet && iso_record_is_directory(joliet) && !has_rock_ridge(iso)) {
        node_fill(&iso->root, iso, joliet, 1);
        iso->is_joliet = true;
    }
    return OK;
}

status_t iso9660_make(struct blocks *blocks, struct file_system **file_system_out)
{
    struct iso *iso = calloc(1, sizeof *iso);

    if (iso == NULL) {
        return NO_MEMORY;
    }
    cache_begin(&iso->cache, blocks);
    iso->file_system = (struct file_system){ &operations, &iso->root.node, true, BLOCK };
    status_t status = find_root(iso);
    if (status != OK) {
        free(iso);
        return status;
    }
    *file_system_out = &iso->file_system;
    return OK;
}
