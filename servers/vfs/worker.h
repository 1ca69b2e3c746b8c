/* The thread of a mount that lies on a device. */
#pragma once

#include "mount.h"

/* Serves a mount's queue until it is unmounted. */
void worker_run(void *mount);

/* Has a job done by its mount's worker: copies what it points to. Statuses: NO_MEMORY. */
[[nodiscard]] status_t worker_take(const struct job *job);
