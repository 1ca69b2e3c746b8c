/* A mount's device: its blocks, and the file system that is found on them. All in the mount's worker. */
#pragma once

#include "mount.h"

/* Finds the file system. Statuses: FAULT: none that is known, or the device fails; ABSENT, NO_MEMORY; BAD_ARGUMENT: no such type. */
[[nodiscard]] status_t disk_mount(struct mount *mount);

/* Is it still the medium that was mounted? If not, and nothing is open, it is forgotten. Statuses: ABSENT. */
[[nodiscard]] status_t disk_check(struct mount *mount);

/* Writes all, and forgets the file system; nothing is open. Statuses: FAULT: not all could be written, and it stays. */
[[nodiscard]] status_t disk_unmount(struct mount *mount);
