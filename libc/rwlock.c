/* Locks that many may hold to read, or one to write. Writers that wait come before new readers. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include <ternion/condition.h>
#include <ternion/system.h>

#include "libc/time_of_day.h"

_Static_assert(sizeof(struct lock) == sizeof(uint32_t) && sizeof(struct condition) == 2 * sizeof(uint32_t));

static struct lock *lock_of(pthread_rwlock_t *rwlock)
{
    return (struct lock *)&rwlock->__lock;
}

static struct condition *changed_of(pthread_rwlock_t *rwlock)
{
    return (struct condition *)rwlock->__changed;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attributes)
{
    *attributes = (pthread_rwlockattr_t){ 0 };
    return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attributes)
{
    (void)attributes;
    *rwlock = (pthread_rwlock_t)_PTHREAD_RWLOCK_INITIALIZER;
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rwlock)
{
    return rwlock->__readers > 0 || rwlock->__writer != 0 ? EBUSY : 0;
}

/* Can it be taken now? Called with the inner lock held. */
static bool is_free(const pthread_rwlock_t *rwlock, bool writes)
{
    return rwlock->__writer == 0 && (writes ? rwlock->__readers == 0 : rwlock->__writers_waiting == 0);
}

/* deadline_ns 0: does not wait, EBUSY. */
static int take(pthread_rwlock_t *rwlock, bool writes, nanoseconds_t deadline_ns)
{
    uint32_t self = thread_slot()->thread;
    int result = 0;

    lock_acquire(lock_of(rwlock));
    rwlock->__writers_waiting += writes;
    while (result == 0 && !is_free(rwlock, writes)) {
        if (deadline_ns == 0) {
            result = EBUSY;
        } else if (rwlock->__writer == self) {
            result = EDEADLK;
        } else if (condition_wait_before(changed_of(rwlock), lock_of(rwlock), deadline_ns) != OK) {
            result = ETIMEDOUT;
        }
    }
    rwlock->__writers_waiting -= writes;
    if (result == 0) {
        rwlock->__writer = writes ? self : 0;
        rwlock->__readers += !writes;
    } else if (writes) {
        condition_broadcast(changed_of(rwlock));    /* readers that waited for this one's turn */
    }
    lock_release(lock_of(rwlock));
    return result;
}

static int take_before(pthread_rwlock_t *rwlock, bool writes, const struct timespec *deadline)
{
    nanoseconds_t deadline_ns;
    int result = deadline_read(CLOCK_REALTIME, deadline, &deadline_ns);

    if (result == 0) {
        result = -take(rwlock, writes, deadline_ns > 0 ? deadline_ns : 1);
    }
    return -result;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock)
{
    return take(rwlock, false, FOREVER);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock)
{
    return take(rwlock, false, 0);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *rwlock, const struct timespec *deadline)
{
    return take_before(rwlock, false, deadline);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock)
{
    return take(rwlock, true, FOREVER);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock)
{
    return take(rwlock, true, 0);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *rwlock, const struct timespec *deadline)
{
    return take_before(rwlock, true, deadline);
}

int pthread_rwlock_unlock(pthread_rwlock_t *rwlock)
{
    int result = 0;

    lock_acquire(lock_of(rwlock));
    if (rwlock->__writer == thread_slot()->thread) {
        rwlock->__writer = 0;
    } else if (rwlock->__readers > 0) {
        rwlock->__readers--;
    } else {
        result = EPERM;
    }
    condition_broadcast(changed_of(rwlock));
    lock_release(lock_of(rwlock));
    return result;
}
