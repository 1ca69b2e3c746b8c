/* How POSIX's functions say what went wrong: -1, and errno. For the negated errnos of the C library's inner functions. */
#pragma once

#include <errno.h>
#include <stdint.h>

static inline int64_t result_or_errno(int64_t result)
{
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return result;
}
