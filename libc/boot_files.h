/* Boot modules as files: for those that are passed on by number. */
#pragma once

#include <abi/types.h>

#include "libc/file.h"

/* Opens a module that is a file; the caller's reference. -ENOENT, -EACCES (its class may not), -ENOMEM. */
int boot_file_open(module_index_t index, uint32_t flags, int64_t position, struct file **file_out);
