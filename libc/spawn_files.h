/* The descriptors of a process that is about to be spawned: those of this one, changed as the file actions say. */
#pragma once

#include "libc/descriptor.h"
#include "libc/spawn_request.h"
#include "libc/start_block.h"

struct spawn_files {
    struct file *files[DESCRIPTORS_MAX];   /* held; NULL: not open */
};

/* -EBADF: an action names what is not open, or what open answers. spawn_files_end in any case. */
int spawn_files_begin(struct spawn_files *files, const struct __posix_spawn_file_actions *actions);

/*
 * What goes into the block; how many, or a negated errno. Kinds of files that are never passed on are left out, and files that a file
 * server had which has died: nobody can read or write those any more.
 */
int spawn_files_pass(const struct spawn_files *files, struct start_descriptor descriptors[DESCRIPTORS_MAX]);

void spawn_files_end(struct spawn_files *files);
