/* What is asked of s\vfs by paths. */
#include "vfs_attempt.h"

#include <ternion/string.h>

/* Paths, each but the last ended by a NUL. */
struct paths {
    uint32_t size;
    char text[2 * VFS_PATH_MAX + 1];
};

/* Puts a path behind those that are there. Statuses: TOO_BIG. */
static status_t paths_add(struct paths *paths, const char *path, uint32_t most)
{
    uint32_t size = (uint32_t)strnlen(path, most + 1);
    bool is_first = paths->size == 0;

    if (size > most || paths->size + !is_first + size > sizeof paths->text) {
        return TOO_BIG;
    }
    if (!is_first) {
        paths->text[paths->size++] = '\0';
    }
    memcpy(paths->text + paths->size, path, size);
    paths->size += size;
    return OK;
}

status_t vfs_path_describe(const char *path, struct vfs_description *description_out)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct payload payload = { .string = path, .string_size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1) };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_describe_path(attempt.server, NULL, description_out, &payload);
    }
    return attempt.status;
}

status_t vfs_path_set_changed(const char *path, int64_t changed_s)
{
    struct vfs_attempt attempt = { .is_safe = true };
    struct payload payload = { .string = path, .string_size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1) };
    struct vfs_call_time request = { 0, (uint32_t)changed_s, (uint32_t)((uint64_t)changed_s >> 32) };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_set_changed(attempt.server, &request, NULL, &payload);
    }
    return attempt.status;
}

status_t vfs_path_make_directory(const char *path)
{
    struct vfs_attempt attempt = { .is_safe = false };
    struct payload payload = { .string = path, .string_size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1) };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_make_directory(attempt.server, NULL, NULL, &payload);
    }
    return attempt.status;
}

status_t vfs_path_remove(const char *path, bool is_directory)
{
    struct vfs_attempt attempt = { .is_safe = false };
    struct payload payload = { .string = path, .string_size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1) };
    struct vfs_call_flags request = { is_directory ? VFS_DIRECTORY : 0 };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_remove(attempt.server, &request, NULL, &payload);
    }
    return attempt.status;
}

status_t vfs_path_rename(const char *from, const char *to)
{
    struct vfs_attempt attempt = { .is_safe = false };
    struct paths paths = { 0 };

    if (*from == '\0') {
        return BAD_NAME;
    }
    if (paths_add(&paths, from, VFS_PATH_MAX) != OK || paths_add(&paths, to, VFS_PATH_MAX) != OK) {
        return TOO_BIG;
    }
    struct payload payload = { .string = paths.text, .string_size = paths.size };
    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_rename(attempt.server, NULL, NULL, &payload);
    }
    return attempt.status;
}

status_t vfs_synchronise(void)
{
    struct vfs_attempt attempt = { .is_safe = false };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_synchronise(attempt.server, &(struct vfs_call_handle){ 0 }, NULL);
    }
    return attempt.status;
}

status_t vfs_mount_at(uint32_t index, struct vfs_mount_description *mount_out)
{
    struct vfs_attempt attempt = { .is_safe = true };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_mounts(attempt.server, &(struct vfs_call_cursor){ .cursor = index }, mount_out);
    }
    return attempt.status;
}

status_t vfs_mount(const char *device, const char *path, const char *type, uint32_t flags)
{
    struct vfs_attempt attempt = { .is_safe = false };
    struct paths paths = { 0 };

    if (*device == '\0') {
        return BAD_NAME;
    }
    if (paths_add(&paths, device, 63) != OK || paths_add(&paths, path, VFS_NAME_MAX + 1) != OK
        || paths_add(&paths, type == NULL ? "" : type, 15) != OK) {
        return TOO_BIG;
    }
    struct payload payload = { .string = paths.text, .string_size = paths.size };
    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_mount(attempt.server, &(struct vfs_call_flags){ flags }, NULL, &payload);
    }
    return attempt.status;
}

status_t vfs_unmount(const char *path)
{
    struct vfs_attempt attempt = { .is_safe = false };
    struct payload payload = { .string = path, .string_size = (uint32_t)strnlen(path, VFS_PATH_MAX + 1) };

    while (vfs_attempt(NULL, &attempt)) {
        attempt.status = vfs_call_unmount(attempt.server, NULL, NULL, &payload);
    }
    return attempt.status;
}
