/* What the arguments say: mount=DEVICE:/NAME, tmp=KB. */
#pragma once

#include <stdint.h>

#define OPTION_MOUNTS_MAX 8U

struct option_mount {
    const char *device;          /* ended by a NUL */
    const char *path;
};

struct options {
    uint32_t mount_count;
    struct option_mount mounts[OPTION_MOUNTS_MAX];
    uint32_t tmp_kb;             /* 0: nothing was said */
};

/* What cannot be understood is told to the log, and left out. Cuts the arguments. */
void options_read(struct options *options, int argc, char **argv);
