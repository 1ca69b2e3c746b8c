/* What <spawn.h> keeps for posix_spawn: what is to be done with descriptors, and attributes. */
#pragma once

#include <spawn.h>
#include <stdbool.h>

#include <abi/types.h>

enum file_action_kind { ACTION_CLOSE, ACTION_DUP2, ACTION_OPEN };

struct file_action {
    struct file_action *next;
    enum file_action_kind kind;
    int descriptor;             /* that it changes */
    int source;                 /* ACTION_DUP2 */
    int flags;                  /* ACTION_OPEN, with what follows */
    mode_t mode;
    char path[];
};

struct __posix_spawn_file_actions {
    struct file_action *first;
    struct file_action **end;   /* where the next one goes */
};

struct __posix_spawnattr {
    short flags;
    bool has_class;
    process_class_t class;
    pid_t group;
    sigset_t defaults;
    sigset_t mask;
};
