/* The monotonic clock, as abi/system.h says it is to be read. */
#include <ternion/clock.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

/* Nanoseconds from the last tick to now. */
static uint32_t since_tick(const struct system_page *page)
{
    if (page->tsc_multiplier == 0) {
        return 0;
    }
    uint64_t counts = timestamp_read() - page->clock_tsc;
    if (counts > UINT32_MAX) {
        return page->tick_ns;
    }
    uint64_t passed_ns = (counts * page->tsc_multiplier) >> 32;
    return passed_ns < page->tick_ns ? (uint32_t)passed_ns : page->tick_ns;
}

nanoseconds_t clock_now(void)
{
    const struct system_page *page = system_page();

    for (;;) {
        uint32_t sequence = page->clock_sequence;
        nanoseconds_t now = page->clock_ns;

        now += since_tick(page);
        if (sequence == page->clock_sequence && sequence % 2 == 0) {
            return now;
        }
    }
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    nanoseconds_t now = clock_now();

    return delay_ns < FOREVER - now ? now + delay_ns : FOREVER;
}

void clock_sleep(nanoseconds_t delay_ns)
{
    (void)thread_delay(clock_after(delay_ns));
}
