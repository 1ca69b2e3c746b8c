/* Programs as they lie in files. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libc/file.h"

struct image {
    const void *bytes;
    uint32_t size;
    uint32_t pages;     /* go with image_close */
    struct file *file;
};

/* Brings the program of a path into memory. A negated errno: -ENOENT, -EACCES: it is no file to be run, -ENOEXEC: it is empty, … */
int image_open(const char *path, struct image *image_out);

void image_close(struct image *image);

/* Does the program take a block (libc/start_block.h)? */
bool image_has_libc(const void *bytes, uint32_t size);
