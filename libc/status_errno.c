#include "libc/status_errno.h"

#include <errno.h>

static const int errnos[] = {
    [OK] = 0,
    [BAD_SYSTEM_CALL] = ENOSYS,
    [NOT_ALLOWED] = EPERM,
    [BAD_ARGUMENT] = EINVAL,
    [BAD_ADDRESS] = EFAULT,
    [BAD_ID] = ESRCH,
    [NOT_FOUND] = ENOENT,
    [EXISTS] = EEXIST,
    [BAD_NAME] = EINVAL,
    [NO_MEMORY] = ENOMEM,
    [OVER_QUOTA] = EAGAIN,
    [TIMED_OUT] = ETIMEDOUT,
    [NOTHING] = EAGAIN,
    [PEER_DIED] = EPIPE,
    [DISCARDED] = ECONNRESET,
    [TOO_BIG] = E2BIG,
    [TRUNCATED] = EMSGSIZE,
    [BAD_IMAGE] = ENOEXEC,
    [BUSY] = EBUSY,
    [ABSENT] = ENODEV,
    [DEADLOCK] = EDEADLK,
    [CHANGED] = EAGAIN,
    [BAD_PROTOCOL] = EPROTO,
    [VERSION_MISMATCH] = EPROTONOSUPPORT,
    [BAD_OPERATION] = ENOTSUP,
    [BAD_SIZE] = EBADMSG,
    [FAULT] = EIO,
    [NO_SPACE] = ENOSPC,
    [NOT_DIRECTORY] = ENOTDIR,
    [IS_DIRECTORY] = EISDIR,
    [NOT_EMPTY] = ENOTEMPTY,
    [OTHER_FILE_SYSTEM] = EXDEV,
};
_Static_assert(sizeof errnos / sizeof errnos[0] == STATUS_COUNT);

int status_errno(status_t status)
{
    return (unsigned)status < STATUS_COUNT ? errnos[status] : EIO;
}

int status_error_of_path(status_t status, bool changes)
{
    switch (status) {
    case NOT_ALLOWED:
        return changes ? -EROFS : -EACCES;
    case TOO_BIG:
        return -ENAMETOOLONG;
    case OVER_QUOTA:    /* what the server lets a process, or all of them, have open */
        return -ENFILE;
    case TIMED_OUT:     /* there is no file server */
        return -ENXIO;
    case PEER_DIED:     /* it was done, or not */
        return -EIO;
    default:
        return status_error(status);
    }
}

/* What a restarted file server does not have any more is stale; what was lost on the way to it cannot be told from what came. */
int status_error_of_file(status_t status)
{
    switch (status) {
    case NOT_ALLOWED:
        return -EROFS;
    case NOT_FOUND:
        return -ESTALE;
    case TOO_BIG:
        return -EFBIG;
    case PEER_DIED:
    case BAD_ID:
    case DISCARDED:
        return -EIO;
    default:
        return status_error(status);
    }
}
