/* Walks through trees of files. POSIX.1-2008, <ftw.h>. */
#pragma once

#include <sys/cdefs.h>
#include <sys/stat.h>

__BEGIN_DECLS

/* What is said of each file. */
#define FTW_F 0     /* a file */
#define FTW_D 1     /* a directory, before what is in it */
#define FTW_DNR 2   /* a directory that cannot be read */
#define FTW_NS 3    /* nothing is known of it */
#define FTW_SL 4    /* a symbolic link: there are none */
#define FTW_DP 5    /* a directory, after what is in it */
#define FTW_SLN 6   /* a symbolic link to nothing */

/* Flags of nftw. */
#define FTW_PHYS 1
#define FTW_MOUNT 2 /* stays in one file system */
#define FTW_DEPTH 4 /* directories come after what is in them */
#define FTW_CHDIR 8 /* ENOTSUP */

struct FTW {
    int base;       /* where the name begins in the path */
    int level;
};

/* descriptors: how many may be open at the same time; one is enough. What visit answers ends the walk if it is not 0. */
int ftw(const char *path, int (*visit)(const char *path, const struct stat *description, int type), int descriptors);
int nftw(const char *path, int (*visit)(const char *path, const struct stat *description, int type, struct FTW *place),
         int descriptors, int flags);

__END_DECLS
