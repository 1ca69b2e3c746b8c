/*
 * What file systems here do not have: owners, rights that could be changed, links. What asks for what is so anyway succeeds; all else
 * is refused as POSIX has it for such file systems.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/path.h"
#include "libc/result.h"
#include "libc/vfs.h"

/* Rights may be taken away or given where they mean nothing; whether a file can be written to is not to be changed. */
static int check_mode(const struct stat *description, mode_t mode)
{
    return ((description->st_mode ^ mode) & S_IWUSR) == 0 ? 0 : -EPERM;
}

int chmod(const char *path, mode_t mode)
{
    struct stat description;
    int result = vfs_describe(path, &description);

    return (int)result_or_errno(result < 0 ? result : check_mode(&description, mode));
}

int fchmod(int descriptor, mode_t mode)
{
    struct stat description;

    return fstat(descriptor, &description) < 0 ? -1 : (int)result_or_errno(check_mode(&description, mode));
}

/* Everything is user 0's. */
static int check_owner(uid_t user, gid_t group)
{
    return (user == 0 || user == (uid_t)-1) && (group == 0 || group == (gid_t)-1) ? 0 : -EPERM;
}

int chown(const char *path, uid_t user, gid_t group)
{
    struct stat description;
    int result = vfs_describe(path, &description);

    return (int)result_or_errno(result < 0 ? result : check_owner(user, group));
}

int lchown(const char *path, uid_t user, gid_t group)
{
    return chown(path, user, group);
}

int fchown(int descriptor, uid_t user, gid_t group)
{
    struct stat description;

    return fstat(descriptor, &description) < 0 ? -1 : (int)result_or_errno(check_owner(user, group));
}

int link(const char *from, const char *to)
{
    (void)from, (void)to;
    return (int)result_or_errno(-EPERM);
}

int symlink(const char *target, const char *path)
{
    (void)target, (void)path;
    return (int)result_or_errno(-EPERM);
}

ssize_t readlink(const char *restrict path, char *restrict target, size_t size)
{
    struct stat description;
    int result = vfs_describe(path, &description);

    (void)target, (void)size;
    return (ssize_t)result_or_errno(result < 0 ? result : -EINVAL);
}

char *realpath(const char *restrict path, char *restrict resolved)
{
    char simple[PATH_SIZE];
    struct stat description;
    int result = path_resolve(path, simple);

    if (result == 0) {
        result = vfs_describe(path, &description);
    }
    if (result_or_errno(result) < 0) {
        return NULL;
    }
    return resolved == NULL ? strdup(simple) : strcpy(resolved, simple);
}
