/* The boot module from which the kernel has started this process. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

struct module_image {
    const void *bytes;
    uint32_t size;               /* up to the end of the last segment: symbols are not needed to spawn it */
};

/* Maps it. NOT_FOUND: this process does not come from a boot module; others: of module_map. */
[[nodiscard]] status_t module_image_map(struct module_image *image_out);
