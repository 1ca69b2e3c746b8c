/*
 * /processes and /devices: what the kernel has names for, as text. Read-only. The text of a file is made when it is
 * opened, and stays as it was then. "name value" is a line; a person and a script can read it.
 *
 * /dev: the names that the C library serves itself, so that they can be listed.
 */
#pragma once

#include "file_system.h"

/* Statuses: NO_MEMORY. */
[[nodiscard]] status_t names_make_processes(struct file_system **file_system_out);
[[nodiscard]] status_t names_make_devices(struct file_system **file_system_out);
[[nodiscard]] status_t names_make_dev(struct file_system **file_system_out);
