/* Commands of a shell. */
#pragma once

#include <spawn.h>
#include <sys/types.h>

/* Starts a shell with a command. A negated errno: -ENOENT, -EACCES: there is no shell. */
int command_start(const char *command, const posix_spawn_file_actions_t *actions, pid_t *pid_out);

#define EXIT_NO_SHELL 127 /* POSIX: as if a shell had ended with it */
