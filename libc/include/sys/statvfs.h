/* What is known of a whole file system. POSIX.1-2008, <sys/statvfs.h>. */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS

struct statvfs {
    unsigned long f_bsize;      /* bytes of a block */
    unsigned long f_frsize;     /* the same */
    fsblkcnt_t f_blocks;        /* 0: that has no meaning */
    fsblkcnt_t f_bfree;
    fsblkcnt_t f_bavail;
    fsfilcnt_t f_files;         /* 0: not known */
    fsfilcnt_t f_ffree;
    fsfilcnt_t f_favail;
    unsigned long f_fsid;       /* st_dev of what is in it */
    unsigned long f_flag;
    unsigned long f_namemax;
};

#define ST_RDONLY 1
#define ST_NOSUID 2

int statvfs(const char *__restrict path, struct statvfs *__restrict description);
int fstatvfs(int descriptor, struct statvfs *description);

__END_DECLS
