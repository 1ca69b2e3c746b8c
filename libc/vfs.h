/*
 * What paths lead to: some names are the library's own (/dev/null), all others the file server's. Everything that takes a path
 * comes here, with the path as the program gave it. Any thread may call these; they may block. All answer 0 or a negated errno.
 */
#pragma once

#include <stdbool.h>

#include "libc/file.h"

/* Opens, with the O_ flags of open; the caller's reference. */
int vfs_open(const char *path, int flags, struct file **file_out);

int vfs_describe(const char *path, struct stat *description);

/* When it was written last, as vfs_path_set_changed has it (ternion/vfs.h). Of the library's own names it means nothing. */
int vfs_set_changed(const char *path, int64_t changed_s);

int vfs_remove(const char *path, bool directory);
int vfs_rename(const char *from, const char *to);
int vfs_make_directory(const char *path);
