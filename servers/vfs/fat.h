/* FAT12, FAT16 and FAT32 with long names. Microsoft, FAT32 File System Specification 1.03 ("the specification"). */
#pragma once

#include "blocks.h"
#include "file_system.h"

/* Statuses: FAULT: there is none; NO_MEMORY; those of the blocks. The blocks stay as long as it. */
[[nodiscard]] status_t fat_make(struct blocks *blocks, struct file_system **file_system_out);
