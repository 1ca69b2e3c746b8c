/* Mutexes and condition variables of <pthread.h>: libos' locks and conditions, with an owner where somebody asks for it. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <ternion/condition.h>
#include <ternion/system.h>

#include "libc/time_of_day.h"

_Static_assert(offsetof(pthread_mutex_t, __lock) == 0 && sizeof(struct lock) == sizeof(uint32_t));
_Static_assert(offsetof(pthread_cond_t, __sequence) == 0 && offsetof(pthread_cond_t, __clock) == sizeof(struct condition));

static struct lock *lock_of(pthread_mutex_t *mutex)
{
    return (struct lock *)mutex;
}

static struct condition *condition_of(pthread_cond_t *condition)
{
    return (struct condition *)condition;
}

/* ---- Attributes ---- */

int pthread_mutexattr_init(pthread_mutexattr_t *attributes)
{
    attributes->type = PTHREAD_MUTEX_DEFAULT;
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type)
{
    if (type != PTHREAD_MUTEX_NORMAL && type != PTHREAD_MUTEX_RECURSIVE && type != PTHREAD_MUTEX_ERRORCHECK) {
        return EINVAL;
    }
    attributes->type = type;
    return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attributes, int *type_out)
{
    *type_out = attributes->type;
    return 0;
}

int pthread_condattr_init(pthread_condattr_t *attributes)
{
    attributes->clock = CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock)
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        return EINVAL;
    }
    attributes->clock = clock;
    return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attributes, clockid_t *restrict clock_out)
{
    *clock_out = attributes->clock;
    return 0;
}

/* ---- Mutexes ---- */

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    *mutex = (pthread_mutex_t){ .__type = attributes == NULL ? PTHREAD_MUTEX_DEFAULT : attributes->type };
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__lock, __ATOMIC_RELAXED) == 0 ? 0 : EBUSY;
}

/* Is it the caller's already? Only its owner writes its own ID there, and takes it out. */
static bool is_owner(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__owner, __ATOMIC_RELAXED) == thread_slot()->thread;
}

static void own(pthread_mutex_t *mutex, uint32_t count)
{
    mutex->__count = count;
    __atomic_store_n(&mutex->__owner, thread_slot()->thread, __ATOMIC_RELAXED);
}

/* For who has it already. -1: nobody of this kind has it: it must be taken. */
static int own_again(pthread_mutex_t *mutex, int if_not)
{
    if (mutex->__type == PTHREAD_MUTEX_NORMAL || !is_owner(mutex)) {
        return -1;
    }
    if (mutex->__type == PTHREAD_MUTEX_ERRORCHECK) {
        return if_not;
    }
    mutex->__count++;
    return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    int result = own_again(mutex, EDEADLK);

    if (result >= 0) {
        return result;
    }
    lock_acquire(lock_of(mutex));
    own(mutex, 1);
    return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    int result = own_again(mutex, EBUSY);

    if (result >= 0) {
        return result;
    }
    if (!lock_try(lock_of(mutex))) {
        return EBUSY;
    }
    own(mutex, 1);
    return 0;
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
    nanoseconds_t deadline_ns;
    int result = own_again(mutex, EDEADLK);

    if (result >= 0) {
        return result;
    }
    if (!lock_try(lock_of(mutex))) {
        result = deadline_read(CLOCK_REALTIME, deadline, &deadline_ns);
        if (result < 0) {
            return -result;
        }
        if (lock_acquire_before(lock_of(mutex), deadline_ns) != OK) {
            return ETIMEDOUT;
        }
    }
    own(mutex, 1);
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (mutex->__type != PTHREAD_MUTEX_NORMAL) {
        if (!is_owner(mutex)) {
            return EPERM;
        }
        if (--mutex->__count > 0) {
            return 0;
        }
    }
    __atomic_store_n(&mutex->__owner, 0, __ATOMIC_RELAXED);
    lock_release(lock_of(mutex));
    return 0;
}

/* ---- Condition variables ---- */

int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    *condition = (pthread_cond_t){ .__clock = attributes == NULL ? 0 : attributes->clock };
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
    return __atomic_load_n(&condition->__waiting, __ATOMIC_RELAXED) == 0 ? 0 : EBUSY;
}

static int wait_before(pthread_cond_t *condition, pthread_mutex_t *mutex, nanoseconds_t deadline_ns)
{
    uint32_t count = mutex->__count;

    if (mutex->__type != PTHREAD_MUTEX_NORMAL && !is_owner(mutex)) {
        return EPERM;
    }
    __atomic_store_n(&mutex->__owner, 0, __ATOMIC_RELAXED);
    status_t status = condition_wait_before(condition_of(condition), lock_of(mutex), deadline_ns);
    own(mutex, count);
    return status == OK ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    return wait_before(condition, mutex, FOREVER);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline)
{
    nanoseconds_t deadline_ns;
    int result = deadline_read(condition->__clock == CLOCK_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME, deadline, &deadline_ns);

    return result < 0 ? -result : wait_before(condition, mutex, deadline_ns);
}

int pthread_cond_signal(pthread_cond_t *condition)
{
    condition_signal(condition_of(condition));
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    condition_broadcast(condition_of(condition));
    return 0;
}
