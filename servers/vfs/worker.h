/* The thread of a mount that lies on a device. */
#pragma once

#include "mount.h"

/* Serves a mount's queue until it is unmounted. */
void worker_run(void *mount);

/*
 * Has a job done by its mount's worker: copies what it points to. Statuses: NO_MEMORY; NOT_FOUND: it was unmounted meanwhile. Unless it
 * is OK the job is given up: a file does not begin to open, a mount goes.
 */
[[nodiscard]] status_t worker_take(const struct job *job);

/* Gives it up without having tried. */
void worker_refuse(const struct job *job);
