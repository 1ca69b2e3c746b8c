/* The drivers among the boot modules that are files: what their manifests say that they are for. Main thread. */
#pragma once

#include <abi/types.h>
#include <ternion/pci.h>

/* An image that is for some function. */
struct image {
    char path[NAME_SIZE_MAX + 1];    /* of the boot module */
    char name[NAME_SIZE_MAX + 1];    /* of its process: the file's, without folder and .elf */
    uint32_t process_count;          /* that were named after it */
};

/* Looks through the boot modules. */
void images_find(void);

/* Forgets which processes were named after them. */
void images_begin_anew(void);

/* The image for a function: one that names it before one that names its class, else the first. NULL: there is none. */
struct image *image_for(const struct pci_function *function);
