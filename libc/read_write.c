/* read, write and what else is done with an open descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/signals.h"
#include "libc/start.h"

/* Whoever reads or writes has descriptors, and so needs those that its spawner gave. */
START_NEEDED;

ssize_t read(int descriptor, void *bytes, size_t size)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (ssize_t)result_or_errno(-EBADF);
    }
    ssize_t moved = file_read(file, bytes, size);
    file_release(file);
    return (ssize_t)result_or_errno(moved);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (ssize_t)result_or_errno(-EBADF);
    }
    ssize_t moved = file_write(file, bytes, size);
    file_release(file);
    if (moved == -EPIPE) {
        signal_raise_if_handled(SIGPIPE);
    }
    return (ssize_t)result_or_errno(moved);
}

ssize_t pread(int descriptor, void *bytes, size_t size, off_t position)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (ssize_t)result_or_errno(-EBADF);
    }
    ssize_t moved = file_read_at(file, bytes, size, position);
    file_release(file);
    return (ssize_t)result_or_errno(moved);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t position)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (ssize_t)result_or_errno(-EBADF);
    }
    ssize_t moved = file_write_at(file, bytes, size, position);
    file_release(file);
    return (ssize_t)result_or_errno(moved);
}

off_t lseek(int descriptor, off_t offset, int whence)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (off_t)result_or_errno(-EBADF);
    }
    int64_t position = file_seek(file, offset, whence);
    file_release(file);
    return (off_t)result_or_errno(position);
}

int close(int descriptor)
{
    return (int)result_or_errno(descriptor_close(descriptor));
}

int fstat(int descriptor, struct stat *description)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (int)result_or_errno(-EBADF);
    }
    memset(description, 0, sizeof *description);
    description->st_nlink = 1;
    description->st_blksize = BUFSIZ;
    int result = file->operations->describe(file, description);
    file_release(file);
    return (int)result_or_errno(result);
}

int ftruncate(int descriptor, off_t size)
{
    int result = -EINVAL;
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (int)result_or_errno(-EBADF);
    }
    if (size >= 0 && (file->flags & O_ACCMODE) != O_RDONLY && file->operations->truncate != NULL) {
        result = file->operations->truncate(file, size);
    }
    file_release(file);
    return (int)result_or_errno(result);
}

int fsync(int descriptor)
{
    int result = 0;
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return (int)result_or_errno(-EBADF);
    }
    if (file->operations->synchronise != NULL) {
        result = file->operations->synchronise(file);
    }
    file_release(file);
    return (int)result_or_errno(result);
}

int fdatasync(int descriptor)
{
    return fsync(descriptor);
}

int isatty(int descriptor)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        errno = EBADF;
        return 0;
    }
    bool is_terminal = file->operations->is_terminal;
    file_release(file);
    if (!is_terminal) {
        errno = ENOTTY;
    }
    return is_terminal;
}
