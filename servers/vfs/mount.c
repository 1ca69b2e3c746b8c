#include "mount.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/thread.h>

#include "path.h"
#include "worker.h"

#define WORKER_STACK 16384U

static struct mount mounts[MOUNTS_MAX];
static uint32_t last_number;

/* ---- The root directory ---- */

static struct file_system root;
static struct node root_node = { .file_system = &root, .references = 1, .kind = VFS_KIND_DIRECTORY, .number = 1 };

/* Whoever looks for a mount's name goes there before. */
static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    (void)directory;
    (void)name;
    (void)size;
    (void)node_out;
    return NOT_FOUND;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    (void)directory;
    while (*cursor < MOUNTS_MAX && mounts[*cursor].path_size == 0) {
        ++*cursor;
    }
    if (*cursor >= MOUNTS_MAX) {
        return NOT_FOUND;
    }
    const struct mount *mount = &mounts[(*cursor)++];
    entry_out->number = mount->number;
    entry_out->kind = VFS_KIND_DIRECTORY;
    entry_out->name_size = (uint8_t)(mount->path_size - 1);
    memcpy(entry_out->name, mount->path + 1, mount->path_size - 1);
    return OK;
}

static const struct file_system_operations operations = { .type = "root", .look_up = look_up, .list = list };
static struct file_system root = { .operations = &operations, .root = &root_node, .is_read_only = true, .block_size = PAGE_SIZE };
struct mount root_mount = { .path = "/", .path_size = 1, .file_system = &root };

/* ---- The table ---- */

static struct mount *find(const char *name, uint32_t size)
{
    for (uint32_t i = 0; i < MOUNTS_MAX; i++) {
        if (mounts[i].path_size == size + 1 && memcmp(mounts[i].path + 1, name, size) == 0) {
            return &mounts[i];
        }
    }
    return NULL;
}

/* A free one with this path. */
static status_t reserve(const char *path, struct mount **mount_out)
{
    struct simple_path simple;

    status_t status = path_simplify(path, (uint32_t)strlen(path), &simple);
    if (status != OK) {
        return status;
    }
    if (simple.size == 0 || memchr(simple.text, '/', simple.size) != NULL) {
        return BAD_NAME;
    }
    if (find(simple.text, simple.size) != NULL) {
        return EXISTS;
    }
    for (uint32_t i = 0; i < MOUNTS_MAX; i++) {
        if (__atomic_load_n(&mounts[i].path_size, __ATOMIC_SEQ_CST) == 0) {
            lock_acquire(&mounts[i].lock);       /* its last worker has let go of it */
            lock_release(&mounts[i].lock);
            mounts[i] = (struct mount){ .path = "/", .path_size = simple.size + 1, .number = ++last_number };
            mounts[i].last = &mounts[i].first;
            memcpy(mounts[i].path + 1, simple.text, simple.size);
            *mount_out = &mounts[i];
            return OK;
        }
    }
    return OVER_QUOTA;
}

status_t mount_add(const char *path, const char *type, struct file_system *file_system)
{
    struct mount *mount;

    status_t status = reserve(path, &mount);
    if (status == OK) {
        memcpy(mount->type, type, strnlen(type, sizeof mount->type - 1));
        mount->file_system = file_system;
    }
    return status;
}

status_t mount_add_device(const char *path, const char *device, const char *type, uint32_t flags, struct mount **mount_out)
{
    struct mount *mount;

    if (strlen(device) >= sizeof mount->device || strlen(type) >= sizeof mount->type) {
        return TOO_BIG;
    }
    status_t status = reserve(path, &mount);
    if (status != OK) {
        return status;
    }
    memcpy(mount->device, device, strlen(device));
    memcpy(mount->type, type, strlen(type));
    mount->flags = flags;
    mount->has_worker = true;
    status = thread_start(worker_run, mount, WORKER_STACK, NULL);
    if (status != OK) {
        mount_forget(mount);
        return NO_MEMORY;
    }
    *mount_out = mount;
    return OK;
}

void mount_forget(struct mount *mount)
{
    lock_acquire(&mount->lock);
    __atomic_store_n(&mount->path_size, 0, __ATOMIC_SEQ_CST);
    lock_release(&mount->lock);
}

struct mount *mount_of(struct span *path)
{
    const char *name = path->text;
    uint32_t size = path_cut(&path->text, &path->size);

    return size == 0 ? &root_mount : find(name, size);
}

struct mount *mount_at(uint32_t index)
{
    for (uint32_t i = 0; i < MOUNTS_MAX; i++) {
        if (mounts[i].path_size != 0 && index-- == 0) {
            return &mounts[i];
        }
    }
    return NULL;
}

bool mount_put(struct mount *mount, struct job *job)
{
    job->next = NULL;
    lock_acquire(&mount->lock);
    bool has_ended = mount->has_ended;
    if (!has_ended) {
        *mount->last = job;
        mount->last = &job->next;
        condition_signal(&mount->filled);
    }
    lock_release(&mount->lock);
    return !has_ended;
}

struct job *mount_take(struct mount *mount)
{
    lock_acquire(&mount->lock);
    while (mount->first == NULL && !mount->has_ended) {
        condition_wait(&mount->filled, &mount->lock);
    }
    struct job *job = mount->first;
    if (job != NULL) {
        mount->first = job->next;
    }
    if (mount->first == NULL) {
        mount->last = &mount->first;
    }
    lock_release(&mount->lock);
    return job;
}

struct job *mount_end(struct mount *mount)
{
    lock_acquire(&mount->lock);
    struct job *rest = mount->first;
    mount->first = NULL;
    mount->last = &mount->first;
    mount->has_ended = true;
    condition_signal(&mount->filled);
    lock_release(&mount->lock);
    return rest;
}
