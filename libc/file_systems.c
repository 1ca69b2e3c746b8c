/* What is asked of a whole file system: statvfs, pathconf, sync. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <ternion/vfs.h>

#include "libc/result.h"
#include "libc/status_errno.h"

#define BLOCK_SIZE 4096U

static fsblkcnt_t blocks(uint64_t bytes)
{
    return bytes / BLOCK_SIZE;
}

/* The mount that a file is on. */
static int describe(const struct stat *file, struct statvfs *description)
{
    struct vfs_mount_description mount;
    status_t status;

    for (uint32_t i = 0; (status = vfs_mount_at(i, &mount)) == OK; i++) {
        if (mount.file_system == (uint32_t)file->st_dev) {
            *description = (struct statvfs){
                .f_bsize = BLOCK_SIZE,
                .f_frsize = BLOCK_SIZE,
                .f_blocks = blocks(mount.size),
                .f_bfree = blocks(mount.free),
                .f_bavail = blocks(mount.free),
                .f_fsid = mount.file_system,
                .f_flag = ST_NOSUID | ((mount.flags & VFS_IS_READ_ONLY) != 0 ? ST_RDONLY : 0),
                .f_namemax = VFS_NAME_MAX,
            };
            return 0;
        }
    }
    return status == NOT_FOUND ? -ENOSYS : status_error_of_path(status, false);
}

int statvfs(const char *restrict path, struct statvfs *restrict description)
{
    struct stat file;

    return stat(path, &file) < 0 ? -1 : (int)result_or_errno(describe(&file, description));
}

int fstatvfs(int descriptor, struct statvfs *description)
{
    struct stat file;

    return fstat(descriptor, &file) < 0 ? -1 : (int)result_or_errno(describe(&file, description));
}

void sync(void)
{
    (void)vfs_synchronise();
}

static long limit(int name)
{
    switch (name) {
    case _PC_LINK_MAX:
        return 1;
    case _PC_NAME_MAX:
        return VFS_NAME_MAX;
    case _PC_PATH_MAX:
        return VFS_PATH_MAX + 1;
    case _PC_PIPE_BUF:
        return PIPE_BUF;
    case _PC_NO_TRUNC:
    case _PC_CHOWN_RESTRICTED:
        return 1;
    case _PC_FILESIZEBITS:
        return 49;
    default:
        return result_or_errno(-EINVAL);
    }
}

long pathconf(const char *path, int name)
{
    struct stat file;

    return stat(path, &file) < 0 ? -1 : limit(name);
}

long fpathconf(int descriptor, int name)
{
    struct stat file;

    return fstat(descriptor, &file) < 0 ? -1 : limit(name);
}
