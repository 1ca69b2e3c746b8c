/*
 * A mount's device: its blocks, and the file system that is found on them. All in the mount's worker. A medium that is another by now
 * takes its file system with it: what is open there answers ABSENT, and nothing of it is read or written any more. Another device that has
 * the same file system goes on with it.
 */
#pragma once

#include "mount.h"

/* Finds the file system. Statuses: FAULT: none that is known, or the device fails; ABSENT, NO_MEMORY; BAD_ARGUMENT: no such type. */
[[nodiscard]] status_t disk_mount(struct mount *mount);

/*
 * Is it still the medium that was mounted? If not, the mount has no file system from now on. Statuses: those of the device: it cannot
 * be known.
 */
[[nodiscard]] status_t disk_check(struct mount *mount);

/* Before something is written there for the next request, the medium is looked at. */
void disk_distrust(struct file_system *file_system);

/* Ends the file system of a medium that has gone, if nothing in it is open any more. */
void disk_let_go(struct file_system *file_system);

/* Writes all, and forgets the file system; nothing is open. Statuses: FAULT: not all could be written, and it stays. */
[[nodiscard]] status_t disk_unmount(struct mount *mount);
