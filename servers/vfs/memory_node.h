/* What /tmp consists of. memory.c has the names, memory_contents.c the bytes of files. */
#pragma once

#include "memory.h"

#define MEMORY_BUCKETS 4096U

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
    uint32_t pages_used;         /* of files' contents, and of large tables of them */
    uint32_t bytes_used;         /* of malloc's, for nodes, names and entries of directories */
    uint32_t node_count;
    uint64_t last_number;
    struct memory_node *buckets[MEMORY_BUCKETS];
};

static inline struct memory_node *memory_node_of(struct node *node)
{
    return (struct memory_node *)node;
}

static inline struct memory_file_system *memory_system_of(const struct memory_node *node)
{
    return (struct memory_file_system *)node->node.file_system;
}

/* How many pages are left of what all may have together. */
static inline uint32_t memory_pages_left(const struct memory_file_system *system)
{
    uint32_t used = system->pages_used + (system->bytes_used + PAGE_SIZE - 1) / PAGE_SIZE;

    return used < system->pages_max ? system->pages_max - used : 0;
}

/* As in struct file_system_operations. */
[[nodiscard]] status_t memory_read(struct node *node, uint64_t position, void *buffer, uint32_t size);
const void *memory_view(struct node *node, uint64_t position, uint32_t size);
[[nodiscard]] status_t memory_pages(struct node *node, uint32_t first, uint32_t count, void **pages_out, uint32_t *count_out);
[[nodiscard]] status_t memory_write(struct node *node, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out);
[[nodiscard]] status_t memory_resize(struct node *node, uint64_t size);

/* Gives back all memory of a file's contents. */
void memory_contents_end(struct memory_node *file);
