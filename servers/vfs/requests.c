#include "requests.h"

#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "open_file.h"
#include "path.h"
#include "worker.h"

/* ---- From a request to a job, and back ---- */

/* Of the request that is served; a job for a worker is copied with them. */
static struct simple_path first_path, second_path;

static void begin(struct job *job, struct server_call *call, uint32_t operation)
{
    job->operation = operation;
    job->pending.id = 0;
    job->file = NULL;
    job->flags = 0;
    job->must_be_directory = false;
    job->path.size = job->new_path.size = job->bytes.size = 0;
    job->buffer = call->buffer;
    job->out_size = 0;
    job->out = NULL;
    job->page_count = 0;
    memset(&job->reply, 0, sizeof(struct vfs_call_few));     /* what is larger is filled in entirely */
}

/*
 * Has the job served by its mount's worker. A client waits for each of its requests, so there are no more of them than it has threads;
 * those that were only sent would have no end.
 */
static status_t submit_to_worker(struct job *job, struct server_call *call)
{
    status_t later = server_answer_later(call, &job->pending);

    if (job->pending.id == 0 && job->operation != JOB_CLOSE) {
        worker_refuse(job);
        return later;
    }
    status_t status = worker_take(job);
    if (status != OK) {
        (void)server_answer(&job->pending, call->shape, status, NULL, NULL);
    }
    return later;
}

/* Serves the job, or has it served. What goes back is the call's. */
static status_t submit(struct job *job, struct server_call *call, void *reply, uint32_t reply_size)
{
    if (job->mount->has_worker) {
        return submit_to_worker(job, call);
    }
    status_t status = job_run(job);
    if (status == OK) {
        memcpy(reply, &job->reply, reply_size);
        if (job->out_size != 0) {
            server_give_string(call, job->out, job->out_size);
        }
        if (job->page_count != 0) {
            server_give_pages(call, job->pages, job->page_count, job->page_flags);
        }
    }
    return status;
}

/* A job about a path. */
static status_t take_path(struct job *job, const char *text, uint32_t size, struct simple_path *simple, struct span *path)
{
    status_t status = path_simplify(text, size, simple);

    if (status != OK) {
        return status;
    }
    *path = (struct span){ simple->text, simple->size };
    job->mount = mount_of(path);
    if (job->mount == NULL) {
        return NOT_FOUND;
    }
    return __atomic_load_n(&job->mount->is_leaving, __ATOMIC_SEQ_CST) ? BUSY : OK;
}

static status_t begin_with_path(struct job *job, struct server_call *call, uint32_t operation)
{
    begin(job, call, operation);
    return take_path(job, call->string, call->string_size, &first_path, &job->path);
}

/* Nothing can be made in the root directory: that a name is not there is no reason. */
static status_t when_made(status_t status, const struct simple_path *path)
{
    return status == NOT_FOUND && memchr(path->text, '/', path->size) == NULL ? NOT_ALLOWED : status;
}

static status_t begin_with_handle(struct job *job, struct server_call *call, uint32_t operation, uint32_t handle)
{
    struct open_file *file = open_file_find(call->sender, handle);

    if (file == NULL) {
        return NOT_FOUND;
    }
    begin(job, call, operation);
    job->file = file;
    job->mount = file->mount;
    return OK;
}

/* ---- Open files ---- */

static bool flags_are_good(uint32_t flags)
{
    bool writes = (flags & VFS_WRITE) != 0;

    return (flags & ~VFS_OPEN_FLAGS) == 0 && (flags & (VFS_READ | VFS_WRITE)) != 0
        && (writes || !(flags & (VFS_CREATE | VFS_TRUNCATE | VFS_APPEND))) && ((flags & VFS_CREATE) || !(flags & VFS_EXCLUSIVE));
}

static status_t open(struct server_call *call, const struct vfs_call_flags *request, struct vfs_call_opened *reply)
{
    struct job job;

    if (!flags_are_good(request->flags)) {
        return BAD_ARGUMENT;
    }
    status_t status = begin_with_path(&job, call, JOB_OPEN);
    job.flags = request->flags | (first_path.is_directory ? VFS_DIRECTORY : 0);
    if ((job.flags & (VFS_CREATE | VFS_DIRECTORY)) == VFS_CREATE) {
        status = when_made(status, &first_path);
    }
    if (status == OK) {
        status = open_file_begin(call->sender, job.mount, request->flags, &job.file);
    }
    if (status != OK) {
        return status;
    }
    return submit(&job, call, reply, sizeof *reply);
}

static status_t close(struct server_call *call, const struct vfs_call_handle *request, struct nothing *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_CLOSE, request->handle);
    if (status == OK) {
        open_file_leave(job.file);
        status = submit(&job, call, reply, 0);
    }
    return status;
}

/* The key is made when it is first asked for. */
static status_t pass(struct server_call *call, const struct vfs_call_handle *request, struct vfs_passed *reply)
{
    struct open_file *file = open_file_find(call->sender, request->handle);

    if (file == NULL) {
        return NOT_FOUND;
    }
    while (file->key == 0) {
        MUST(system_random(&file->key, sizeof file->key));
    }
    *reply = (struct vfs_passed){ file->handle, (uint32_t)file->key, (uint32_t)(file->key >> 32) };
    return OK;
}

/* Before the other one can be closed: what is asked of a mount is done in its order. */
static status_t take(struct server_call *call, const struct vfs_passed *request, struct vfs_call_opened *reply)
{
    struct job job;

    begin(&job, call, JOB_TAKE);
    job.source = open_file_find_by_key(request->handle, (uint64_t)request->key_high << 32 | request->key_low);
    if (job.source == NULL) {
        return NOT_FOUND;
    }
    job.mount = job.source->mount;
    status_t status = open_file_begin(call->sender, job.mount, job.source->flags, &job.file);
    return status == OK ? submit(&job, call, reply, sizeof *reply) : status;
}

static uint64_t position_of(const struct vfs_call_range *range)
{
    return (uint64_t)range->position_high << 32 | range->position_low;
}

static status_t read(struct server_call *call, const struct vfs_call_range *request, struct nothing *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_READ, request->handle);
    if (status != OK || request->count > VFS_TRANSFER_MAX) {
        return status != OK ? status : BAD_ARGUMENT;
    }
    job.position = position_of(request);
    job.count = request->count;
    return submit(&job, call, reply, 0);
}

static status_t read_few(struct server_call *call, const struct vfs_call_range *request, struct vfs_call_few *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_READ_FEW, request->handle);
    if (status != OK || request->count > VFS_FEW_MAX) {
        return status != OK ? status : BAD_ARGUMENT;
    }
    job.position = position_of(request);
    job.count = request->count;
    return submit(&job, call, reply, sizeof *reply);
}

static status_t read_pages(struct server_call *call, const struct vfs_call_range *request, struct vfs_call_bytes *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_READ_PAGES, request->handle);
    if (status == OK) {
        job.position = position_of(request);
        job.count = request->count;
        status = submit(&job, call, reply, sizeof *reply);
    }
    return status;
}

static status_t write(struct server_call *call, const struct vfs_call_range *request, struct vfs_call_written *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_WRITE, request->handle);
    if (status != OK || request->count != call->string_size) {
        return status != OK ? status : BAD_ARGUMENT;
    }
    job.position = position_of(request);
    job.bytes = (struct span){ call->string, call->string_size };
    return submit(&job, call, reply, sizeof *reply);
}

static status_t describe(struct server_call *call, const struct vfs_call_handle *request, struct vfs_description *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_DESCRIBE, request->handle);
    return status == OK ? submit(&job, call, reply, sizeof *reply) : status;
}

static status_t resize(struct server_call *call, const struct vfs_call_size *request, struct nothing *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_RESIZE, request->handle);
    if (status == OK) {
        job.position = (uint64_t)request->size_high << 32 | request->size_low;
        status = submit(&job, call, reply, 0);
    }
    return status;
}

static status_t list(struct server_call *call, const struct vfs_call_cursor *request, struct vfs_call_next *reply)
{
    struct job job;

    status_t status = begin_with_handle(&job, call, JOB_LIST, request->handle);
    if (status == OK) {
        job.count = request->cursor;
        status = submit(&job, call, reply, sizeof *reply);
    }
    return status;
}

/* ---- Paths ---- */

static status_t describe_path(struct server_call *call, const struct nothing *request, struct vfs_description *reply)
{
    struct job job;
    (void)request;

    status_t status = begin_with_path(&job, call, JOB_DESCRIBE_PATH);
    job.flags = first_path.is_directory ? VFS_DIRECTORY : 0;
    return status == OK ? submit(&job, call, reply, sizeof *reply) : status;
}

static status_t set_changed(struct server_call *call, const struct vfs_call_time *request, struct nothing *reply)
{
    struct job job;

    status_t status = request->handle != 0 ? begin_with_handle(&job, call, JOB_SET_CHANGED, request->handle)
                    : begin_with_path(&job, call, JOB_SET_CHANGED);
    job.flags = request->handle == 0 && first_path.is_directory ? VFS_DIRECTORY : 0;
    job.position = (uint64_t)request->seconds_high << 32 | request->seconds_low;
    return status == OK ? submit(&job, call, reply, 0) : status;
}

static status_t make_directory(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    struct job job;
    (void)request;

    status_t status = when_made(begin_with_path(&job, call, JOB_MAKE_DIRECTORY), &first_path);
    return status == OK ? submit(&job, call, reply, 0) : status;
}

static status_t remove(struct server_call *call, const struct vfs_call_flags *request, struct nothing *reply)
{
    struct job job;

    if ((request->flags & ~VFS_DIRECTORY) != 0) {
        return BAD_ARGUMENT;
    }
    status_t status = begin_with_path(&job, call, JOB_REMOVE);
    job.flags = request->flags;
    job.must_be_directory = first_path.is_directory;
    return status == OK ? submit(&job, call, reply, 0) : status;
}

static status_t rename(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    const char *end = call->string_size == 0 ? NULL : memchr(call->string, '\0', call->string_size);
    struct mount *from;
    struct job job;
    (void)request;

    if (end == NULL) {
        return BAD_NAME;
    }
    begin(&job, call, JOB_RENAME);
    uint32_t size = (uint32_t)(end - (const char *)call->string);
    status_t status = take_path(&job, call->string, size, &first_path, &job.path);
    if (status != OK) {
        return status;
    }
    from = job.mount;
    status = when_made(take_path(&job, end + 1, call->string_size - size - 1, &second_path, &job.new_path), &second_path);
    if (status != OK || job.mount != from) {
        return status != OK ? status : OTHER_FILE_SYSTEM;
    }
    job.must_be_directory = first_path.is_directory || second_path.is_directory;
    return submit(&job, call, reply, 0);
}

/* ---- File systems ---- */

/* All are written: those with workers by their threads, of which nobody waits for more than one; the last one answers. */
static status_t synchronise_all(struct server_call *call, struct nothing *reply)
{
    struct job job;
    struct mount *mount;
    struct mount *last = NULL;

    begin(&job, call, JOB_SYNCHRONISE);
    for (uint32_t i = 0; (mount = mount_at(i)) != NULL; i++) {
        if (mount->has_worker && last != NULL) {
            job.mount = last;
            if (worker_take(&job) == NO_MEMORY) {
                return NO_MEMORY;
            }
        }
        last = mount->has_worker ? mount : last;
    }
    job.mount = last;
    return last == NULL ? OK : submit(&job, call, reply, 0);
}

static status_t synchronise(struct server_call *call, const struct vfs_call_handle *request, struct nothing *reply)
{
    struct job job;

    if (request->handle == 0) {
        return synchronise_all(call, reply);
    }
    status_t status = begin_with_handle(&job, call, JOB_SYNCHRONISE, request->handle);
    return status == OK ? submit(&job, call, reply, 0) : status;
}

static status_t mounts(struct server_call *call, const struct vfs_call_cursor *request, struct vfs_mount_description *reply)
{
    struct job job;

    begin(&job, call, JOB_MOUNTS);
    job.mount = mount_at(request->cursor);
    return job.mount == NULL ? NOT_FOUND : submit(&job, call, reply, sizeof *reply);
}

/* The string up to the next NUL, which is skipped, or its end; NULL: it does not fit. */
static const char *cut_string(const char **at, const char *end, char *buffer, uint32_t size)
{
    const char *nul = memchr(*at, '\0', (size_t)(end - *at));
    uint32_t length = (uint32_t)((nul == NULL ? end : nul) - *at);

    if (length >= size) {
        return NULL;
    }
    memcpy(buffer, *at, length);
    buffer[length] = '\0';
    *at += length + (nul != NULL);
    return buffer;
}

static status_t mount(struct server_call *call, const struct vfs_call_flags *request, struct nothing *reply)
{
    const char *at = call->string;
    const char *end = at + call->string_size;
    char device[64], path[VFS_NAME_MAX + 2], type[16];
    struct job job;

    if (call->sender_class == CLASS_APPLICATION) {
        return NOT_ALLOWED;
    }
    if (call->string_size == 0 || (request->flags & ~VFS_IS_READ_ONLY) != 0) {
        return BAD_ARGUMENT;
    }
    if (cut_string(&at, end, device, sizeof device) == NULL || cut_string(&at, end, path, sizeof path) == NULL
        || cut_string(&at, end, type, sizeof type) == NULL) {
        return TOO_BIG;
    }
    begin(&job, call, JOB_MOUNT);
    status_t status = mount_add_device(path, device, type, request->flags, &job.mount);
    return status == OK ? submit(&job, call, reply, 0) : status;
}

static status_t unmount(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    struct job job;
    (void)request;

    if (call->sender_class == CLASS_APPLICATION) {
        return NOT_ALLOWED;
    }
    status_t status = begin_with_path(&job, call, JOB_UNMOUNT);
    if (status != OK) {
        return status;
    }
    if (job.path.size != 0 || job.mount == &root_mount) {
        return NOT_FOUND;        /* no mount's path */
    }
    if (!job.mount->has_worker) {
        return NOT_ALLOWED;      /* the server's own stay */
    }
    job.mount->is_leaving = true;
    return submit(&job, call, reply, 0);
}

/* ---- Clients that end ---- */

void requests_client_ended(process_id_t process)
{
    struct open_file *file;

    while ((file = open_file_of_dead(process)) != NULL) {
        struct job job = { .operation = JOB_CLOSE, .file = file, .mount = file->mount };

        if (!job.mount->has_worker) {
            (void)job_run(&job);
        } else {
            (void)worker_take(&job);
        }
    }
}

PROTOCOL_SERVER(vfs_call, VFS_PROTOCOL, .open = open, .close = close, .read = read, .read_pages = read_pages, .write = write,
                .describe = describe, .describe_path = describe_path, .resize = resize, .list = list, .make_directory = make_directory,
                .remove = remove, .rename = rename, .synchronise = synchronise, .mounts = mounts, .mount = mount, .unmount = unmount,
                .read_few = read_few, .pass = pass, .take = take, .set_changed = set_changed)

struct server requests_server = SERVER(&vfs_call_protocol);
