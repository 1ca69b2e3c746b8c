#include "clock.h"

#include <ternion/clock.h>
#include <ternion/syscall.h>

#include "memory.h"

#define TICK_NS 54925494U            /* 65536 counts at 1193182 Hz */
#define TICKS_A_DAY 0x1800B0U        /* IBM PC AT Technical Reference, int 8 */

static nanoseconds_t counted_ns;     /* until when ticks are counted */

void clock_begin(void)
{
    counted_ns = clock_now();
}

static void count(uint32_t ticks)
{
    const uint8_t one = 1;
    uint32_t day = memory_double_word(DATA_TICKS) + ticks;

    if (day >= TICKS_A_DAY) {
        day %= TICKS_A_DAY;
        (void)memory_write(DATA_MIDNIGHT, &one, sizeof one);
    }
    (void)memory_write(DATA_TICKS, &day, sizeof day);
}

void clock_advance(void)
{
    nanoseconds_t ticks = (clock_now() - counted_ns) / TICK_NS;

    counted_ns += ticks * TICK_NS;
    count((uint32_t)ticks);
}

void clock_wait(void)
{
    (void)thread_delay(counted_ns + TICK_NS);
    clock_advance();
}
