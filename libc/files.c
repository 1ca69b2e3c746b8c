/* What is done with paths: opening, describing, removing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/descriptor.h"
#include "libc/path.h"
#include "libc/pipe_file.h"
#include "libc/result.h"
#include "libc/start.h"
#include "libc/vfs.h"

START_NEEDED;

static int open_descriptor(const char *path, int flags)
{
    struct file *file;
    int result = vfs_open(path, flags, &file);

    if (result < 0) {
        return result;
    }
    result = descriptor_add(file, 0, (flags & O_CLOEXEC) != 0);
    if (result < 0) {
        file_release(file);
    }
    return result;
}

/* A new file has no rights of its own: what `mode` says means nothing. */
int open(const char *path, int flags, ...)
{
    return (int)result_or_errno(open_descriptor(path, flags));
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int stat(const char *restrict path, struct stat *restrict description)
{
    return (int)result_or_errno(vfs_describe(path, description));
}

/* There are no symbolic links. */
int lstat(const char *restrict path, struct stat *restrict description)
{
    return stat(path, description);
}

/* There are no users: what the file's owner may, everybody may. */
int access(const char *path, int wanted)
{
    struct stat description;
    int result = vfs_describe(path, &description);

    if (result == 0 && (((mode_t)wanted << 6) & ~description.st_mode & S_IRWXU) != 0) {
        result = (wanted & W_OK) != 0 ? -EROFS : -EACCES;
    }
    return (int)result_or_errno(result);
}

int unlink(const char *path)
{
    return (int)result_or_errno(vfs_remove(path, false));
}

int rmdir(const char *path)
{
    return (int)result_or_errno(path_ends_in_dots(path) ? -EINVAL : vfs_remove(path, true));
}

int remove(const char *path)
{
    struct stat description;
    int result = vfs_describe(path, &description);

    if (result == 0) {
        result = path_ends_in_dots(path) ? -EINVAL : vfs_remove(path, S_ISDIR(description.st_mode));
    }
    return (int)result_or_errno(result);
}

int rename(const char *from, const char *to)
{
    return (int)result_or_errno(path_ends_in_dots(from) || path_ends_in_dots(to) ? -EINVAL : vfs_rename(from, to));
}

int mkdir(const char *path, mode_t mode)
{
    struct stat description;
    int result = path_ends_in_dots(path) ? vfs_describe(path, &description) : vfs_make_directory(path);

    (void)mode;
    return (int)result_or_errno(result == 0 && path_ends_in_dots(path) ? -EEXIST : result);
}

int truncate(const char *path, off_t size)
{
    int descriptor = open(path, O_WRONLY);

    if (descriptor < 0) {
        return -1;
    }
    int result = ftruncate(descriptor, size);
    int error = errno;
    (void)close(descriptor);
    errno = error;
    return result;
}

int chdir(const char *path)
{
    char simple[PATH_SIZE];
    struct stat description;
    int result = path_resolve(path, simple);

    if (result == 0) {
        result = vfs_describe(simple, &description);
    }
    if (result == 0 && !S_ISDIR(description.st_mode)) {
        result = -ENOTDIR;
    }
    if (result == 0) {
        path_set_directory(simple);
    }
    return (int)result_or_errno(result);
}

char *getcwd(char *buffer, size_t size)
{
    char *own = NULL;

    if (buffer == NULL) {
        size = size == 0 ? PATH_SIZE : size;
        own = buffer = malloc(size);
        if (buffer == NULL) {
            errno = ENOMEM;
            return NULL;
        }
    }
    int result = size == 0 ? -EINVAL : path_get_directory(buffer, size);
    if (result < 0) {
        free(own);
        errno = -result;
        return NULL;
    }
    return buffer;
}

/* Gives both ends numbers, or none. */
static int add_both(struct file *const files[2], bool stays_here, int descriptors[2])
{
    int reading = descriptor_add(files[0], 0, stays_here);

    if (reading < 0) {
        file_release(files[0]);
        file_release(files[1]);
        return reading;
    }
    int writing = descriptor_add(files[1], 0, stays_here);
    if (writing < 0) {
        (void)descriptor_close(reading);
        file_release(files[1]);
        return writing;
    }
    descriptors[0] = reading;
    descriptors[1] = writing;
    return 0;
}

int pipe2(int descriptors[2], int flags)
{
    struct file *files[2];

    if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) {
        return (int)result_or_errno(-EINVAL);
    }
    int result = pipe_file_create((uint32_t)flags & O_NONBLOCK, files);
    return (int)result_or_errno(result < 0 ? result : add_both(files, (flags & O_CLOEXEC) != 0, descriptors));
}

int pipe(int descriptors[2])
{
    return pipe2(descriptors, 0);
}
