/*
 * The image that a process came from: the boot module whose text is the same, byte for byte. So it does not matter who
 * spawned the process, and under which name; and the symbols are the right ones. The library that the program was linked to is found the
 * same way.
 */
#pragma once

#include <abi/status.h>
#include <abi/system.h>

#include "memory.h"
#include "symbols.h"

struct image_part {
    struct symbols symbols;      /* without an image only where the text is */
    struct module_information module;
    uint32_t address;            /* where the module is mapped; 0: none was found */
};

struct image {
    struct image_part program;   /* its symbols lead to the library's */
    struct image_part library;
    status_t status;             /* NOT_ALLOWED: boot modules cannot be read; NOT_FOUND: none is it */
};

/* Finds it and maps it. */
void image_open(struct image *image, struct memory *memory);

/* Unmaps it: names of its symbols are gone then. */
void image_close(struct image *image);
