/* <semaphore.h> over libos' semaphores. */
#include <errno.h>
#include <semaphore.h>

#include <ternion/semaphore.h>

#include "libc/result.h"
#include "libc/time_of_day.h"

_Static_assert(sizeof(sem_t) == sizeof(struct semaphore));

static struct semaphore *inner(sem_t *semaphore)
{
    return (struct semaphore *)semaphore;
}

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    if (shared != 0) {
        return (int)result_or_errno(-ENOSYS);
    }
    if (value > SEM_VALUE_MAX) {
        return (int)result_or_errno(-EINVAL);
    }
    *semaphore = (sem_t){ .__count = value };
    return 0;
}

int sem_destroy(sem_t *semaphore)
{
    (void)semaphore;
    return 0;
}

int sem_wait(sem_t *semaphore)
{
    semaphore_take(inner(semaphore));
    return 0;
}

int sem_trywait(sem_t *semaphore)
{
    return (int)result_or_errno(semaphore_try(inner(semaphore)) ? 0 : -EAGAIN);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline)
{
    nanoseconds_t deadline_ns;
    int result = deadline_read(CLOCK_REALTIME, deadline, &deadline_ns);

    if (result == 0 && semaphore_take_before(inner(semaphore), deadline_ns) != OK) {
        result = -ETIMEDOUT;
    }
    return (int)result_or_errno(result);
}

int sem_post(sem_t *semaphore)
{
    semaphore_give(inner(semaphore));
    return 0;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value_out)
{
    *value_out = (int)__atomic_load_n(&semaphore->__count, __ATOMIC_RELAXED);
    return 0;
}
