/*
 * utime and its kin: when a file was written last. The file server keeps that time alone, in seconds: it is the time of modification;
 * that of access is the same, and what is asked of it means nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>

#include <ternion/vfs.h>

#include "libc/descriptor.h"
#include "libc/path.h"
#include "libc/result.h"
#include "libc/vfs.h"
#include "libc/vfs_file.h"

/* What utimensat is given, as the server has it. 0; 1: nothing is to be set; -EINVAL. */
static int seconds_of(const struct timespec *times, int64_t *seconds_out)
{
    if (times == NULL || times[1].tv_nsec == UTIME_NOW) {
        *seconds_out = VFS_TIME_NOW;
        return 0;
    }
    if (times[1].tv_nsec == UTIME_OMIT) {
        return 1;
    }
    *seconds_out = times[1].tv_sec;
    return times[1].tv_nsec < 0 || times[1].tv_nsec >= 1000000000 ? -EINVAL : 0;
}

static int set_path(const char *path, const struct timespec *times)
{
    struct stat description;
    int64_t seconds = 0;
    int result = seconds_of(times, &seconds);

    if (result == 1) {
        return vfs_describe(path, &description);
    }
    return result < 0 ? result : vfs_set_changed(path, seconds);
}

static int set_descriptor(int descriptor, const struct timespec *times)
{
    int64_t seconds = 0;
    int result = seconds_of(times, &seconds);
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    if (result == 0) {
        result = vfs_file_set_time(file, seconds);
    }
    file_release(file);
    return result == 1 ? 0 : result;
}

int utimensat(int descriptor, const char *path, const struct timespec *times, int flags)
{
    char absolute[PATH_SIZE];

    (void)flags;
    if (descriptor == AT_FDCWD) {
        return (int)result_or_errno(set_path(path, times));
    }
    int result = path_resolve_at(descriptor, path, absolute);
    return (int)result_or_errno(result < 0 ? result : set_path(absolute, times));
}

int futimens(int descriptor, const struct timespec *times)
{
    return (int)result_or_errno(set_descriptor(descriptor, times));
}

static const struct timespec *converted(const struct timeval *times, struct timespec *specs)
{
    if (times == NULL) {
        return NULL;
    }
    for (int i = 0; i < 2; i++) {
        bool is_good = times[i].tv_usec >= 0 && times[i].tv_usec < 1000000;
        specs[i] = (struct timespec){ times[i].tv_sec, is_good ? times[i].tv_usec * 1000 : -3 };
    }
    return specs;
}

int utimes(const char *path, const struct timeval *times)
{
    struct timespec specs[2];

    return (int)result_or_errno(set_path(path, converted(times, specs)));
}

int lutimes(const char *path, const struct timeval *times)
{
    return utimes(path, times);
}

int futimes(int descriptor, const struct timeval *times)
{
    struct timespec specs[2];

    return (int)result_or_errno(set_descriptor(descriptor, converted(times, specs)));
}

int utime(const char *path, const struct utimbuf *times)
{
    struct timespec specs[2] = { { 0 } };

    if (times != NULL) {
        specs[0].tv_sec = times->actime;
        specs[1].tv_sec = times->modtime;
    }
    return (int)result_or_errno(set_path(path, times == NULL ? NULL : specs));
}
