#include "memory.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#define BUCKETS 4096U
#define ENTRIES_FIRST 8U

struct memory_node {
    struct node node;
    struct memory_node *next;    /* of its bucket */
    struct memory_node *parent;  /* NULL: it has no name any more, or is the root */
    uint32_t index;              /* in parent's entries */
    /* Of a directory: */
    struct memory_node **entries;/* NULL: a hole */
    uint32_t entry_room;
    uint32_t entry_end;          /* behind the last that is none */
    uint32_t entry_count;
    uint32_t hole;               /* where the search for a hole goes on */
    /* Of a file: */
    uint8_t **pages;             /* NULL: zeroes that were never written */
    uint32_t page_room;
    char *name;                  /* no NUL is behind it */
    uint32_t name_size;
};

struct memory_file_system {
    struct file_system file_system;
    uint32_t pages_max;
    uint32_t pages_used;
    uint32_t node_count;
    uint64_t last_number;
    struct memory_node *buckets[BUCKETS];
};

static struct memory_node *of(struct node *node)
{
    return (struct memory_node *)node;
}

static struct memory_file_system *system_of(const struct memory_node *node)
{
    return (struct memory_file_system *)node->node.file_system;
}

/* ---- Names ---- */

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t bucket_of(const struct memory_node *parent, const char *name, uint32_t size)
{
    uint32_t hash = 2166136261U ^ (uint32_t)parent->node.number * 0x9E3779B1U;

    for (uint32_t i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)name[i]) * 16777619U;
    }
    return (hash ^ hash >> 16) % BUCKETS;
}

static struct memory_node *find(const struct memory_node *parent, const char *name, uint32_t size)
{
    struct memory_node *node = system_of(parent)->buckets[bucket_of(parent, name, size)];

    while (node != NULL && (node->parent != parent || node->name_size != size || memcmp(node->name, name, size) != 0)) {
        node = node->next;
    }
    return node;
}

/* Makes sure that there is room for an entry. Holes are filled, not closed: so no cursor loses its place. */
static bool entry_reserve(struct memory_node *parent)
{
    if (parent->entry_end < parent->entry_room || parent->entry_count < parent->entry_end) {
        return true;
    }
    uint32_t room = parent->entry_room == 0 ? ENTRIES_FIRST : 2 * parent->entry_room;
    struct memory_node **entries = realloc(parent->entries, room * sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    parent->entries = entries;
    parent->entry_room = room;
    return true;
}

/* entry_reserve was true. */
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
    struct memory_node **bucket = &system_of(node)->buckets[bucket_of(parent, node->name, node->name_size)];

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
    struct memory_node **link = &system_of(node)->buckets[bucket_of(parent, node->name, node->name_size)];

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

/* Pages that a table of so many entries is counted as: a large file with nothing in it costs, too. */
static uint32_t table_cost(uint32_t room)
{
    return room * sizeof(uint8_t *) / PAGE_SIZE;
}

static struct memory_node *node_make(struct memory_file_system *system, const char *name, uint32_t size, uint32_t kind)
{
    struct memory_node *node = calloc(1, sizeof *node);
    char *copy = malloc(size);

    if (node == NULL || copy == NULL) {
        free(node);
        free(copy);
        return NULL;
    }
    node->node = (struct node){ .file_system = &system->file_system, .references = 1, .kind = kind, .number = ++system->last_number,
                                .changed_s = time_now_s() };
    memcpy(copy, name, size);
    node->name = copy;
    node->name_size = size;
    system->node_count++;
    return node;
}

static void cut_pages(struct memory_node *file, uint32_t kept)
{
    for (uint32_t i = kept; i < file->page_room; i++) {
        if (file->pages[i] != NULL) {
            pages_give_back(file->pages[i], 1);
            file->pages[i] = NULL;
            system_of(file)->pages_used--;
        }
    }
}

static void released(struct node *node)
{
    struct memory_node *gone = of(node);

    if (gone->parent != NULL) {
        return;
    }
    cut_pages(gone, 0);
    system_of(gone)->pages_used -= table_cost(gone->page_room);
    system_of(gone)->node_count--;
    free(gone->pages);
    free(gone->entries);
    free(gone->name);
    free(gone);
}

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct memory_node *node = find(of(directory), name, size);

    if (node == NULL) {
        return NOT_FOUND;
    }
    *node_out = node_hold(&node->node);
    return OK;
}

/* A directory that has no name any more takes none. */
static bool is_gone(struct node *directory)
{
    return of(directory)->parent == NULL && directory != directory->file_system->root;
}

static status_t create(struct node *directory, const char *name, uint32_t size, uint32_t kind, struct node **node_out)
{
    struct memory_file_system *system = system_of(of(directory));

    if (is_gone(directory)) {
        return NOT_FOUND;
    }
    if (system->node_count == MEMORY_NODES_MAX) {
        return NO_SPACE;
    }
    if (!entry_reserve(of(directory))) {
        return NO_MEMORY;
    }
    struct memory_node *node = node_make(system, name, size, kind);
    if (node == NULL) {
        return NO_MEMORY;
    }
    attach(node, of(directory));
    *node_out = &node->node;
    return OK;
}

static status_t remove(struct node *directory, const char *name, uint32_t size, struct node *node)
{
    (void)directory;
    (void)name;
    (void)size;
    if (of(node)->entry_count != 0) {
        return NOT_EMPTY;
    }
    detach(of(node));            /* the caller's reference is the last, or an open file's */
    return OK;
}

/* ---- Contents ---- */

/* Makes the table of pages so long. */
static bool table_grow(struct memory_node *file, uint32_t count)
{
    if (count <= file->page_room) {
        return true;
    }
    uint32_t room = file->page_room * 2 > count ? file->page_room * 2 : count;
    struct memory_file_system *system = system_of(file);
    uint32_t cost = table_cost(room) - table_cost(file->page_room);
    uint8_t **pages = cost > system->pages_max - system->pages_used ? NULL : realloc(file->pages, room * sizeof *pages);
    if (pages == NULL) {
        return false;
    }
    system->pages_used += cost;
    memset(pages + file->page_room, 0, (room - file->page_room) * sizeof *pages);
    file->pages = pages;
    file->page_room = room;
    return true;
}

/* Makes the pages from first on, so many, be there, side by side as far as none was there. Returns how many are, from the first on. */
static uint32_t pages_make(struct memory_node *file, uint32_t first, uint32_t count)
{
    struct memory_file_system *system = system_of(file);
    uint32_t done = 0;

    while (done < count) {
        uint32_t missing = 0;

        while (done + missing < count && file->pages[first + done + missing] == NULL) {
            missing++;
        }
        if (missing == 0) {
            done++;
            continue;
        }
        uint32_t left = system->pages_max - system->pages_used;
        uint32_t wanted = missing < left ? missing : left;
        uint8_t *pages = wanted == 0 ? NULL : pages_take(wanted);
        if (pages == NULL) {
            return done;
        }
        for (uint32_t i = 0; i < wanted; i++) {
            file->pages[first + done + i] = pages + i * PAGE_SIZE;
        }
        system->pages_used += wanted;
        done += wanted;
        if (wanted < missing) {
            return done;
        }
    }
    return done;
}

static uint32_t part_in_page(uint32_t position, uint32_t size)
{
    uint32_t left = PAGE_SIZE - position % PAGE_SIZE;

    return size < left ? size : left;
}

static status_t read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    const struct memory_node *file = of(node);
    uint8_t *to = buffer;

    for (uint32_t at = (uint32_t)position; size > 0;) {
        uint32_t part = part_in_page(at, size);
        const uint8_t *page = at / PAGE_SIZE < file->page_room ? file->pages[at / PAGE_SIZE] : NULL;

        if (page == NULL) {
            memset(to, 0, part);
        } else {
            memcpy(to, page + at % PAGE_SIZE, part);
        }
        at += part;
        to += part;
        size -= part;
    }
    return OK;
}

/* Pages that lie side by side, from the first on; 0: it is not there. */
static uint32_t run_of(const struct memory_node *file, uint32_t first, uint32_t count)
{
    uint32_t run = 0;

    while (run < count && first + run < file->page_room && file->pages[first + run] != NULL
           && file->pages[first + run] == file->pages[first] + run * PAGE_SIZE) {
        run++;
    }
    return run;
}

static const void *view(struct node *node, uint64_t position, uint32_t size)
{
    const struct memory_node *file = of(node);
    uint32_t first = (uint32_t)position / PAGE_SIZE;
    uint32_t count = ((uint32_t)position + size - 1) / PAGE_SIZE - first + 1;

    return size != 0 && run_of(file, first, count) == count ? file->pages[first] + position % PAGE_SIZE : NULL;
}

static status_t pages(struct node *node, uint32_t first, uint32_t count, void **pages_out, uint32_t *count_out)
{
    struct memory_node *file = of(node);

    if (!table_grow(file, first + 1)) {
        return NO_MEMORY;
    }
    uint32_t run = run_of(file, first, count);
    if (run == 0) {              /* zeroes that were never written */
        run = pages_make(file, first, 1);
    }
    if (run == 0) {
        return NO_MEMORY;
    }
    *pages_out = file->pages[first];
    *count_out = run;
    return OK;
}

static status_t write(struct node *node, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out)
{
    struct memory_node *file = of(node);
    const uint8_t *from = bytes;

    if (position > MEMORY_FILE_MAX || size > MEMORY_FILE_MAX - position) {
        return TOO_BIG;
    }
    uint32_t at = (uint32_t)position;
    uint32_t first = at / PAGE_SIZE;
    uint32_t end = (at + size + PAGE_SIZE - 1) / PAGE_SIZE;
    if (!table_grow(file, end)) {
        return NO_SPACE;
    }
    uint32_t there = pages_make(file, first, end - first);
    uint32_t room = there * PAGE_SIZE - at % PAGE_SIZE;
    if (there == 0) {
        return NO_SPACE;
    }
    uint32_t count = size < room ? size : room;
    for (uint32_t left = count; left > 0;) {
        uint32_t part = part_in_page(at, left);

        memcpy(file->pages[at / PAGE_SIZE] + at % PAGE_SIZE, from, part);
        at += part;
        from += part;
        left -= part;
    }
    if (at > node->size) {
        node->size = at;
    }
    node->changed_s = time_now_s();
    *count_out = count;
    return OK;
}

static status_t resize(struct node *node, uint64_t size)
{
    struct memory_node *file = of(node);

    if (size > MEMORY_FILE_MAX) {
        return TOO_BIG;
    }
    if (size < node->size) {
        uint32_t last = (uint32_t)size / PAGE_SIZE;

        cut_pages(file, PAGES((uint32_t)size));
        if (size % PAGE_SIZE != 0 && last < file->page_room && file->pages[last] != NULL) {
            memset(file->pages[last] + size % PAGE_SIZE, 0, PAGE_SIZE - size % PAGE_SIZE);
        }
    }
    node->size = size;
    node->changed_s = time_now_s();
    return OK;
}

/* ---- The rest ---- */

static status_t rename(struct node *from, const char *name, uint32_t size, struct node *node, struct node *to, const char *new_name,
                       uint32_t new_size)
{
    (void)from;
    (void)name;
    (void)size;
    char *copy = malloc(new_size);
    if (is_gone(to) || copy == NULL || !entry_reserve(of(to))) {
        free(copy);
        return is_gone(to) ? NOT_FOUND : NO_MEMORY;
    }
    memcpy(copy, new_name, new_size);

    /* Point of no return. */
    detach(of(node));
    free(of(node)->name);
    of(node)->name = copy;
    of(node)->name_size = new_size;
    attach(of(node), of(to));
    return OK;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    const struct memory_node *parent = of(directory);
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
    *free_out = (uint64_t)(system->pages_max - system->pages_used) * PAGE_SIZE;
}

/* Of all files, whoever has them open: nobody. */
static void end(struct file_system *file_system)
{
    struct memory_file_system *system = (struct memory_file_system *)file_system;

    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
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

static const struct file_system_operations operations = {
    .type = "memory",
    .look_up = look_up,
    .create = create,
    .remove = remove,
    .rename = rename,
    .read = read,
    .view = view,
    .pages = pages,
    .write = write,
    .resize = resize,
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
    struct memory_node *root = node_make(system, "/", 1, VFS_KIND_DIRECTORY);
    if (root == NULL) {
        free(system);
        return NO_MEMORY;
    }
    system->file_system.root = &root->node;
    *file_system_out = &system->file_system;
    return OK;
}
