#include "vfs_attempt.h"

#include <ternion/clock.h>
#include <ternion/process.h>

#define PATIENCE_NS (5 * SECOND) /* a supervised server is back by then, or given up */
#define PAUSE_NS (10 * MILLISECOND)

/* What an open file is opened again without: it is there by now. */
#define ONCE_FLAGS (VFS_CREATE | VFS_EXCLUSIVE | VFS_TRUNCATE)

static process_id_t known_server;    /* 0: to be looked up */

static bool is_gone(status_t status)
{
    return status == BAD_ID || status == PEER_DIED || status == DISCARDED;
}

static status_t find_server(struct vfs_attempt *attempt)
{
    process_id_t server = __atomic_load_n(&known_server, __ATOMIC_RELAXED);

    if (server == 0) {
        nanoseconds_t deadline_ns = attempt->deadline_ns != 0 ? attempt->deadline_ns : clock_after(PATIENCE_NS);
        status_t status = name_wait(VFS_SERVER, deadline_ns, &server);

        if (status != OK) {
            return attempt->deadline_ns != 0 ? PEER_DIED : status;
        }
        __atomic_store_n(&known_server, server, __ATOMIC_RELAXED);
    }
    attempt->server = server;
    return OK;
}

static void forget_server(process_id_t server)
{
    (void)__atomic_compare_exchange_n(&known_server, &server, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* The handle of a file, which is opened again if its server is another by now. */
static status_t find_handle(struct vfs_file *file, struct vfs_attempt *attempt)
{
    status_t status = OK;

    lock_acquire(&file->lock);
    if (file->server != attempt->server) {
        struct payload path = { .string = file->path, .string_size = file->path_size };
        struct vfs_call_opened opened;

        status = vfs_call_open(attempt->server, &(struct vfs_call_flags){ file->flags & ~ONCE_FLAGS }, &opened, &path);
        if (status == OK) {
            file->server = attempt->server;
            file->handle = opened.handle;
        }
    }
    attempt->handle = file->handle;
    lock_release(&file->lock);
    return status;
}

/* After an attempt: is there a reason for another one? */
static bool is_worth_asking_again(struct vfs_attempt *attempt)
{
    if (!is_gone(attempt->status)) {
        return false;
    }
    forget_server(attempt->server);
    if (attempt->status != BAD_ID && !attempt->is_safe) {
        attempt->status = PEER_DIED;
        return false;
    }
    if (attempt->deadline_ns == 0) {
        attempt->deadline_ns = clock_after(PATIENCE_NS);
        return true;
    }
    if (clock_now() >= attempt->deadline_ns) {
        attempt->status = PEER_DIED;
        return false;
    }
    clock_sleep(PAUSE_NS);       /* its name may stay for a moment */
    return true;
}

bool vfs_attempt(struct vfs_file *file, struct vfs_attempt *attempt)
{
    for (;;) {
        if (attempt->has_begun && !is_worth_asking_again(attempt)) {
            return false;
        }
        attempt->has_begun = true;
        attempt->status = find_server(attempt);
        if (attempt->status != OK) {
            return false;
        }
        if (file == NULL) {
            return true;
        }
        attempt->status = find_handle(file, attempt);
        if (attempt->status == OK) {
            return true;
        }
        if (attempt->status != BAD_ID && is_gone(attempt->status)) {
            attempt->status = BAD_ID;    /* opening again is safe, whatever the call is */
        }
    }
}
