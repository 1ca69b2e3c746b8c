/* Paths, as text and through a file system. */
#pragma once

#include "file_system.h"

struct simple_path {
    uint32_t size;
    bool is_directory;           /* it ended with a slash */
    char text[VFS_PATH_MAX + 1]; /* parts with a slash between each two; no NUL */
};

/* Takes slashes, "." and ".." out of an absolute path. Statuses: BAD_NAME, TOO_BIG. */
[[nodiscard]] status_t path_simplify(const char *path, uint32_t size, struct simple_path *simple_out);

/* Cuts the first part off. Returns its size; the path is the rest. */
uint32_t path_cut(const char **path, uint32_t *size);

/*
 * The directory that a path leads into, and the last part of the path.
 *   name_size_out   0: the path is empty, and the directory the root
 * Statuses: NOT_FOUND, NOT_DIRECTORY, those of look_up.
 */
[[nodiscard]] status_t path_walk(struct file_system *file_system, const char *path, uint32_t size, struct node **directory_out,
                                 const char **name_out, uint32_t *name_size_out);

/* What the path leads to. */
[[nodiscard]] status_t path_find(struct file_system *file_system, const char *path, uint32_t size, struct node **node_out);

/* Is `path` below `above`, or the same? Both simple. */
bool path_is_below(const char *path, uint32_t size, const char *above, uint32_t above_size);
