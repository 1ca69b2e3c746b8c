/*
 * A lock in one word, after U. Drepper, "Futexes Are Tricky": who must wait says so in the word, and who
 * releases it wakes somebody only then.
 */
#include <ternion/lock.h>
#include <ternion/syscall.h>

enum lock_state {
    FREE,
    HELD,
    HELD_AND_WANTED,  /* perhaps somebody waits */
};

bool lock_try(struct lock *lock)
{
    uint32_t expected = FREE;

    return __atomic_compare_exchange_n(&lock->state, &expected, HELD, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

status_t lock_acquire_before(struct lock *lock, nanoseconds_t deadline_ns)
{
    if (lock_try(lock)) {
        return OK;
    }
    /* Whoever gets it this way cannot know whether others wait, and says that they do. */
    while (__atomic_exchange_n(&lock->state, HELD_AND_WANTED, __ATOMIC_ACQUIRE) != FREE) {
        if (address_wait((uint32_t)&lock->state, HELD_AND_WANTED, deadline_ns) == TIMED_OUT) {
            return TIMED_OUT;
        }
    }
    return OK;
}

void lock_acquire(struct lock *lock)
{
    (void)lock_acquire_before(lock, FOREVER);
}

void lock_release(struct lock *lock)
{
    uint32_t woken;

    if (__atomic_exchange_n(&lock->state, FREE, __ATOMIC_RELEASE) == HELD_AND_WANTED) {
        (void)address_wake((uint32_t)&lock->state, 1, &woken);
    }
}

void lock_pass_on(struct lock *lock)
{
    __atomic_store_n(&lock->state, HELD_AND_WANTED, __ATOMIC_RELAXED);
}
