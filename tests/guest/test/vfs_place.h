/* What tests of s\vfs share. */
#pragma once

#include <ternion/vfs.h>

/* Does all that a file system which can be written to promises, in a directory. */
void vfs_run_cases(const char *path);

/* How many entries a directory has, or, of a name that is not empty, how many with that name. */
uint32_t vfs_count_entries(const char *path, const char *name);
