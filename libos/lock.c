#include <ternion/lock.h>
#include <ternion/syscall.h>

void lock_acquire(struct lock *lock)
{
    while (__atomic_exchange_n(&lock->held, true, __ATOMIC_ACQUIRE)) {
        (void)thread_yield();
    }
}

void lock_release(struct lock *lock)
{
    __atomic_store_n(&lock->held, false, __ATOMIC_RELEASE);
}
