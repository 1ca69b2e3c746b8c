/* Programs that are boot modules, for tests of the classes driver and server to start. */
#pragma once

#include <abi/types.h>

/*
 * Starts and watches one, with what its manifest asks for.
 *   path       of the module, as in "vfs.elf"
 *   name       without prefix
 *   argument   strings; NULL ends them
 */
process_id_t module_spawn(const char *path, process_class_t class, const char *name, ...) __attribute__((sentinel));
