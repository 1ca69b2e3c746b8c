#include <ternion/condition.h>
#include <ternion/syscall.h>

status_t condition_wait_before(struct condition *condition, struct lock *lock, nanoseconds_t deadline_ns)
{
    /* Still under the lock: whoever makes the condition true after this sees that somebody waits, and changes the sequence. */
    __atomic_add_fetch(&condition->waiting, 1, __ATOMIC_SEQ_CST);
    uint32_t sequence = __atomic_load_n(&condition->sequence, __ATOMIC_SEQ_CST);
    lock_release(lock);
    status_t status = address_wait((uint32_t)&condition->sequence, sequence, deadline_ns);
    __atomic_sub_fetch(&condition->waiting, 1, __ATOMIC_SEQ_CST);
    lock_acquire(lock);
    return status == TIMED_OUT ? TIMED_OUT : OK;
}

void condition_wait(struct condition *condition, struct lock *lock)
{
    (void)condition_wait_before(condition, lock, FOREVER);
}

static void wake(struct condition *condition, uint32_t most)
{
    uint32_t woken;

    if (__atomic_load_n(&condition->waiting, __ATOMIC_SEQ_CST) != 0) {
        __atomic_add_fetch(&condition->sequence, 1, __ATOMIC_SEQ_CST);
        (void)address_wake((uint32_t)&condition->sequence, most, &woken);
    }
}

void condition_signal(struct condition *condition)
{
    wake(condition, 1);
}

void condition_broadcast(struct condition *condition)
{
    wake(condition, UINT32_MAX);
}
