/* The boot modules: what GRUB has loaded beside the kernel. They stay in memory, so a program can be started again. */
#pragma once

#include <stdint.h>

#include <abi/status.h>
#include <abi/system.h>

/*
 * Finds a boot module.
 *   name              of a file its path, of a program its name with the prefix
 *   index_out         for module_bytes
 *   information_out   what the kernel tells about it
 * Statuses: NOT_FOUND.
 */
[[nodiscard]] status_t module_find(const char *name, module_index_t *index_out,
                                   struct module_information *information_out);

/*
 * Gives the bytes of a module, mapped read-only for ever.
 * Statuses: those of module_map.
 */
[[nodiscard]] status_t module_bytes(module_index_t index, const void **bytes_out);
