#include <ternion/semaphore.h>
#include <ternion/syscall.h>

bool semaphore_try(struct semaphore *semaphore)
{
    uint32_t count = __atomic_load_n(&semaphore->count, __ATOMIC_RELAXED);

    while (count != 0) {
        if (__atomic_compare_exchange_n(&semaphore->count, &count, count - 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

status_t semaphore_take_before(struct semaphore *semaphore, nanoseconds_t deadline_ns)
{
    status_t status = OK;

    while (!semaphore_try(semaphore)) {
        if (status == TIMED_OUT) {
            return TIMED_OUT;
        }
        /* Announced first: who gives after this sees it; who gave before has changed the count, and the kernel sees that. */
        __atomic_add_fetch(&semaphore->waiting, 1, __ATOMIC_SEQ_CST);
        status = address_wait((uint32_t)&semaphore->count, 0, deadline_ns);
        __atomic_sub_fetch(&semaphore->waiting, 1, __ATOMIC_SEQ_CST);
    }
    return OK;
}

void semaphore_take(struct semaphore *semaphore)
{
    (void)semaphore_take_before(semaphore, FOREVER);
}

void semaphore_give(struct semaphore *semaphore)
{
    uint32_t woken;

    __atomic_add_fetch(&semaphore->count, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&semaphore->waiting, __ATOMIC_SEQ_CST) != 0) {
        (void)address_wake((uint32_t)&semaphore->count, 1, &woken);
    }
}
