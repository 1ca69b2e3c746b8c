/*
 * Open files: what descriptors lead to. A kind of file (a pipe, the log, a file of a file system) is a table of
 * operations, and a structure that begins with struct file. Any thread may call these.
 *
 * Functions that return int or a size return a negated errno on failure: -EBADF. Only POSIX's own functions set errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <ternion/lock.h>

#include "libc/position.h"

struct file;
struct passed_file;

#define READY_SOON 0x4000  /* of `ready`, and none of poll's bits: it is worth a look after a while */

/* What a file can be asked. NULL: this kind of file cannot; the error is said beside it. */
struct file_operations {
    /* Bytes moved; may block, unless O_NONBLOCK is among file->flags (-EAGAIN). position: of a file that has_positions alone. */
    ssize_t (*read)(struct file *file, void *bytes, size_t size, int64_t position);                 /* -EBADF */
    ssize_t (*write)(struct file *file, const void *bytes, size_t size, int64_t position);          /* -EBADF */
    /* Fills in what it knows; the rest is zero. */
    int (*describe)(struct file *file, struct stat *description);                                   /* always there */
    /* Writes behind the end, wherever that is by then; end_out: the position behind what was written. */
    ssize_t (*append)(struct file *file, const void *bytes, size_t size, int64_t *end_out);         /* O_APPEND means nothing */
    int (*truncate)(struct file *file, int64_t size);                                               /* -EINVAL */
    int (*synchronise)(struct file *file);                                                          /* 0 */
    /* Which of POLLIN and POLLOUT hold now, and of POLLHUP and POLLERR; READY_SOON: nothing wakes when one does. */
    int (*ready)(struct file *file);                                                                /* POLLIN and POLLOUT */
    /* change 1: from now on event_pump wakes when `ready` may answer otherwise; 0: looked at in vain, go on; -1: no more of it. */
    void (*watch)(struct file *file, int change);                                                   /* it is always ready */
    /* What a new process needs to have this file too; it holds until the file is closed. */
    int (*pass)(struct file *file, struct passed_file *passed);                                     /* it is not passed on */
    /* Entries of a directory from the cursor (0: the first) on, as vfs_file_list gives them into VFS_LIST_MAX bytes; 0 bytes: the end. */
    int (*read_directory)(struct file *file, uint32_t *cursor, void *entries, uint32_t *size_out);  /* -ENOTDIR */
    /* The first bytes, without a copy: pages that the caller gives back with memory_free. How many bytes: perhaps fewer. */
    ssize_t (*pages)(struct file *file, size_t size, const void **pages_out);                       /* it is read instead */
    /* The path that a directory was opened by: what openat begins with. */
    const char *(*path)(struct file *file);                                                         /* -ENOTDIR */
    /* The last reference is gone: gives back what the file holds, and its memory. */
    void (*close)(struct file *file);
    bool has_positions;     /* else lseek answers -ESPIPE */
    bool is_terminal;       /* isatty: lines are written as they end */
};

struct file {
    const struct file_operations *operations; /* constant */
    uint32_t references;    /* descriptors, and calls under way; changed atomically */
    uint32_t flags;         /* O_RDONLY, O_WRONLY or O_RDWR; O_APPEND, O_NONBLOCK, changed by F_SETFL */
    struct lock lock;       /* protects the position, and keeps those threads apart who use it */
    struct position position;
};

void file_hold(struct file *file);

/* Gives a reference back; the last one closes the file. */
void file_release(struct file *file);

/* read, write: from or to the file's own position, which moves. */
ssize_t file_read(struct file *file, void *bytes, size_t size);
ssize_t file_write(struct file *file, const void *bytes, size_t size);

/* pread, pwrite: the own position stays. */
ssize_t file_read_at(struct file *file, void *bytes, size_t size, int64_t position);
ssize_t file_write_at(struct file *file, const void *bytes, size_t size, int64_t position);

/* The new position. -ESPIPE, -EINVAL, -EOVERFLOW. */
int64_t file_seek(struct file *file, int64_t offset, int whence);
