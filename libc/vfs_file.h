/* Files and directories of the file server s\vfs, as open files. They are passed on by what it gives for that, else by their path. */
#pragma once

#include "libc/file.h"
#include "libc/passed_file.h"

/*
 * Opens a path, absolute and simple, with the O_ flags of open; the caller's reference. A negated errno. It may block: until there is a
 * file server, for some seconds.
 */
int vfs_file_open_path(const char *path, int flags, struct file **file_out);

/* Opens what was passed on. */
int vfs_file_take_passed(const uint32_t words[PASSED_WORDS], struct file **file_out);

struct vfs_description;

/* What stat says of it; what nobody knows is as it was. */
void vfs_description_fill(const struct vfs_description *from, struct stat *description);
