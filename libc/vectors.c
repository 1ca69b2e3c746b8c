/* readv, writev. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "libc/result.h"

/* Bytes of them all; -EINVAL: more than a result can say, or too many pieces. */
static ssize_t size_of(const struct iovec *pieces, int count)
{
    size_t size = 0;

    if (count <= 0 || count > IOV_MAX) {
        return -EINVAL;
    }
    for (int i = 0; i < count; i++) {
        if (__builtin_add_overflow(size, pieces[i].iov_len, &size) || size > SIZE_MAX / 2) {
            return -EINVAL;
        }
    }
    return (ssize_t)size;
}

/* What was moved is one read and one write: nobody else's bytes come between. */
ssize_t readv(int descriptor, const struct iovec *pieces, int count)
{
    ssize_t size = size_of(pieces, count);
    char *bytes = size <= 0 ? NULL : malloc((size_t)size);

    if (size <= 0 || bytes == NULL) {
        return (ssize_t)result_or_errno(size <= 0 ? size : -ENOMEM);
    }
    ssize_t moved = read(descriptor, bytes, (size_t)size);
    const char *from = bytes;
    for (ssize_t left = moved; left > 0; pieces++) {
        size_t part = (size_t)left < pieces->iov_len ? (size_t)left : pieces->iov_len;
        memcpy(pieces->iov_base, from, part);
        from += part;
        left -= (ssize_t)part;
    }
    free(bytes);
    return moved;
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count)
{
    ssize_t size = size_of(pieces, count);
    char *bytes = size <= 0 ? NULL : malloc((size_t)size);

    if (size <= 0 || bytes == NULL) {
        return (ssize_t)result_or_errno(size <= 0 ? size : -ENOMEM);
    }
    char *to = bytes;
    for (int i = 0; i < count; i++) {
        memcpy(to, pieces[i].iov_base, pieces[i].iov_len);
        to += pieces[i].iov_len;
    }
    ssize_t moved = write(descriptor, bytes, (size_t)size);
    free(bytes);
    return moved;
}
