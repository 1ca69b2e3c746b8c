/* ISO 9660 (ECMA-119), with Rock Ridge names (IEEE P1282) or Joliet's. Read-only. */
#pragma once

#include "blocks.h"
#include "file_system.h"

/* Statuses: FAULT: there is none; NO_MEMORY; those of the blocks. The blocks stay as long as it. */
[[nodiscard]] status_t iso9660_make(struct blocks *blocks, struct file_system **file_system_out);
