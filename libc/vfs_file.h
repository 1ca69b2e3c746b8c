/* Files and directories of the file server s\vfs, as open files. They are passed on by what it gives for that, else by their path. */
#pragma once

#include <abi/status.h>

#include "libc/file.h"
#include "libc/passed_file.h"

/*
 * Opens a path, absolute and simple, with the O_ flags of open; the caller's reference. A negated errno. It may block: until there is a
 * file server, for some seconds.
 */
int vfs_file_open_path(const char *path, int flags, struct file **file_out);

/* Opens what was passed on. */
int vfs_file_take_passed(const uint32_t words[PASSED_WORDS], struct file **file_out);

/* When it was written last. -ENOTSUP: it is no file of the server's. */
int vfs_file_set_time(struct file *file, int64_t changed_s);

/* status_error_of_path; that there is no file server is told to the log, once. */
int vfs_path_error(status_t status, bool changes);

struct vfs_description;

/* What stat says of it; what nobody knows is as it was. */
void vfs_description_fill(const struct vfs_description *from, struct stat *description);
