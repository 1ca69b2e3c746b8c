/* flockfile and its like: the locks that newlib's own functions take around each call. */
#include <stdio.h>
#include <sys/lock.h>

void flockfile(FILE *stream)
{
    if ((stream->_flags & __SSTR) == 0) {
        __lock_acquire_recursive(stream->_lock);
    }
}

int ftrylockfile(FILE *stream)
{
    return (stream->_flags & __SSTR) != 0 || __lock_try_acquire_recursive(stream->_lock) != 0 ? 0 : -1;
}

void funlockfile(FILE *stream)
{
    if ((stream->_flags & __SSTR) == 0) {
        __lock_release_recursive(stream->_lock);
    }
}
