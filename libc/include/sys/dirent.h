/* Entries of directories: what newlib's <dirent.h> leaves to the system. */
#pragma once

#include <sys/types.h>
#include <limits.h>

#ifndef NAME_MAX
#define NAME_MAX 255
#endif

typedef struct directory_stream DIR;

struct dirent {
    ino_t d_ino;
    unsigned char d_type;   /* DT_… */
    char d_name[NAME_MAX + 1];
};

#define _DIRENT_HAVE_D_TYPE

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
