/*
 * A request on its way through the server. What is served at once is a job in the frame of its handler; what a mount's worker
 * serves is one of malloc's, with copies of all that it points to.
 */
#pragma once

#include <ternion/server.h>

#include "file_system.h"

/* As in VFS_PROTOCOL, and the server's own. */
enum job_operation {
    JOB_OPEN = 1,
    JOB_CLOSE,
    JOB_READ,
    JOB_READ_PAGES,
    JOB_WRITE,
    JOB_DESCRIBE,
    JOB_DESCRIBE_PATH,
    JOB_RESIZE,
    JOB_LIST,
    JOB_MAKE_DIRECTORY,
    JOB_REMOVE,
    JOB_RENAME,
    JOB_SYNCHRONISE,
    JOB_MOUNTS,
    JOB_MOUNT,
    JOB_UNMOUNT,
    JOB_READ_FEW,
    JOB_PASS,
    JOB_TAKE,
    JOB_SET_CHANGED,
    JOB_OPERATIONS,
};

struct mount;
struct open_file;

/* Some bytes of somebody's. */
struct span {
    const char *text;
    uint32_t size;
};

struct job {
    struct job *next;            /* in a worker's queue */
    uint32_t operation;          /* enum job_operation */
    struct pending_call pending; /* of a worker's */
    struct mount *mount;
    struct open_file *file;      /* what is opened, or the request's handle leads to */
    struct open_file *source;    /* take: whose node the file gets */
    uint32_t flags;              /* open, remove */
    bool must_be_directory;      /* remove, rename: a path ended with a slash */
    uint64_t position;           /* read, write; resize: the size; set_changed: seconds */
    uint32_t count;              /* read: bytes; read_pages: pages; list: the cursor */
    struct span path;            /* below the mount; simple */
    struct span new_path;        /* rename */
    struct span bytes;           /* write */
    void *buffer;                /* for the string that goes back: VFS_TRANSFER_MAX or VFS_LIST_MAX bytes */
    /* The answer. */
    union {
        struct vfs_call_opened opened;
        struct vfs_call_bytes bytes;
        struct vfs_call_few few;
        struct vfs_call_written written;
        struct vfs_description description;
        struct vfs_call_next next;
        struct vfs_mount_description mount;
    } reply;
    const void *out;             /* the string, or NULL */
    uint32_t out_size;
    void *pages;
    uint32_t page_count;
    uint32_t page_flags;
};

/* Does it make an open file? */
static inline bool job_opens(const struct job *job)
{
    return job->operation == JOB_OPEN || job->operation == JOB_TAKE;
}

/* Serves it, in the thread of its mount. The mount has its file system, but for JOB_MOUNT. */
[[nodiscard]] status_t job_run(struct job *job);

/* One of those that job_run chooses from. */
[[nodiscard]] status_t job_set_changed(struct job *job);
