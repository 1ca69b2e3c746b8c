#include "libc/vfs_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/syscall.h>
#include <ternion/vfs.h>

#include "libc/status_errno.h"

#define BLOCK_SIZE 512U                 /* of st_blocks */
#define PAGES_SIZE_MAX (VFS_PAGES_MAX * PAGE_SIZE)

struct server_file {
    struct file file;
    struct vfs_file vfs;
};

static struct vfs_file *vfs_of(struct file *file)
{
    return &((struct server_file *)file)->vfs;
}

/* ---- Reading and writing ---- */

static ssize_t server_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    uint32_t count;

    if (position > (int64_t)VFS_POSITION_MAX) {
        return 0;
    }
    status_t status = vfs_file_read(vfs_of(file), (uint64_t)position, bytes, (uint32_t)size, &count);
    return status != OK ? status_error_of_file(status) : (ssize_t)count;
}

/*
 * What was written before something went wrong counts: the next call will tell. But not where more of an append may have been written than
 * is known: a caller that goes on after a short count would append it twice.
 */
static ssize_t write_at(struct file *file, const void *bytes, size_t size, uint64_t position, int64_t *end_of_append_out)
{
    uint32_t count = 0;
    status_t status = vfs_file_write(vfs_of(file), position, bytes, (uint32_t)size, &count, (uint64_t *)end_of_append_out);

    bool is_in_doubt = status == PEER_DIED && end_of_append_out != NULL;
    if (status != OK && (count == 0 || is_in_doubt)) {
        return status_error_of_file(status);
    }
    if ((file->flags & O_SYNC) != 0) {
        status = vfs_file_synchronise(vfs_of(file));
        if (status != OK) {
            return status_error_of_file(status);
        }
    }
    return (ssize_t)count;
}

static ssize_t server_write(struct file *file, const void *bytes, size_t size, int64_t position)
{
    /* The last position is another word for the end. */
    return position >= (int64_t)VFS_POSITION_END ? -EFBIG : write_at(file, bytes, size, (uint64_t)position, NULL);
}

static ssize_t server_append(struct file *file, const void *bytes, size_t size, int64_t *end_out)
{
    return write_at(file, bytes, size, VFS_POSITION_END, end_out);
}

static int server_truncate(struct file *file, int64_t size)
{
    return size > (int64_t)VFS_POSITION_MAX ? -EFBIG : status_error_of_file(vfs_file_resize(vfs_of(file), (uint64_t)size));
}

static int server_synchronise(struct file *file)
{
    return status_error_of_file(vfs_file_synchronise(vfs_of(file)));
}

static ssize_t server_pages(struct file *file, size_t size, const void **pages_out)
{
    uint32_t wanted = (uint32_t)(size < PAGES_SIZE_MAX ? size : PAGES_SIZE_MAX);
    void *pages;
    uint32_t count;
    status_t status = vfs_file_read_pages(vfs_of(file), 0, (wanted + PAGE_SIZE - 1) / PAGE_SIZE, &pages, &count);

    if (status != OK) {
        return status_error_of_file(status);
    }
    *pages_out = pages;
    return (ssize_t)count;
}

static int server_read_directory(struct file *file, uint32_t *cursor, void *entries, uint32_t *size_out)
{
    return status_error_of_file(vfs_file_list(vfs_of(file), cursor, entries, size_out));
}

static const char *server_path(struct file *file)
{
    return vfs_of(file)->path;
}

/* ---- Describing ---- */

/* There are no users and no rights: what can be written, everybody may write, and what can be read, run. */
void vfs_description_fill(const struct vfs_description *from, struct stat *description)
{
    mode_t kind = from->kind == VFS_KIND_DIRECTORY ? S_IFDIR : S_IFREG;

    description->st_mode = kind | ((from->flags & VFS_IS_READ_ONLY) != 0 ? 0555 : 0755);
    description->st_dev = (dev_t)from->file_system;
    description->st_ino = (ino_t)from->number;
    description->st_size = (off_t)from->size;
    description->st_blocks = (blkcnt_t)((from->size + BLOCK_SIZE - 1) / BLOCK_SIZE);
    description->st_blksize = PAGE_SIZE;   /* each stream has a buffer of so many bytes */
    description->st_atim.tv_sec = description->st_mtim.tv_sec = description->st_ctim.tv_sec = (time_t)from->changed_s;
}

static int server_describe(struct file *file, struct stat *description)
{
    struct vfs_description found;
    status_t status = vfs_file_describe(vfs_of(file), &found);

    if (status == OK) {
        vfs_description_fill(&found, description);
    }
    return status_error_of_file(status);
}

/* ---- Passing on ---- */

static int server_pass(struct file *file, struct passed_file *passed)
{
    struct vfs_passed server_passed;
    status_t status = vfs_file_pass(vfs_of(file), &server_passed);

    if (status != OK) {
        return status_error_of_file(status);
    }
    lock_acquire(&file->lock);
    int result = position_share(&file->position, vfs_of(file)->path);
    lock_release(&file->lock);
    passed->kind = PASSED_SERVER_FILE;
    passed->words[0] = file->position.id;
    passed->words[1] = (uint32_t)file->position.key;
    passed->words[2] = (uint32_t)(file->position.key >> 32);
    passed->words[3] = file->flags;
    passed->words[4] = server_passed.handle;
    passed->words[5] = server_passed.key_low;
    passed->words[6] = server_passed.key_high;
    return result;
}

static void server_close(struct file *file)
{
    position_leave(&file->position);
    vfs_file_close(vfs_of(file));
    free(file);
}

static const struct file_operations file_operations = {
    .read = server_read,
    .write = server_write,
    .append = server_append,
    .describe = server_describe,
    .truncate = server_truncate,
    .synchronise = server_synchronise,
    .pass = server_pass,
    .pages = server_pages,
    .close = server_close,
    .has_positions = true,
};

static const struct file_operations directory_operations = {
    .describe = server_describe,
    .synchronise = server_synchronise,
    .pass = server_pass,
    .read_directory = server_read_directory,
    .path = server_path,
    .close = server_close,
};

int vfs_file_set_time(struct file *file, int64_t changed_s)
{
    bool is_ours = file->operations == &file_operations || file->operations == &directory_operations;

    return is_ours ? status_error_of_file(vfs_file_set_changed(vfs_of(file), changed_s)) : -ENOTSUP;
}

/* ---- Opening ---- */

int vfs_path_error(status_t status, bool changes)
{
    static const char why[] = "there are no files: " VFS_SERVER " has not come up";
    static bool is_told;

    if (status == TIMED_OUT && !__atomic_exchange_n(&is_told, true, __ATOMIC_RELAXED)) {
        (void)log_write(LOG_WARNING, why, sizeof why - 1);
    }
    return status_error_of_path(status, changes);
}

static struct server_file *file_make(uint32_t flags)
{
    struct server_file *file = calloc(1, sizeof *file);

    if (file != NULL) {
        file->file.references = 1;
        file->file.flags = flags;
    }
    return file;
}

static void file_opened(struct server_file *file, struct file **file_out)
{
    file->file.operations = file->vfs.kind == VFS_KIND_DIRECTORY ? &directory_operations : &file_operations;
    *file_out = &file->file;
}

/* What the server wants to hear. */
static uint32_t server_flags(uint32_t flags)
{
    uint32_t access = flags & O_ACCMODE;
    bool is_made = (flags & O_CREAT) != 0;

    return (access != O_WRONLY ? VFS_READ : 0) | (access != O_RDONLY || is_made || (flags & O_TRUNC) != 0 ? VFS_WRITE : 0)
        | (is_made ? VFS_CREATE : 0) | (is_made && (flags & O_EXCL) != 0 ? VFS_EXCLUSIVE : 0) | ((flags & O_TRUNC) != 0 ? VFS_TRUNCATE : 0)
        | ((flags & O_DIRECTORY) != 0 ? VFS_DIRECTORY : 0);
}

/* What is there already may be one that cannot be written to, if it need not be made. */
static status_t open_existing_or_new(struct vfs_file *file, const char *path, uint32_t flags)
{
    if ((flags & (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC)) == (O_RDONLY | O_CREAT)) {
        status_t status = vfs_file_open(file, path, server_flags(flags & ~(uint32_t)O_CREAT));

        if (status != NOT_FOUND) {
            return status;
        }
    }
    return vfs_file_open(file, path, server_flags(flags));
}

int vfs_file_open_path(const char *path, int flags, struct file **file_out)
{
    if ((flags & O_ACCMODE) == O_ACCMODE || (flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
        return -EINVAL;
    }
    struct server_file *file = file_make((uint32_t)flags);
    if (file == NULL) {
        return -ENOMEM;
    }
    status_t status = open_existing_or_new(&file->vfs, path, (uint32_t)flags);
    if (status != OK) {
        free(file);
        return vfs_path_error(status, (server_flags((uint32_t)flags) & VFS_WRITE) != 0);
    }
    file_opened(file, file_out);
    return 0;
}

int vfs_file_take_passed(const uint32_t words[PASSED_WORDS], struct file **file_out)
{
    const struct vfs_passed passed = { words[4], words[5], words[6] };
    struct server_file *file = file_make(words[3]);
    char path[POSITION_TEXT_MAX + 1];

    if (file == NULL) {
        return -ENOMEM;
    }
    int result = position_join(&file->file.position, words[0], (object_key_t)words[2] << 32 | words[1], path);
    if (result == 0) {
        uint32_t again = words[3] & ~(uint32_t)(O_CREAT | O_EXCL | O_TRUNC);
        result = status_error_of_file(vfs_file_take(&file->vfs, &passed, path, server_flags(again)));
    }
    if (result < 0) {
        position_leave(&file->file.position);
        free(file);
        return result;
    }
    file_opened(file, file_out);
    return 0;
}
