/* Open files, for clients of s\vfs. */
#include "vfs_attempt.h"

#include <ternion/memory.h>
#include <ternion/string.h>

/* The path, which the file will need to be opened again. */
static status_t file_begin(struct vfs_file *file, const char *path, uint32_t flags)
{
    uint32_t size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1);

    *file = (struct vfs_file){ .flags = flags, .path_size = size };
    if (size > VFS_PATH_MAX) {
        return TOO_BIG;
    }
    file->path = malloc(size + 1);
    if (file->path == NULL) {
        return NO_MEMORY;
    }
    memcpy(file->path, path, size + 1);
    return OK;
}

/* It is open, or is none. */
static status_t file_done(struct vfs_file *file, const struct vfs_attempt *attempt, const struct vfs_call_opened *opened)
{
    if (attempt->status != OK) {
        free(file->path);
        *file = (struct vfs_file){ 0 };
        return attempt->status;
    }
    file->kind = opened->kind;
    file->is_read_only = (opened->flags & VFS_IS_READ_ONLY) != 0;
    file->size_at_open = (uint64_t)opened->size_high << 32 | opened->size_low;
    file->server = attempt->server;
    file->handle = opened->handle;
    return OK;
}

status_t vfs_file_open(struct vfs_file *file, const char *path, uint32_t flags)
{
    struct vfs_attempt attempt = { .is_safe = !(flags & VFS_EXCLUSIVE) };
    struct vfs_call_opened opened = { 0 };

    status_t status = file_begin(file, path, flags);
    if (status != OK) {
        return status;
    }
    struct payload payload = { .string = file->path, .string_size = file->path_size };
    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_open(attempt.server, &(struct vfs_call_flags){ flags }, &opened, &payload);
    }
    return file_done(file, &attempt, &opened);
}

status_t vfs_file_pass(struct vfs_file *file, struct vfs_passed *passed_out)
{
    struct vfs_attempt attempt = { .is_safe = true };

    while (vfs_attempt(file, &attempt)) {
        attempt.status = vfs_call_pass(attempt.server, &(struct vfs_call_handle){ attempt.handle }, passed_out);
    }
    return attempt.status;
}

status_t vfs_file_take(struct vfs_file *file, const struct vfs_passed *passed, const char *path, uint32_t flags)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct vfs_call_opened opened = { 0 };

    status_t status = file_begin(file, path, flags);
    if (status != OK) {
        return status;
    }
    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_take(attempt.server, passed, &opened);
    }
    if (attempt.status == NOT_FOUND) {
        free(file->path);
        return vfs_file_open(file, path, flags);
    }
    return file_done(file, &attempt, &opened);
}

void vfs_file_close(struct vfs_file *file)
{
    if (file->handle != 0) {
        /* A server that has died has closed it. */
        (void)vfs_call_close(file->server, &(struct vfs_call_handle){ file->handle }, NULL);
        free(file->path);
        *file = (struct vfs_file){ 0 };
    }
}

static struct vfs_call_range range(uint32_t handle, uint64_t position, uint32_t count)
{
    return (struct vfs_call_range){ handle, (uint32_t)position, (uint16_t)(position >> 32), (uint16_t)count };
}

/* So few bytes that they travel in registers. */
static status_t read_few(struct vfs_file *file, uint64_t position, void *buffer, uint32_t size, uint32_t *count_out)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct vfs_call_few few = { 0 };

    while (vfs_attempt(file, &attempt)) {
        struct vfs_call_range request = range(attempt.handle, position, size);
        attempt.status = vfs_call_read_few(attempt.server, &request, &few);
    }
    if (attempt.status == OK) {
        *count_out = few.count < size ? few.count : size;
        memcpy(buffer, few.bytes, *count_out);
    }
    return attempt.status;
}

status_t vfs_file_read(struct vfs_file *file, uint64_t position, void *buffer, uint32_t size, uint32_t *count_out)
{
    uint32_t done = 0;
    uint32_t part;

    if (size <= VFS_FEW_MAX && position <= VFS_POSITION_MAX) {
        return read_few(file, position, buffer, size, count_out);
    }
    do {
        struct vfs_attempt attempt = { .is_safe = true };
        struct payload payload = { .buffer = (uint8_t *)buffer + done };

        part = size - done < VFS_TRANSFER_MAX ? size - done : VFS_TRANSFER_MAX;
        payload.buffer_size = part;
        if (position + done > VFS_POSITION_MAX) {
            break;
        }
        while (vfs_attempt(file, &attempt)) {
            struct vfs_call_range request = range(attempt.handle, position + done, part);
            attempt.status = vfs_call_read(attempt.server, &request, NULL, &payload);
        }
        if (attempt.status != OK) {
            return attempt.status;
        }
        done += payload.reply_string_size;
        if (payload.reply_string_size < part) {
            break;
        }
    } while (done < size);
    *count_out = done;
    return OK;
}

status_t vfs_file_read_pages(struct vfs_file *file, uint64_t position, uint32_t pages, void **address_out, uint32_t *count_out)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct vfs_call_bytes bytes = { 0 };
    struct payload payload = { 0 };

    if (position > VFS_POSITION_MAX || pages > VFS_PAGES_MAX) {
        return BAD_ARGUMENT;
    }
    while (vfs_attempt(file, &attempt)) {
        struct vfs_call_range request = range(attempt.handle, position, pages);
        attempt.status = vfs_call_read_pages(attempt.server, &request, &bytes, &payload);
    }
    if (attempt.status == OK) {
        *address_out = payload.reply_page_count == 0 ? NULL : payload.reply_pages;
        *count_out = bytes.count <= payload.reply_page_count * PAGE_SIZE ? bytes.count : payload.reply_page_count * PAGE_SIZE;
    }
    return attempt.status;
}

status_t vfs_file_write(struct vfs_file *file, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out,
                        uint64_t *end_out)
{
    uint32_t done = 0;
    status_t status = OK;

    while (done < size && status == OK) {
        struct vfs_attempt attempt = { .is_safe = false };
        struct vfs_call_written written = { 0 };
        uint32_t part = size - done < VFS_TRANSFER_MAX ? size - done : VFS_TRANSFER_MAX;
        struct payload payload = { .string = (const uint8_t *)bytes + done, .string_size = part };

        uint64_t place = position == VFS_POSITION_END ? position : position + done;
        if (place > VFS_POSITION_MAX) {
            status = TOO_BIG;
            break;
        }
        while (vfs_attempt(file, &attempt)) {
            struct vfs_call_range request = range(attempt.handle, place, part);
            attempt.status = vfs_call_write(attempt.server, &request, &written, &payload);
        }
        status = attempt.status;
        if (status == OK) {
            done += written.count < part ? written.count : part;
            if (end_out != NULL) {
                *end_out = (uint64_t)written.end_high << 32 | written.end_low;
            }
            if (written.count == 0) {
                status = NO_SPACE;
            }
        }
    }
    *count_out = done;
    return status;
}

status_t vfs_file_resize(struct vfs_file *file, uint64_t size)
{
    struct vfs_attempt attempt = { .is_safe = true };

    while (vfs_attempt(file, &attempt)) {
        struct vfs_call_size request = { attempt.handle, (uint32_t)size, (uint32_t)(size >> 32) };
        attempt.status = vfs_call_resize(attempt.server, &request, NULL);
    }
    return attempt.status;
}

status_t vfs_file_set_changed(struct vfs_file *file, int64_t changed_s)
{
    struct vfs_attempt attempt = { .is_safe = true };

    while (vfs_attempt(file, &attempt)) {
        struct vfs_call_time request = { attempt.handle, (uint32_t)changed_s, (uint32_t)((uint64_t)changed_s >> 32) };
        attempt.status = vfs_call_set_changed(attempt.server, &request, NULL, &(struct payload){ 0 });
    }
    return attempt.status;
}

status_t vfs_file_describe(struct vfs_file *file, struct vfs_description *description_out)
{
    struct vfs_attempt attempt = { .is_safe = true };

    while (vfs_attempt(file, &attempt)) {
        attempt.status = vfs_call_describe(attempt.server, &(struct vfs_call_handle){ attempt.handle }, description_out);
    }
    return attempt.status;
}

status_t vfs_file_list(struct vfs_file *directory, uint32_t *cursor, void *buffer, uint32_t *size_out)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct payload payload = { .buffer = buffer, .buffer_size = VFS_LIST_MAX };
    struct vfs_call_next next = { 0 };

    while (vfs_attempt(directory, &attempt)) {
        struct vfs_call_cursor request = { attempt.handle, *cursor };
        attempt.status = vfs_call_list(attempt.server, &request, &next, &payload);
    }
    if (attempt.status == OK) {
        *cursor = next.cursor;
        *size_out = payload.reply_string_size;
    }
    return attempt.status;
}

const struct vfs_entry *vfs_entry_at(const void *buffer, uint32_t size, uint32_t offset)
{
    const struct vfs_entry *entry = (const void *)((const uint8_t *)buffer + offset);

    if (offset > size || size - offset < sizeof *entry || entry->entry_size > size - offset
        || entry->entry_size < sizeof *entry + entry->name_size) {
        return NULL;
    }
    return entry;
}

status_t vfs_file_synchronise(struct vfs_file *file)
{
    struct vfs_attempt attempt = { .is_safe = false };

    while (vfs_attempt(file, &attempt)) {
        attempt.status = vfs_call_synchronise(attempt.server, &(struct vfs_call_handle){ attempt.handle }, NULL);
    }
    return attempt.status;
}
