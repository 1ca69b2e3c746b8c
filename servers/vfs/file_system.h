/*
 * A file system is a table of functions on nodes: its files and directories as far as somebody uses them. It is portable C.
 *
 * The thread that serves its mount calls them, one at a time. Names are any bytes but '/' and NUL, 1 to VFS_NAME_MAX of them, never
 * "." or "..". Whoever gets a node has a reference to it, and gives it back by node_release. Functions that are NULL stand for
 * NOT_ALLOWED. What comes from a medium is hostile: whatever it says, each function ends in bounded time and memory.
 *
 * Statuses: FAULT: the device fails, or what is on it contradicts itself; NO_MEMORY; NO_SPACE; ABSENT: another medium; those said below.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ternion/vfs.h>

struct file_system;

struct node {
    struct file_system *file_system;
    uint32_t references;
    uint32_t kind;               /* enum vfs_kind */
    uint64_t size;               /* bytes of a file */
    uint64_t number;             /* as in struct vfs_description */
    int64_t changed_s;
};

struct directory_entry {
    uint32_t number;
    uint8_t kind;
    uint8_t name_size;
    char name[VFS_NAME_MAX];
};

struct file_system_operations {
    const char *type;

    /* The node of a name in a directory. NOT_FOUND. */
    status_t (*look_up)(struct node *directory, const char *name, uint32_t size, struct node **node_out);

    /* A new one; the name is not taken. BAD_NAME: it cannot have such names. */
    status_t (*create)(struct node *directory, const char *name, uint32_t size, uint32_t kind, struct node **node_out);

    /* Takes the name of a node away; a directory is empty: else NOT_EMPTY. The file goes when its last reference does. */
    status_t (*remove)(struct node *directory, const char *name, uint32_t size, struct node *node);

    /*
     * Moves a node to another name, not below itself.
     *   replaced   what has the name, of the same kind: it loses it in the same step, a directory only if it is empty: else NOT_EMPTY.
     *              NULL: the name is not taken. The node itself: it is spelled anew
     */
    status_t (*rename)(struct node *from, const char *name, uint32_t size, struct node *node, struct node *to, const char *new_name,
                       uint32_t new_size, struct node *replaced);

    /* All bytes asked for lie within the file. */
    status_t (*read)(struct node *file, uint64_t position, void *buffer, uint32_t size);

    /* Where the same bytes lie in memory until the next call; NULL: read must copy them. May be NULL. */
    const void *(*view)(struct node *file, uint64_t position, uint32_t size);

    /*
     * Pages of the file that can be shared as they lie, first page `first` and up to count of them. NO_MEMORY: not now, or NULL: the
     * server reads into pages of its own then, and gives them away.
     */
    status_t (*pages)(struct node *file, uint32_t first, uint32_t count, void **pages_out, uint32_t *count_out);

    /* Writes, also behind the end; sets size and changed_s. Fewer than size, but at least 1, if it becomes full: else NO_SPACE. TOO_BIG. */
    status_t (*write)(struct node *file, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out);

    status_t (*resize)(struct node *file, uint64_t size);

    /* Sets changed_s of a file or directory, as exactly as it can. */
    status_t (*set_changed)(struct node *node, int64_t changed_s);

    /* The entry at a cursor, which goes on to the next; 0 begins. NOT_FOUND: there are no more. */
    status_t (*list)(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out);

    /* What was written is kept when this comes back. May be NULL. */
    status_t (*synchronise)(struct file_system *file_system);

    /* The last reference has gone. May be NULL. */
    void (*released)(struct node *node);

    /* Bytes in all, and free. May be NULL. */
    void (*space)(struct file_system *file_system, uint64_t *size_out, uint64_t *free_out);

    /*
     * The blocks are another device's from now on. OK: the same file system lies there, with all nodes that are used; they go on, and nothing
     * that was read before is believed. ABSENT: another, and the nodes are good for nothing. NULL: always another. Nothing is under way.
     */
    status_t (*handed_over)(struct file_system *file_system);

    /* No node is referred to any more but the root. May be NULL: it stays for ever. */
    void (*end)(struct file_system *file_system);
};

struct file_system {
    const struct file_system_operations *operations;
    struct node *root;           /* one reference is the file system's own */
    bool is_read_only;
    uint32_t block_size;         /* bytes that are best moved at a time */
    /* The server's, all zeroes to begin with: */
    uint32_t held_count;         /* nodes that open files hold */
    bool is_gone;                /* the medium is another by now: whatever is asked about its nodes is ABSENT */
    void *disk;                  /* disk.c's; NULL: it lies on no device */
};

static inline struct node *node_hold(struct node *node)
{
    node->references++;
    return node;
}

static inline void node_release(struct node *node)
{
    if (--node->references == 0 && node->file_system->operations->released != NULL) {
        node->file_system->operations->released(node);
    }
}

/* Pages of zeroes of the server's own; NULL: there is no memory. */
[[nodiscard]] void *pages_take(uint32_t count);
void pages_give_back(void *pages, uint32_t count);

/* Seconds since 1970, UTC; 0 as long as no clock has told. */
int64_t time_now_s(void);
