#include "boot.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

struct boot_node {
    struct node node;
    struct boot_node *parent;
    module_index_t module;       /* of a file */
    const uint8_t *bytes;        /* the module, once it is mapped */
    uint32_t name_size;
    const char *name;            /* in path */
    char path[NAME_SIZE_MAX + 1];
};

static struct file_system boot;
static struct boot_node *nodes;  /* the root is the first */
static uint32_t node_count;
static uint32_t nodes_max;

static struct boot_node *of(struct node *node)
{
    return (struct boot_node *)node;
}

/* ---- The tree ---- */

static struct boot_node *find(const struct boot_node *parent, const char *name, uint32_t size)
{
    for (uint32_t i = 1; i < node_count; i++) {
        bool is_it = nodes[i].name_size == size && nodes[i].name[0] == name[0] && nodes[i].parent == parent;

        if (is_it && memcmp(nodes[i].name, name, size) == 0) {
            return &nodes[i];
        }
    }
    return NULL;
}

static struct boot_node *add(struct boot_node *parent, const char *name, uint32_t size, uint32_t kind)
{
    struct boot_node *node = &nodes[node_count];

    if (node_count == nodes_max) {
        return NULL;
    }
    *node = (struct boot_node){ .parent = parent, .name_size = size, .name = node->path };
    node->node = (struct node){ .file_system = &boot, .references = 1, .kind = kind, .number = ++node_count };
    memcpy(node->path, name, size);
    return node;
}

/* A module whose path crosses another's, as a/b and a do, is left out; so is the second of a name. */
static void add_module(module_index_t index, const struct module_information *module)
{
    struct boot_node *parent = &nodes[0];
    bool is_file = (module->flags & MODULE_IS_FILE) != 0;
    const char *name = module->name;
    const char *slash;

    while (is_file && (slash = strchr(name, '/')) != NULL) {
        uint32_t size = (uint32_t)(slash - name);
        struct boot_node *next = find(parent, name, size);

        if (next == NULL && size != 0) {
            next = add(parent, name, size, VFS_KIND_DIRECTORY);
        }
        parent = size == 0 ? parent : next;
        if (parent == NULL || parent->node.kind != VFS_KIND_DIRECTORY) {
            return;
        }
        name = slash + 1;
    }
    uint32_t size = (uint32_t)strlen(name);
    if (size == 0 || find(parent, name, size) != NULL) {
        return;
    }
    struct boot_node *file = add(parent, name, size, VFS_KIND_FILE);
    if (file != NULL) {
        file->module = index;
        file->node.size = module->size;
    }
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct boot_node *node = find(of(directory), name, size);

    if (node == NULL) {
        return NOT_FOUND;
    }
    *node_out = node_hold(&node->node);
    return OK;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    for (uint32_t i = *cursor + 1; i < node_count; i++) {
        if (&nodes[i].parent->node == directory) {
            entry_out->number = (uint32_t)nodes[i].node.number;
            entry_out->kind = (uint8_t)nodes[i].node.kind;
            entry_out->name_size = (uint8_t)nodes[i].name_size;
            memcpy(entry_out->name, nodes[i].name, nodes[i].name_size);
            *cursor = i;
            return OK;
        }
    }
    return NOT_FOUND;
}

/* ---- Contents ---- */

static status_t map(struct boot_node *file)
{
    uint32_t address;

    if (file->bytes != NULL) {
        return OK;
    }
    status_t status = module_map(file->module, &address);
    if (status == OK) {
        file->bytes = (const uint8_t *)address;
    }
    return status == OK ? OK : NO_MEMORY;
}

static status_t read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    status_t status = map(of(node));

    if (status == OK) {
        memcpy(buffer, of(node)->bytes + (uint32_t)position, size);
    }
    return status;
}

static const void *view(struct node *node, uint64_t position, uint32_t size)
{
    (void)size;
    return map(of(node)) == OK ? of(node)->bytes + (uint32_t)position : NULL;
}

static status_t pages(struct node *node, uint32_t first, uint32_t count, void **pages_out, uint32_t *count_out)
{
    status_t status = map(of(node));

    if (status == OK) {
        *pages_out = (void *)(of(node)->bytes + first * PAGE_SIZE);
        *count_out = count;
    }
    return status;
}

static const struct file_system_operations operations = {
    .type = "boot",
    .look_up = look_up,
    .read = read,
    .view = view,
    .pages = pages,
    .list = list,
};

/* The root, and a file of each module with all its folders. */
static uint32_t nodes_at_most(struct module_information *module)
{
    uint32_t count = 1;

    for (module_index_t index = 0; module_information(index, module) == OK; index++) {
        count++;
        for (const char *at = module->name; *at != '\0'; at++) {
            count += *at == '/';
        }
    }
    return count;
}

status_t boot_make(struct file_system **file_system_out)
{
    static struct module_information module;

    nodes_max = nodes_at_most(&module);
    nodes = calloc(nodes_max, sizeof *nodes);
    if (nodes == NULL) {
        return NO_MEMORY;
    }
    boot = (struct file_system){ .operations = &operations, .is_read_only = true, .block_size = PAGE_SIZE };
    boot.root = &add(NULL, "", 0, VFS_KIND_DIRECTORY)->node;
    for (module_index_t index = 0; module_information(index, &module) == OK; index++) {
        add_module(index, &module);
    }
    *file_system_out = &boot;
    return OK;
}
