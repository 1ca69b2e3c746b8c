#include <errno.h>

#include "apps/command/command.h"

struct meaning {
    uint8_t error;
    const char *text;
};

static const struct meaning meanings[] = {
    { ENOENT, "no such file or directory" },
    { EISDIR, "is a directory" },
    { ENOTDIR, "not a directory" },
    { EEXIST, "exists already" },
    { EACCES, "no permission" },
    { EPERM, "not permitted" },
    { EROFS, "read-only file system" },
    { ENOTEMPTY, "directory is not empty" },
    { ENOSPC, "no space left" },
    { EXDEV, "is in another file system" },
    { EBUSY, "is in use" },
    { EINVAL, "invalid name or argument" },
    { ENAMETOOLONG, "name is too long" },
    { EFBIG, "too large for the file system" },
    { EIO, "input or output failed" },
    { ENODEV, "the medium or device is not there" },
    { ETIMEDOUT, "no answer in time: is the server running?" },
    { EPIPE, "nobody reads it any more" },
    { ESTALE, "is gone: the file server was started again" },
    { EBADF, "is not open for this" },
    { ENOMEM, "not enough memory" },
    { EAGAIN, "a limit is reached: processes, memory or open files" },
    { ENFILE, "too many files are open in the system" },
    { EMFILE, "too many files are open" },
    { ESRCH, "no such process" },
    { ENOEXEC, "is not a program" },
    { E2BIG, "arguments are too long" },
    { ESPIPE, "has no positions" },
    { ENOTSUP, "is not supported" },
    { ENOSYS, "is not supported" },
};

const char *command_meaning(int error)
{
    for (unsigned i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].error == error) {
            return meanings[i].text;
        }
    }
    return "failed for a reason without a name";
}
