/* What requests do, in the thread of their mount. */
#include "job.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "job_names.h"
#include "open_file.h"
#include "path.h"

/* ---- Opening ---- */

/* The node of a name, made if the flags say so. */
static status_t find_or_create(struct job *job, struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    const struct file_system_operations *operations = mount_operations(job->mount);
    status_t status = operations->look_up(directory, name, size, node_out);

    if (status == OK && (job->flags & VFS_EXCLUSIVE)) {
        node_release(*node_out);
        return EXISTS;
    }
    if (status != NOT_FOUND || !(job->flags & VFS_CREATE)) {
        return status;
    }
    if (mount_is_read_only(job->mount) || operations->create == NULL) {
        return NOT_ALLOWED;
    }
    return (job->flags & VFS_DIRECTORY) ? NOT_FOUND : operations->create(directory, name, size, VFS_KIND_FILE, node_out);
}

static status_t check_opened(struct job *job, struct node *node)
{
    bool is_directory = node->kind == VFS_KIND_DIRECTORY;

    if (is_directory && (job->flags & VFS_WRITE)) {
        return IS_DIRECTORY;
    }
    if (!is_directory && (job->flags & VFS_DIRECTORY)) {
        return NOT_DIRECTORY;
    }
    if ((job->flags & VFS_WRITE) && (mount_is_read_only(job->mount) || mount_operations(job->mount)->write == NULL)) {
        return NOT_ALLOWED;
    }
    return (job->flags & VFS_TRUNCATE) && node->size != 0 ? mount_operations(job->mount)->resize(node, 0) : OK;
}

static status_t find_node(struct job *job, struct node **node_out)
{
    struct node *directory;
    const char *name;
    uint32_t size;

    status_t status = path_walk(job->mount->file_system, job->path.text, job->path.size, &directory, &name, &size);
    if (status != OK) {
        return status;
    }
    if (size == 0) {
        *node_out = directory;
        return (job->flags & VFS_EXCLUSIVE) ? EXISTS : OK;
    }
    status = find_or_create(job, directory, name, size, node_out);
    node_release(directory);
    return status;
}

/* The file has its node, or, with NULL, none. */
static status_t opened(struct job *job, struct node *node, status_t status)
{
    if (status == OK) {
        node->file_system->held_count++;
        job->reply.opened = (struct vfs_call_opened){ job->file->handle, (uint32_t)node->size, (uint16_t)(node->size >> 32),
                                                      (uint8_t)node->kind, mount_is_read_only(job->mount) ? VFS_IS_READ_ONLY : 0 };
    }
    open_file_done(job->file, node);
    return status;
}

static status_t open(struct job *job)
{
    struct node *node = NULL;

    status_t status = find_node(job, &node);
    if (status == OK) {
        status = check_opened(job, node);
        if (status != OK) {
            node_release(node);
            node = NULL;
        }
    } else {
        node = NULL;
    }
    return opened(job, node, status);
}

static status_t take(struct job *job)
{
    return opened(job, node_hold(job->source->node), OK);
}

/* A file that could not be opened before its client ended has no node. */
static status_t close(struct job *job)
{
    if (job->file->node != NULL) {
        job->file->node->file_system->held_count--;
        node_release(job->file->node);
    }
    open_file_end(job->file);
    return OK;
}

/* ---- Reading ---- */

static status_t check_file(const struct job *job, uint32_t flag)
{
    if (job->file->node->kind != VFS_KIND_FILE) {
        return IS_DIRECTORY;
    }
    return (job->file->flags & flag) ? OK : NOT_ALLOWED;
}

static status_t read(struct job *job)
{
    struct node *node = job->file->node;
    const struct file_system_operations *operations = mount_operations(job->mount);

    status_t status = check_file(job, VFS_READ);
    if (status != OK || job->position >= node->size || job->count == 0) {
        return status;
    }
    uint64_t left = node->size - job->position;
    uint32_t size = job->count < left ? job->count : (uint32_t)left;
    job->out = operations->view == NULL ? NULL : operations->view(node, job->position, size);
    if (job->out == NULL) {
        status = operations->read(node, job->position, job->buffer, size);
        job->out = job->buffer;
    }
    job->out_size = status == OK ? size : 0;
    return status;
}

static status_t read_few(struct job *job)
{
    status_t status;

    job->buffer = job->reply.few.bytes;
    status = read(job);
    job->reply.few.count = job->out_size;
    if (job->out_size != 0 && job->out != job->buffer) {
        memcpy(job->buffer, job->out, job->out_size);
    }
    job->out_size = 0;
    return status;
}

/* Reads into pages that are given away. */
static status_t read_own_pages(struct job *job, uint32_t count, uint32_t bytes)
{
    void *pages = pages_take(count);

    if (pages == NULL) {
        return NO_MEMORY;
    }
    status_t status = mount_operations(job->mount)->read(job->file->node, job->position, pages, bytes);
    if (status != OK) {
        pages_give_back(pages, count);
        return status;
    }
    job->pages = pages;
    job->page_count = count;
    job->page_flags = PAGES_GIVE;
    return OK;
}

static status_t read_pages(struct job *job)
{
    struct node *node = job->file->node;

    status_t status = check_file(job, VFS_READ);
    if (status == OK && (job->position % PAGE_SIZE != 0 || job->count > VFS_PAGES_MAX)) {
        status = BAD_ARGUMENT;
    }
    if (status != OK || job->position >= node->size || job->count == 0) {
        return status;
    }
    uint64_t left = node->size - job->position;
    uint32_t bytes = job->count * PAGE_SIZE < left ? job->count * PAGE_SIZE : (uint32_t)left;
    status = mount_operations(job->mount)->pages == NULL ? NO_MEMORY
           : mount_operations(job->mount)->pages(node, (uint32_t)(job->position / PAGE_SIZE), PAGES(bytes), &job->pages, &job->page_count);
    job->page_flags = PAGES_SHARE;
    if (status == NO_MEMORY) {
        status = read_own_pages(job, PAGES(bytes), bytes);
    }
    if (status == OK) {
        uint32_t there = job->page_count * PAGE_SIZE;
        job->reply.bytes.count = bytes < there ? bytes : there;
    }
    return status;
}

static void put_entry(uint8_t *place, const struct directory_entry *entry, uint32_t size)
{
    struct vfs_entry *out = (struct vfs_entry *)place;

    memset(place + size - 4, 0, 4);
    out->number = entry->number;
    out->entry_size = (uint16_t)size;
    out->kind = entry->kind;
    out->name_size = entry->name_size;
    memcpy(out->name, entry->name, entry->name_size);
}

static status_t list(struct job *job)
{
    struct node *node = job->file->node;
    struct directory_entry entry;
    uint32_t cursor = job->count;
    uint32_t used = 0;
    status_t status;

    if (node->kind != VFS_KIND_DIRECTORY) {
        return NOT_DIRECTORY;
    }
    job->reply.next.cursor = cursor;
    while ((status = mount_operations(job->mount)->list(node, &cursor, &entry)) == OK) {
        uint32_t size = (uint32_t)(sizeof(struct vfs_entry) + entry.name_size + 3) & ~3U;

        if (used + size > VFS_LIST_MAX) {
            break;
        }
        put_entry((uint8_t *)job->buffer + used, &entry, size);
        used += size;
        job->reply.next.cursor = cursor;
    }
    job->out = job->buffer;
    job->out_size = used;
    return status == NOT_FOUND || used != 0 ? OK : status;
}

static void describe_node(struct job *job, const struct node *node)
{
    job->reply.description = (struct vfs_description){
        .size = node->size,
        .number = node->number,
        .changed_s = node->changed_s,
        .kind = node->kind,
        .flags = mount_is_read_only(job->mount) ? VFS_IS_READ_ONLY : 0,
        .file_system = job->mount->number,
        .block_size = job->mount->file_system->block_size,
    };
}

static status_t describe(struct job *job)
{
    describe_node(job, job->file->node);
    return OK;
}

static status_t describe_path(struct job *job)
{
    struct node *node;

    status_t status = path_find(job->mount->file_system, job->path.text, job->path.size, &node);
    if (status != OK) {
        return status;
    }
    if ((job->flags & VFS_DIRECTORY) && node->kind != VFS_KIND_DIRECTORY) {
        status = NOT_DIRECTORY;
    } else {
        describe_node(job, node);
    }
    node_release(node);
    return status;
}

/* ---- Writing ---- */

static status_t write(struct job *job)
{
    struct node *node = job->file->node;
    uint32_t count = 0;

    status_t status = check_file(job, VFS_WRITE);
    if (status != OK) {
        return status;
    }
    uint64_t position = (job->file->flags & VFS_APPEND) || job->position == VFS_POSITION_END ? node->size : job->position;
    if (job->bytes.size != 0) {
        status = mount_operations(job->mount)->write(node, position, job->bytes.text, job->bytes.size, &count);
    }
    if (status == OK) {
        position += count;
        job->reply.written = (struct vfs_call_written){ (uint32_t)position, (uint32_t)(position >> 32), count };
    }
    return status;
}

static status_t resize(struct job *job)
{
    struct node *node = job->file->node;
    status_t status = check_file(job, VFS_WRITE);

    return status != OK || node->size == job->position ? status : mount_operations(job->mount)->resize(node, job->position);
}

static status_t synchronise(struct job *job)
{
    return mount_operations(job->mount)->synchronise == NULL ? OK : mount_operations(job->mount)->synchronise(job->mount->file_system);
}

/* ---- Mounts ---- */

static status_t describe_mount(struct job *job)
{
    const struct mount *mount = job->mount;
    struct vfs_mount_description *out = &job->reply.mount;

    memset(out, 0, sizeof *out);
    out->flags = mount_is_read_only(job->mount) ? VFS_IS_READ_ONLY : 0;
    out->file_system = mount->number;
    out->open_files = open_file_count_on(job->mount);
    memcpy(out->path, mount->path, mount->path_size);
    memcpy(out->device, mount->device, sizeof out->device);
    memcpy(out->type, mount_operations(job->mount)->type, strnlen(mount_operations(job->mount)->type, sizeof out->type - 1));
    if (mount_operations(job->mount)->space != NULL) {
        mount_operations(job->mount)->space(mount->file_system, &out->size, &out->free);
    }
    return OK;
}

/* ---- All ---- */

status_t job_run(struct job *job)
{
    static status_t (*const functions[JOB_OPERATIONS])(struct job *job) = {
        [JOB_OPEN] = open,
        [JOB_CLOSE] = close,
        [JOB_READ] = read,
        [JOB_READ_PAGES] = read_pages,
        [JOB_WRITE] = write,
        [JOB_DESCRIBE] = describe,
        [JOB_DESCRIBE_PATH] = describe_path,
        [JOB_RESIZE] = resize,
        [JOB_LIST] = list,
        [JOB_MAKE_DIRECTORY] = job_make_directory,
        [JOB_REMOVE] = job_remove,
        [JOB_RENAME] = job_rename,
        [JOB_SYNCHRONISE] = synchronise,
        [JOB_MOUNTS] = describe_mount,
        [JOB_READ_FEW] = read_few,
        [JOB_TAKE] = take,
        [JOB_SET_CHANGED] = job_set_changed,
    };

    return functions[job->operation](job);
}
