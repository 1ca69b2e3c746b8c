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

static struct job *copy_of(const struct job *job)
{
    uint32_t room = buffer_size(job);
    struct job *copy = malloc(sizeof *copy + room + job->path.size + job->new_path.size + job->bytes.size);

    if (copy != NULL) {
        *copy = *job;
        copy->buffer = copy + 1;
        uint8_t *place = (uint8_t *)(copy + 1) + room;
        copy_span(&copy->path, &place);
        copy_span(&copy->new_path, &place);
        copy_span(&copy->bytes, &place);
    }
    return copy;
}

/* The job that closes a file was made when it was opened: no file stays open for want of memory. */
static struct job *closing_of(const struct job *job)
{
    struct job *closing = job->file->closing;

    job->file->closing = NULL;
    *closing = *job;
    return closing;
}

/* A job that nobody will do: what waits for it must not wait for ever. */
static void give_up(const struct job *job)
{
    if (job_opens(job)) {
        open_file_done(job->file, NULL);
    } else if (job->operation == JOB_CLOSE) {
        open_file_end(job->file);
    } else if (job->operation == JOB_MOUNT) {
        (void)mount_end(job->mount);
    } else if (job->operation == JOB_UNMOUNT) {
        __atomic_store_n(&job->mount->is_leaving, false, __ATOMIC_SEQ_CST);
    }
}

status_t worker_take(const struct job *job)
{
    struct job *copy = job->operation == JOB_CLOSE ? closing_of(job) : copy_of(job);
    status_t status = copy == NULL ? NO_MEMORY : OK;

    if (status == OK && job_opens(job)) {
        job->file->closing = malloc(sizeof *job->file->closing);
        status = job->file->closing == NULL ? NO_MEMORY : OK;
    }
    if (status == OK && !mount_put(job->mount, copy)) {
        status = NOT_FOUND;      /* it was unmounted meanwhile */
    }
    if (status != OK) {
        give_up(job);
        free(copy);
    }
    return status;
}

void worker_refuse(const struct job *job)
{
    give_up(job);
}

/* ---- The worker's side ---- */

#define SHAPE_OF(prefix, name, number, ...) [number] = &prefix##_##name##_shape,
static const struct operation_shape *const shapes[JOB_OPERATIONS] = { VFS_PROTOCOL(SHAPE_OF, SHAPE_OF, vfs_call) };

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

/* The file system that a request's handle leads to, or NULL. */
static struct file_system *file_system_of(const struct job *job)
{
    const struct open_file *file = job->operation == JOB_TAKE ? job->source : job->file;

    return file == NULL || job->operation == JOB_OPEN || file->node == NULL ? NULL : file->node->file_system;
}

/* Looks for the file system anew if there is none, or the medium is another by now. */
static status_t ready(struct mount *mount, const struct job *job)
{
    struct file_system *of_file = file_system_of(job);

    if (job->operation == JOB_CLOSE) {
        if (of_file != NULL && !of_file->is_gone) {
            disk_distrust(of_file);      /* most of them need no device */
        }
        return OK;
    }
    if (mount->file_system != NULL) {
        status_t status = disk_check(mount);

        if (status != OK) {
            return status;
        }
    }
    if (of_file != NULL) {
        return of_file == mount->file_system ? OK : ABSENT;
    }
    return mount->file_system != NULL ? OK : disk_mount(mount);
}

/* Closes, and forgets what was there for this file alone. */
static status_t close(struct job *job)
{
    struct file_system *file_system = file_system_of(job);
    status_t status = job_run(job);

    if (file_system != NULL) {
        disk_let_go(file_system);
    }
    return status;
}

static status_t unmount(struct mount *mount)
{
    if (open_file_count_on(mount) != 0) {
        return BUSY;
    }
    return mount->file_system == NULL ? OK : disk_unmount(mount);
}

/* A list of mounts shows those that are not there, too. */
static status_t describe_absent(struct mount *mount, struct job *job)
{
    memset(&job->reply.mount, 0, sizeof job->reply.mount);
    job->reply.mount.file_system = mount->number;
    job->reply.mount.open_files = open_file_count_on(mount);
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
        if (job_opens(job)) {
            open_file_done(job->file, NULL);
        }
        return status;
    }
    return job->operation == JOB_CLOSE ? close(job) : job_run(job);
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

/* Nobody shall wait for what came too late. */
static void leave(struct mount *mount)
{
    for (struct job *job = mount_end(mount), *next; job != NULL; job = next) {
        next = job->next;
        give_up(job);
        answer(job, NOT_FOUND);
        free(job);
    }
    mount_forget(mount);
}

void worker_run(void *argument)
{
    struct mount *mount = argument;
    bool leaves = false;
    struct job *job;

    while (!leaves && (job = mount_take(mount)) != NULL) {
        status_t status = run(mount, job);

        tell(mount, job, status);
        leaves = (job->operation == JOB_UNMOUNT && status == OK) || (job->operation == JOB_MOUNT && status != OK && job->pending.id != 0);
        if (leaves) {
            leave(mount);
        } else if (job->operation == JOB_UNMOUNT) {
            __atomic_store_n(&mount->is_leaving, false, __ATOMIC_SEQ_CST);
        }
        answer(job, status);
        free(job);
    }
    if (!leaves) {
        leave(mount);            /* there was no memory for its first job */
    }
}
