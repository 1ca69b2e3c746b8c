/* A file system in memory, for /tmp. What is in it goes with the server. */
#pragma once

#include "file_system.h"

/*
 * An empty one.
 *   pages_max   that files, names and directories may have together
 * Statuses: NO_MEMORY; NO_SPACE: not even the directory has room.
 */
[[nodiscard]] status_t memory_make(uint32_t pages_max, struct file_system **file_system_out);

#define MEMORY_NODES_MAX 16384U
#define MEMORY_FILE_MAX (1U << 30) /* bytes of a file */
