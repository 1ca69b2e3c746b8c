#include "libc/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TRIES_MAX 8 /* to read where others read at the same time, whoever they are */

void file_hold(struct file *file)
{
    __atomic_add_fetch(&file->references, 1, __ATOMIC_RELAXED);
}

void file_release(struct file *file)
{
    if (__atomic_sub_fetch(&file->references, 1, __ATOMIC_ACQ_REL) == 0) {
        file->operations->close(file);
    }
}

static bool may_read(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_WRONLY && file->operations->read != NULL;
}

static bool may_write(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_RDONLY && file->operations->write != NULL;
}

/* What was moved must be sayable in the result. */
static size_t limit(size_t size)
{
    return size < SIZE_MAX / 2 ? size : SIZE_MAX / 2;
}

static int64_t file_size(struct file *file)
{
    struct stat description;

    memset(&description, 0, sizeof description);
    int result = file->operations->describe(file, &description);
    return result < 0 ? result : description.st_size;
}

/*
 * Reads, and goes on by what was read. Another process that has the file may have moved the position meanwhile: then what was read is
 * his, and it is read again from where the position is now.
 */
static ssize_t read_on(struct file *file, void *bytes, size_t size)
{
    for (int tries = 1;; tries++) {
        int64_t from = position_get(&file->position);
        ssize_t moved = file->operations->read(file, bytes, size, from);
        if (moved <= 0 || position_move(&file->position, from, from + moved) || tries == TRIES_MAX) {
            return moved;
        }
    }
}

ssize_t file_read(struct file *file, void *bytes, size_t size)
{
    if (!may_read(file)) {
        return file->operations->read_directory != NULL ? -EISDIR : -EBADF;
    }
    if (!file->operations->has_positions) {
        return file->operations->read(file, bytes, limit(size), 0);
    }
    lock_acquire(&file->lock);
    ssize_t moved = read_on(file, bytes, limit(size));
    lock_release(&file->lock);
    return moved;
}

/* The place is taken before anything is written there, so that nobody else writes to it. */
static ssize_t write_on(struct file *file, const void *bytes, size_t size)
{
    int64_t from = position_advance(&file->position, (uint32_t)size);

    if (from < 0) {
        return (ssize_t)from;
    }
    ssize_t moved = file->operations->write(file, bytes, size, from);
    if (moved < (ssize_t)size) {
        (void)position_move(&file->position, from + (int64_t)size, from + (moved < 0 ? 0 : moved));
    }
    return moved;
}

static ssize_t append(struct file *file, const void *bytes, size_t size)
{
    int64_t end;
    ssize_t moved = file->operations->append(file, bytes, size, &end);

    if (moved > 0) {
        position_set(&file->position, end);
    }
    return moved;
}

ssize_t file_write(struct file *file, const void *bytes, size_t size)
{
    if (!may_write(file)) {
        return -EBADF;
    }
    if (!file->operations->has_positions) {
        return file->operations->write(file, bytes, limit(size), 0);
    }
    bool at_end = (file->flags & O_APPEND) != 0 && file->operations->append != NULL;
    lock_acquire(&file->lock);
    ssize_t moved = at_end ? append(file, bytes, limit(size)) : write_on(file, bytes, limit(size));
    lock_release(&file->lock);
    return moved;
}

ssize_t file_read_at(struct file *file, void *bytes, size_t size, int64_t position)
{
    if (!may_read(file)) {
        return -EBADF;
    }
    if (!file->operations->has_positions) {
        return -ESPIPE;
    }
    return position < 0 ? -EINVAL : file->operations->read(file, bytes, limit(size), position);
}

ssize_t file_write_at(struct file *file, const void *bytes, size_t size, int64_t position)
{
    if (!may_write(file)) {
        return -EBADF;
    }
    if (!file->operations->has_positions) {
        return -ESPIPE;
    }
    return position < 0 ? -EINVAL : file->operations->write(file, bytes, limit(size), position);
}

/* Called with the file's lock held. */
static int64_t seek_base(struct file *file, int whence)
{
    switch (whence) {
    case SEEK_SET:
        return 0;
    case SEEK_CUR:
        return position_get(&file->position);
    case SEEK_END:
        return file_size(file);
    default:
        return -EINVAL;
    }
}

int64_t file_seek(struct file *file, int64_t offset, int whence)
{
    int64_t target;

    if (!file->operations->has_positions) {
        return -ESPIPE;
    }
    lock_acquire(&file->lock);
    int64_t base = seek_base(file, whence);
    if (base < 0) {
        target = base;
    } else if (__builtin_add_overflow(base, offset, &target)) {
        target = -EOVERFLOW;
    } else if (target < 0) {
        target = -EINVAL;
    } else {
        position_set(&file->position, target);
    }
    lock_release(&file->lock);
    return target;
}
