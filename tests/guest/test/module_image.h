/* Bytes of boot modules, for servers and drivers: of the one from which the kernel has started this process, and of others by name. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

struct module_image {
    const void *bytes;
    uint32_t size;               /* up to the end of the last segment: symbols are not needed to spawn it */
};

/* Maps it. NOT_FOUND: this process does not come from a boot module; others: of module_map. */
[[nodiscard]] status_t module_image_map(struct module_image *image_out);

/* Maps the module of this name, which must be there; it is the caller's to free. */
const void *module_map_named(const char *name, uint32_t *size_out);
