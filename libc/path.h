/* Paths: what the working directory makes of them. Portable. Any thread may call these. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PATH_SIZE 1024U /* bytes of an absolute path, the NUL included */

/*
 * Makes a path absolute and simple: no ".", no "..", no empty parts, no slash at the end but that of "/".
 *   directory   absolute and simple; paths that do not begin with a slash begin there
 * -ENOENT: the path is empty; -ENAMETOOLONG.
 */
int path_simplify(const char *directory, const char *path, char out[PATH_SIZE]);

/* The same, from the working directory. */
int path_resolve(const char *path, char out[PATH_SIZE]);

/* The same, from a directory that is open, or from the working directory: AT_FDCWD. -EBADF, -ENOTDIR. */
int path_resolve_at(int descriptor, const char *path, char out[PATH_SIZE]);

/* The working directory becomes this one, absolute; what is none becomes "/". */
void path_set_directory(const char *directory);

/* Copies the working directory. -ERANGE: it does not fit. */
int path_get_directory(char *out, size_t size);

/*
 * The file server takes "." and ".." out of a path before it looks anything up. What makes, removes and renames must not be asked
 * by such a name (POSIX.1-2008, rmdir and rename: [EINVAL]; mkdir: the directory is there, or something before it is not).
 */
bool path_ends_in_dots(const char *path);
