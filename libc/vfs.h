/*
 * What paths lead to. The one place where the C library meets a file system: everything that takes a path comes here, with the
 * path absolute and simple (libc/path.h). Any thread may call these; they may block.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>

#include "libc/file.h"

/* An entry of a directory, as file_operations.read_directory gives it. */
struct directory_entry {
    ino_t number;
    uint8_t type;                  /* DT_REG, DT_DIR, … */
    char name[NAME_MAX + 1];
};

/* A file system. All answer 0 or a negated errno; NULL is -EROFS. */
struct file_system {
    /* Opens, with the O_ flags of open; the caller's reference. */
    int (*open)(const char *path, int flags, mode_t mode, struct file **file_out);
    /* Fills in what it knows; the rest is zero. */
    int (*describe)(const char *path, struct stat *description);
    int (*remove)(const char *path, bool directory);
    int (*rename)(const char *from, const char *to);
    int (*make_directory)(const char *path, mode_t mode);
};

/* What is there now: the boot modules under /boot, of which nothing can be changed. */
extern const struct file_system boot_file_system;

int vfs_open(const char *path, int flags, mode_t mode, struct file **file_out);
int vfs_describe(const char *path, struct stat *description);
int vfs_remove(const char *path, bool directory);
int vfs_rename(const char *from, const char *to);
int vfs_make_directory(const char *path, mode_t mode);
