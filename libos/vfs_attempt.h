/*
 * The loop around a call of s\vfs:
 *
 *     struct vfs_attempt attempt = { .is_safe = true };
 *     while (vfs_attempt(file, &attempt)) {
 *         attempt.status = vfs_call_close(attempt.server, &(struct vfs_call_handle){ attempt.handle }, NULL);
 *     }
 *     return attempt.status;
 */
#pragma once

#include <ternion/vfs.h>

struct vfs_attempt {
    bool is_safe;                /* to ask again what a server took and did not answer */
    status_t status;             /* of the attempt that was made last */
    process_id_t server;
    uint32_t handle;             /* of the file */
    bool has_begun;
    nanoseconds_t deadline_ns;   /* 0: all went well so far */
};

/*
 * True: server and handle are good, as far as is known: make the call. False: it is done with.
 *   file   opened again if its server has died; NULL: the call is about a path
 */
[[nodiscard]] bool vfs_attempt(struct vfs_file *file, struct vfs_attempt *attempt);
