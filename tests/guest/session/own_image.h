/* Other processes of this program, whose image is a boot module. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

/* Starts this program as an application of a name (without prefix), to obey verbs. Statuses: those of files, and of process_spawn. */
[[nodiscard]] status_t own_image_start(const char *name, int count, char *const verbs[], process_id_t *id_out);
