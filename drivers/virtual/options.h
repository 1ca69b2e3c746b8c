/* The arguments of d\virtual. */
#pragma once

#include <stdint.h>

#define DISKS_MAX 16U            /* that arguments make */
#define IMAGES_MAX 32U           /* that boot modules are */
#define DISK_KB_USUAL 256U

struct options {
    uint32_t disk_count;
    uint32_t disk_kb[DISKS_MAX];     /* 0: as large as its image */
    const char *images[DISKS_MAX];   /* names of the boot modules that the disks begin with; NULL: none */
};

/* What is wrong with them is said to the log, and left out. */
void options_read(struct options *options, int argc, char **argv);
