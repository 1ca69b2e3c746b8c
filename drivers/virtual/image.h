/* What disks begin with: the bytes of boot modules. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Maps a boot module, read-only and for ever.
 *   name                   of a file its path, of a program its name with the prefix
 *   number                 of the disk that it is for
 *   image_out, size_out    its bytes; untouched if it cannot be had, which is said to the log
 */
void image_map(const char *name, uint32_t number, const void **image_out, uint32_t *size_out);

#define IMAGE_PREFIX "disks/"

struct image {
    const char *name;                /* behind IMAGE_PREFIX; holds until the next call */
    const void *bytes;
    uint32_t size;
};

/*
 * Maps the next boot module that is a file whose path begins with IMAGE_PREFIX.
 *   index   of the module to begin with, 0 at first; then that behind the one that was found
 * False: there are no more. One that cannot be mapped is left out, which is said to the log.
 */
bool image_next(uint32_t *index, struct image *image_out);
