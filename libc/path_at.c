/* What is done with paths that begin in a directory that is open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/descriptor.h"
#include "libc/path.h"
#include "libc/result.h"

int path_resolve_at(int descriptor, const char *path, char out[PATH_SIZE])
{
    if (descriptor == AT_FDCWD || *path == '/') {
        return path_resolve(path, out);
    }
    struct file *file = descriptor_hold(descriptor);
    if (file == NULL) {
        return -EBADF;
    }
    int result = file->operations->path == NULL ? -ENOTDIR : path_simplify(file->operations->path(file), path, out);
    file_release(file);
    return result;
}

/* What the simple path would lose of this one: that there must be a directory, or that it is known by dots. */
static const char *end_of(const char *path)
{
    size_t length = strlen(path);

    return path_ends_in_dots(path) ? "/." : length > 0 && path[length - 1] == '/' ? "/" : "";
}

/* The path of a function of the family: simple, but for its end. NULL: errno says why. */
static const char *path_at(int descriptor, const char *path, char out[PATH_SIZE])
{
    const char *end = end_of(path);
    int result = path_resolve_at(descriptor, path, out);

    if (result == 0 && strlen(out) + strlen(end) < PATH_SIZE) {
        strcat(out, end);
    }
    return result_or_errno(result) < 0 ? NULL : out;
}

int openat(int descriptor, const char *path, int flags, ...)
{
    char absolute[PATH_SIZE];

    return path_at(descriptor, path, absolute) == NULL ? -1 : open(absolute, flags, 0);
}

int fstatat(int descriptor, const char *restrict path, struct stat *restrict description, int flags)
{
    char absolute[PATH_SIZE];

    (void)flags;
    return path_at(descriptor, path, absolute) == NULL ? -1 : stat(absolute, description);
}

int faccessat(int descriptor, const char *path, int wanted, int flags)
{
    char absolute[PATH_SIZE];

    (void)flags;
    return path_at(descriptor, path, absolute) == NULL ? -1 : access(absolute, wanted);
}

int unlinkat(int descriptor, const char *path, int flags)
{
    char absolute[PATH_SIZE];

    if (path_at(descriptor, path, absolute) == NULL) {
        return -1;
    }
    return (flags & AT_REMOVEDIR) != 0 ? rmdir(absolute) : unlink(absolute);
}

int mkdirat(int descriptor, const char *path, mode_t mode)
{
    char absolute[PATH_SIZE];

    return path_at(descriptor, path, absolute) == NULL ? -1 : mkdir(absolute, mode);
}

int renameat(int from_descriptor, const char *from, int to_descriptor, const char *to)
{
    char absolute_from[PATH_SIZE], absolute_to[PATH_SIZE];

    if (path_at(from_descriptor, from, absolute_from) == NULL || path_at(to_descriptor, to, absolute_to) == NULL) {
        return -1;
    }
    return rename(absolute_from, absolute_to);
}

int fchdir(int descriptor)
{
    char absolute[PATH_SIZE];

    return path_at(descriptor, ".", absolute) == NULL ? -1 : chdir(absolute);
}
