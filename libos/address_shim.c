#include <ternion/clock.h>
#include <ternion/syscall.h>
#include "address_shim.h"
status_t address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns)
{
    if (*(volatile uint32_t *)address != expected) return CHANGED;
    while (*(volatile uint32_t *)address == expected) {
        if (clock_now() >= deadline_ns) return TIMED_OUT;
        (void)thread_yield();
        (void)thread_delay(clock_now() + 1000000);
    }
    return OK;
}
status_t address_wake(uint32_t address, uint32_t most, uint32_t *woken_out)
{
    (void)address; (void)most; *woken_out = 0;
    return OK;
}
