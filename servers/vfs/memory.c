#include "memory_node.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#define ENTRIES_FIRST 8U
#define MALLOC_COST 16U          /* bytes that an allocation takes beside its own, about */

/* ---- What it costs ---- */

static uint32_t node_cost(uint32_t name_size)
{
    return (uint32_t)sizeof(struct memory_node) + name_size + 2 * MALLOC_COST;
}

/* What a table of so many entries costs. */
static uint32_t table_cost(uint32_t room)
{
    return room == 0 ? 0 : room * (uint32_t)sizeof(struct memory_node *) + MALLOC_COST;
}

/* Takes bytes of what all may have together, in place of others. False: there are not so many left, and nothing was taken. */
static bool charge(struct memory_file_system *system, uint32_t bytes, uint32_t before)
{
    uint32_t used = system->bytes_used;

    if (bytes > before && bytes - before > memory_pages_left(system) * PAGE_SIZE + (0U - used) % PAGE_SIZE) {
        return false;
    }
    system->bytes_used = used + bytes - before;
    return true;
}

/* ---- Names ---- */

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t bucket_of(const struct memory_node *parent, const char *name, uint32_t size)
{
    uint32_t hash = 2166136261U ^ (uint32_t)parent->node.number * 0x9E3779B1U;

    for (uint32_t i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)name[i]) * 16777619U;
    }
    return (hash ^ hash >> 16) % MEMORY_BUCKETS;
}

static struct memory_node *find(const struct memory_node *parent, const char *name, uint32_t size)
{
    struct memory_node *node = memory_system_of(parent)->buckets[bucket_of(parent, name, size)];

    while (node != NULL && (node->parent != parent || node->name_size != size || memcmp(node->name, name, size) != 0)) {
        node = node->next;
    }
    return node;
}

/* Makes sure that there is room for an entry. Holes are filled, not closed: so no cursor loses its place. */
static status_t entry_reserve(struct memory_node *parent)
{
    if (parent->entry_end < parent->entry_room || parent->entry_count < parent->entry_end) {
        return OK;
    }
    uint32_t room = parent->entry_room == 0 ? ENTRIES_FIRST : 2 * parent->entry_room;
    uint32_t cost = table_cost(room), before = table_cost(parent->entry_room);
    if (!charge(memory_system_of(parent), cost, before)) {
        return NO_SPACE;
    }
    struct memory_node **entries = realloc(parent->entries, room * sizeof *entries);
    if (entries == NULL) {
        (void)charge(memory_system_of(parent), before, cost);
        return NO_MEMORY;
    }
    parent->entries = entries;
    parent->entry_room = room;
    return OK;
}

/* entry_reserve was OK. */
static uint32_t entry_place(struct memory_node *parent)
{
    if (parent->entry_end < parent->entry_room) {
        return parent->entry_end++;
    }
    do {
        parent->hole = (parent->hole + 1) % parent->entry_end;
    } while (parent->entries[parent->hole] != NULL);
    return parent->hole;
}

static void attach(struct memory_node *node, struct memory_node *parent)
{
    struct memory_node **bucket = &memory_system_of(node)->buckets[bucket_of(parent, node->name, node->name_size)];

    node->parent = parent;
    node->index = entry_place(parent);
    parent->entries[node->index] = node;
    parent->entry_count++;
    node->next = *bucket;
    *bucket = node;
    parent->node.changed_s = time_now_s();
}

static void detach(struct memory_node *node)
{
    struct memory_node *parent = node->parent;
    struct memory_node **link = &memory_system_of(node)->buckets[bucket_of(parent, node->name, node->name_size)];

    while (*link != node) {
        link = &(*link)->next;
    }
    *link = node->next;
    parent->entries[node->index] = NULL;
    parent->entry_count--;
    while (parent->entry_end > 0 && parent->entries[parent->entry_end - 1] == NULL) {
        parent->entry_end--;
    }
    parent->node.changed_s = time_now_s();
    node->parent = NULL;
}

/* ---- Nodes ---- */

static status_t node_make(struct memory_file_system *system, const char *name, uint32_t size, uint32_t kind, struct memory_node **node_out)
{
    bool has_room = charge(system, node_cost(size), 0);
    struct memory_node *node = has_room ? calloc(1, sizeof *node) : NULL;
    char *copy = node == NULL ? NULL : malloc(size);

    if (copy == NULL) {
        (void)charge(system, 0, has_room ? node_cost(size) : 0);
        free(node);
        return has_room ? NO_MEMORY : NO_SPACE;
    }
    node->node = (struct node){ .file_system = &system->file_system, .references = 1, .kind = kind, .number = ++system->last_number,
                                .changed_s = time_now_s() };
    memcpy(copy, name, size);
    node->name = copy;
    node->name_size = size;
    system->node_count++;
    *node_out = node;
    return OK;
}

static void released(struct node *node)
{
    struct memory_node *gone = memory_node_of(node);

    if (gone->parent != NULL) {
        return;
    }
    memory_contents_end(gone);
    memory_system_of(gone)->node_count--;
    (void)charge(memory_system_of(gone), 0, node_cost(gone->name_size) + table_cost(gone->entry_room));
    free(gone->entries);
    free(gone->name);
    free(gone);
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct memory_node *node = find(memory_node_of(directory), name, size);

    if (node == NULL) {
        return NOT_FOUND;
    }
    *node_out = node_hold(&node->node);
    return OK;
}

/* A directory that has no name any more takes none. */
static bool is_gone(struct node *directory)
{
    return memory_node_of(directory)->parent == NULL && directory != directory->file_system->root;
}

static status_t create(struct node *directory, const char *name, uint32_t size, uint32_t kind, struct node **node_out)
{
    struct memory_file_system *system = memory_system_of(memory_node_of(directory));

    if (is_gone(directory)) {
        return NOT_FOUND;
    }
    if (system->node_count == MEMORY_NODES_MAX) {
        return NO_SPACE;
    }
    struct memory_node *node = NULL;
    status_t status = entry_reserve(memory_node_of(directory));
    if (status == OK) {
        status = node_make(system, name, size, kind, &node);
    }
    if (status != OK) {
        return status;
    }
    attach(node, memory_node_of(directory));
    *node_out = &node->node;
    return OK;
}

static status_t remove(struct node *directory, const char *name, uint32_t size, struct node *node)
{
    (void)directory;
    (void)name;
    (void)size;
    if (memory_node_of(node)->entry_count != 0) {
        return NOT_EMPTY;
    }
    detach(memory_node_of(node));            /* the caller's reference is the last, or an open file's */
    return OK;
}

/* ---- The rest ---- */

static status_t rename(struct node *from, const char *name, uint32_t size, struct node *node, struct node *to, const char *new_name,
                       uint32_t new_size, struct node *replaced)
{
    (void)from;
    (void)name;
    (void)size;
    if (replaced != NULL && memory_node_of(replaced)->entry_count != 0) {
        return NOT_EMPTY;
    }
    char *copy = malloc(new_size);
    status_t status = is_gone(to) ? NOT_FOUND : copy == NULL ? NO_MEMORY : entry_reserve(memory_node_of(to));
    if (status == OK && !charge(memory_system_of(memory_node_of(node)), new_size, memory_node_of(node)->name_size)) {
        status = NO_SPACE;
    }
    if (status != OK) {
        free(copy);
        return status;
    }
    memcpy(copy, new_name, new_size);

    /* Point of no return. */
    if (replaced != NULL) {
        detach(memory_node_of(replaced));
    }
    detach(memory_node_of(node));
    free(memory_node_of(node)->name);
    memory_node_of(node)->name = copy;
    memory_node_of(node)->name_size = new_size;
    attach(memory_node_of(node), memory_node_of(to));
    return OK;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    const struct memory_node *parent = memory_node_of(directory);
    uint32_t index = *cursor;

    while (index < parent->entry_end && parent->entries[index] == NULL) {
        index++;
    }
    if (index >= parent->entry_end) {
        return NOT_FOUND;
    }
    const struct memory_node *node = parent->entries[index];
    entry_out->number = (uint32_t)node->node.number;
    entry_out->kind = (uint8_t)node->node.kind;
    entry_out->name_size = (uint8_t)node->name_size;
    memcpy(entry_out->name, node->name, node->name_size);
    *cursor = index + 1;
    return OK;
}

static void space(struct file_system *file_system, uint64_t *size_out, uint64_t *free_out)
{
    const struct memory_file_system *system = (struct memory_file_system *)file_system;

    *size_out = (uint64_t)system->pages_max * PAGE_SIZE;
    *free_out = (uint64_t)memory_pages_left(system) * PAGE_SIZE;
}

/* Of all files, whoever has them open: nobody. */
static void end(struct file_system *file_system)
{
    struct memory_file_system *system = (struct memory_file_system *)file_system;

    for (uint32_t bucket = 0; bucket < MEMORY_BUCKETS; bucket++) {
        while (system->buckets[bucket] != NULL) {
            struct memory_node *node = system->buckets[bucket];

            system->buckets[bucket] = node->next;
            node->parent = NULL;
            released(&node->node);
        }
    }
    released(file_system->root);
    free(system);
}

static status_t set_changed(struct node *node, int64_t changed_s)
{
    node->changed_s = changed_s;
    return OK;
}

static const struct file_system_operations operations = {
    .type = "memory",
    .look_up = look_up,
    .create = create,
    .remove = remove,
    .rename = rename,
    .read = memory_read,
    .view = memory_view,
    .pages = memory_pages,
    .write = memory_write,
    .resize = memory_resize,
    .set_changed = set_changed,
    .list = list,
    .released = released,
    .space = space,
    .end = end,
};

status_t memory_make(uint32_t pages_max, struct file_system **file_system_out)
{
    struct memory_file_system *system = calloc(1, sizeof *system);

    if (system == NULL) {
        return NO_MEMORY;
    }
    system->file_system = (struct file_system){ .operations = &operations, .block_size = PAGE_SIZE };
    system->pages_max = pages_max;
    struct memory_node *root;
    status_t status = node_make(system, "/", 1, VFS_KIND_DIRECTORY, &root);
    if (status != OK) {
        free(system);
        return status;
    }
    system->file_system.root = &root->node;
    *file_system_out = &system->file_system;
    return OK;
}
