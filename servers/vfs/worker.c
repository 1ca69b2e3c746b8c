#include "worker.h"

#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>

#include "disk.h"
#include "open_file.h"

/* ---- The first thread's side ---- */

/* What an operation sends back as a string, at most. */
static uint32_t buffer_size(const struct job *job)
{
    return job->operation == JOB_READ ? job->count : job->operation == JOB_LIST ? VFS_LIST_MAX : 0;
}

static void copy_span(struct span *span, uint8_t **place)
{
    if (span->size != 0) {
        memcpy(*place, span->text, span->size);
    }
    span->text = (const char *)*place;
    *place += span->size;
}

status_t worker_take(const struct job *job)
{
    uint32_t room = buffer_size(job);
    struct job *copy = malloc(sizeof *copy + room + job->path.size + job->new_path.size + job->bytes.size);

    if (copy == NULL) {
        return NO_MEMORY;
    }
    *copy = *job;
    copy->buffer = copy + 1;
    uint8_t *place = (uint8_t *)(copy + 1) + room;
    copy_span(&copy->path, &place);
    copy_span(&copy->new_path, &place);
    copy_span(&copy->bytes, &place);
    mount_put(job->mount, copy);
    return OK;
}

/* ---- The worker's side ---- */

#define SHAPE_OF(prefix, name, number, ...) [number] = &prefix##_##name##_shape,
static const struct operation_shape *const shapes[JOB_OPERATIONS] = { VFS_PROTOCOL(SHAPE_OF, SHAPE_OF, vfs_call) };

static struct job *take(struct mount *mount)
{
    lock_acquire(&mount->lock);
    while (mount->first == NULL) {
        condition_wait(&mount->filled, &mount->lock);
    }
    struct job *job = mount->first;
    mount->first = job->next;
    if (mount->first == NULL) {
        mount->last = &mount->first;
    }
    lock_release(&mount->lock);
    return job;
}

static void answer(struct job *job, status_t status)
{
    struct payload payload = { .string = job->out, .string_size = job->out_size, .pages = job->pages, .page_count = job->page_count,
                               .page_flags = job->page_flags };

    status_t sent = server_answer(&job->pending, shapes[job->operation], status, &job->reply, &payload);
    bool is_given = job->page_count != 0 && job->page_flags == PAGES_GIVE && sent == OK && job->pending.id != 0 && status == OK;
    if (job->page_count != 0 && job->page_flags == PAGES_GIVE && !is_given) {
        pages_give_back(job->pages, job->page_count);
    }
    if (sent != OK && sent != BAD_ID) {
        server_drop(&job->pending);
    }
}

/* A request about a mount whose file system could not be found: what waits for it must not wait for ever. */
static void fail(struct job *job)
{
    if (job->operation == JOB_OPEN || job->operation == JOB_TAKE) {
        open_file_done(job->file, NULL);
    } else if (job->operation == JOB_CLOSE) {
        open_file_end(job->file);
    }
}

/* Looks for the file system anew if there is none, or the medium is another by now. */
static status_t ready(struct mount *mount, const struct job *job)
{
    if (mount->file_system != NULL && job->operation != JOB_CLOSE) {
        status_t status = disk_check(mount);

        if (status != OK) {
            return status;
        }
    }
    return mount->file_system != NULL ? OK : job->operation == JOB_CLOSE ? NOT_FOUND : disk_mount(mount);
}

static status_t unmount(struct mount *mount)
{
    if (open_file_count_on(mount) != 0) {
        return BUSY;
    }
    return mount->file_system == NULL ? OK : disk_unmount(mount);
}

/* A list of mounts shows those that are not there, too. */
static status_t describe_absent(const struct mount *mount, struct job *job)
{
    memset(&job->reply.mount, 0, sizeof job->reply.mount);
    job->reply.mount.file_system = mount->number;
    memcpy(job->reply.mount.path, mount->path, mount->path_size);
    memcpy(job->reply.mount.device, mount->device, sizeof mount->device);
    return OK;
}

static status_t run(struct mount *mount, struct job *job)
{
    if (job->operation == JOB_UNMOUNT) {
        return unmount(mount);
    }
    status_t status = ready(mount, job);
    if (job->operation == JOB_MOUNT) {
        return status;
    }
    if (status != OK && job->operation == JOB_MOUNTS) {
        return describe_absent(mount, job);
    }
    if (status != OK) {
        fail(job);
        return status;
    }
    return job_run(job);
}

/* Tells of what nobody waits for: mounts of the start. */
static void tell(const struct mount *mount, const struct job *job, status_t status)
{
    if (job->operation != JOB_MOUNT) {
        return;
    }
    if (status == OK) {
        log_print(LOG_INFORMATION, "%s is %s on %s", mount->path, mount->file_system->operations->type, mount->device);
    } else if (status == FAULT) {
        log_print(LOG_WARNING, "%s: there is no file system that is known on %s, or the device fails", mount->path, mount->device);
    } else {
        log_print(LOG_WARNING, "%s cannot be mounted at %s: %s", mount->device, mount->path, status_meaning(status));
    }
}

void worker_run(void *argument)
{
    struct mount *mount = argument;
    bool goes_on = true;

    while (goes_on) {
        struct job *job = take(mount);
        status_t status = run(mount, job);

        tell(mount, job, status);
        bool leaves = (job->operation == JOB_UNMOUNT && status == OK)
                   || (job->operation == JOB_MOUNT && status != OK && job->pending.id != 0);
        if (leaves) {
            mount_forget(mount);
            goes_on = false;
        } else if (job->operation == JOB_UNMOUNT) {
            __atomic_store_n(&mount->is_leaving, false, __ATOMIC_SEQ_CST);
        }
        answer(job, status);
        free(job);
    }
}
