/* What the shell needs of the system beyond the C library. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The shell's own image, for other shells: scripts and subshells. */
const char *system_shell_path(void);

/* Why a file is no program, which posix_spawn did not say. */
const char *system_image_reason(const char *path);

enum system_request {
    SYSTEM_END,         /* number: the signal that it is to have died of */
    SYSTEM_SLEEP,
    SYSTEM_WAKE,
    SYSTEM_LOOK,        /* nothing: is it there? */
};

/*
 * Asks s\tasks for something to be done to a process; with_tree: and to all that it has started. Any thread may call it.
 * 0, or an errno: EPERM; ESRCH: it is gone; ETIMEDOUT: s\tasks does not answer.
 */
int system_ask(enum system_request request, pid_t pid, int number, bool with_tree);
