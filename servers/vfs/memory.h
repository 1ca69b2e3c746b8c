/* A file system in memory, for /tmp. What is in it goes with the server. */
#pragma once

#include "file_system.h"

/*
 * An empty one.
 *   pages_max   that its files may have; names and directories are not counted, but bounded by MEMORY_NODES_MAX
 * Statuses: NO_MEMORY.
 */
[[nodiscard]] status_t memory_make(uint32_t pages_max, struct file_system **file_system_out);

#define MEMORY_NODES_MAX 16384U
#define MEMORY_FILE_MAX (1U << 30) /* bytes of a file */
