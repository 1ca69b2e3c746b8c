/* What a RAM disk begins with: the bytes of a boot module. */
#pragma once

#include <stdint.h>

/*
 * Maps a boot module, read-only and for ever.
 *   name                   of a file its path, of a program its name with the prefix
 *   image_out, size_out    its bytes; untouched if it cannot be had, which is said to the log
 */
void image_map(const char *name, const void **image_out, uint32_t *size_out);
