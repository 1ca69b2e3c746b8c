/* Mutexes, conditions and locks for readers and writers are of one process: ENOTSUP is what asking for others answers. */
#include <errno.h>
#include <pthread.h>

static int set_shared(int shared)
{
    if (shared == PTHREAD_PROCESS_PRIVATE) {
        return 0;
    }
    return shared == PTHREAD_PROCESS_SHARED ? ENOTSUP : EINVAL;
}

static int get_shared(int *shared_out)
{
    *shared_out = PTHREAD_PROCESS_PRIVATE;
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attributes, int shared)
{
    (void)attributes;
    return set_shared(shared);
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *attributes, int *shared_out)
{
    (void)attributes;
    return get_shared(shared_out);
}

int pthread_condattr_setpshared(pthread_condattr_t *attributes, int shared)
{
    (void)attributes;
    return set_shared(shared);
}

int pthread_condattr_getpshared(const pthread_condattr_t *attributes, int *shared_out)
{
    (void)attributes;
    return get_shared(shared_out);
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attributes, int shared)
{
    (void)attributes;
    return set_shared(shared);
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *attributes, int *shared_out)
{
    (void)attributes;
    return get_shared(shared_out);
}
