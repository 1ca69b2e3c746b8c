/* /boot: the boot modules, files under their paths, programs under their names. Read-only; who wants pages gets those of the module itself. */
#pragma once

#include "file_system.h"

/* Statuses: NO_MEMORY. */
[[nodiscard]] status_t boot_make(struct file_system **file_system_out);
