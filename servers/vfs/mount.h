/*
 * What is mounted where: "/NAME" each. A file system on a device has a thread of its own, its worker, that serves
 * all requests to it, one after the other: a slow device makes nobody wait but who uses it. All others are served by the first thread.
 */
#pragma once

#include <ternion/condition.h>

#include "job.h"

#define MOUNTS_MAX 16U

struct mount {
    char path[VFS_NAME_MAX + 2]; /* "/tmp"; empty: this one is free. The first thread's */
    uint32_t path_size;
    char device[64];
    char type[16];               /* wanted; empty: found out */
    uint32_t flags;              /* VFS_IS_READ_ONLY: wanted */
    uint32_t number;
    bool is_leaving;             /* takes no new requests; the first thread's */
    bool has_ended;              /* the queue takes nothing any more: lock */
    bool has_worker;             /* constant while it is mounted */
    uint32_t open_count;         /* open files, and those that begin or end: open_file.c's lock */
    struct file_system *file_system; /* its worker's, or the first thread's; NULL: not mounted yet */
    struct lock lock;            /* protects the queue */
    struct condition filled;
    struct job *first, **last;
};

/* Of one that has its file system. */
static inline const struct file_system_operations *mount_operations(const struct mount *mount)
{
    return mount->file_system->operations;
}

static inline bool mount_is_read_only(const struct mount *mount)
{
    return mount->file_system->is_read_only || (mount->flags & VFS_IS_READ_ONLY) != 0;
}

/* The root directory: the names of mounts. */
extern struct mount root_mount;

/* A file system of this server's own under a name. Statuses: EXISTS, OVER_QUOTA. */
[[nodiscard]] status_t mount_add(const char *path, const char *type, struct file_system *file_system);

/* A file system on a device, which its worker finds. Statuses: EXISTS, BAD_NAME, TOO_BIG, OVER_QUOTA, NO_MEMORY. */
[[nodiscard]] status_t mount_add_device(const char *path, const char *device, const char *type, uint32_t flags, struct mount **mount_out);

/* Forgets it: nobody uses it; there is no worker, or the caller is it and ends. */
void mount_forget(struct mount *mount);

/* From now on the queue takes nothing. What is in it, and a worker that finds it empty ends. */
struct job *mount_end(struct mount *mount);

/* The mount that a simple path leads to; the path is what is below it. NULL: there is none. */
struct mount *mount_of(struct span *path);

/* The mount with this index among those that there are, or NULL. */
struct mount *mount_at(uint32_t index);

/* To the worker's queue. False: it has ended. */
[[nodiscard]] bool mount_put(struct mount *mount, struct job *job);

/* The next one from there; NULL: it has ended. For the worker. */
struct job *mount_take(struct mount *mount);
