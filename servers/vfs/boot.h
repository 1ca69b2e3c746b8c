/*
 * /boot: the boot modules, files under their paths, programs under their names. Read-only.
 *
 * A module's frames are the kernel's, and no message shares them. So reading copies straight from the mapped module; who wants pages
 * gets some of a copy of the file, which is made then and kept until BOOT_COPY_PAGES_MAX are.
 */
#pragma once

#include "file_system.h"

#define BOOT_COPY_PAGES_MAX 512U /* 2 MB */

/* Statuses: NO_MEMORY. */
[[nodiscard]] status_t boot_make(struct file_system **file_system_out);
