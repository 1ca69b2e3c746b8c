#include <stdbool.h>

#include <ternion/once.h>
#include <ternion/syscall.h>

enum once_state {
    NOT_BEGUN,
    RUNNING,
    DONE,
};

void once_run(struct once *once, void (*function)(void))
{
    uint32_t expected = NOT_BEGUN;
    uint32_t woken;

    if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) == DONE) {
        return;
    }
    if (__atomic_compare_exchange_n(&once->state, &expected, RUNNING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        function();
        __atomic_store_n(&once->state, DONE, __ATOMIC_RELEASE);
        (void)address_wake((uint32_t)&once->state, UINT32_MAX, &woken);
        return;
    }
    while (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) != DONE) {
        (void)address_wait((uint32_t)&once->state, RUNNING, FOREVER);
    }
}
