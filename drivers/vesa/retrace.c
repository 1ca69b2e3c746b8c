#include "retrace.h"

#include <ternion/clock.h>
#include <ternion/vga.h>

#define PERIOD_MIN_NS (4 * MILLISECOND)  /* 250 Hz: what is faster is no screen, but an emulator that does not keep time */
#define PERIOD_MAX_NS (25 * MILLISECOND) /* 40 Hz; interlaced modes have 43 half pictures */
#define LEAD_NS (2 * MILLISECOND)        /* before it is due: who sleeps is woken up to a tick late */
#define SLACK_NS (2 * MILLISECOND)       /* behind that: where the clock goes in ticks, the period is not known better */
#define MISSES_MAX 3U

static nanoseconds_t period_ns;          /* 0: not known */
static nanoseconds_t last_ns;            /* a beginning, if the period is known */
static nanoseconds_t due_ns = FOREVER;   /* the one that is waited for */
static uint32_t misses;                  /* one after the other */
static bool is_none;                     /* this screen has no retrace */

void retrace_forget(void)
{
    period_ns = 0;
    due_ns = FOREVER;
    misses = 0;
    is_none = false;
}

/* False: none began until then. */
static bool watch_for_beginning(nanoseconds_t end_ns)
{
    while (vga_is_in_retrace()) {
        if (clock_now() >= end_ns) {
            return false;
        }
    }
    while (!vga_is_in_retrace()) {
        if (clock_now() >= end_ns) {
            return false;
        }
    }
    return true;
}

/* From one beginning to the next. */
static void measure(void)
{
    nanoseconds_t end_ns = clock_after(2 * PERIOD_MAX_NS);
    bool began = watch_for_beginning(end_ns);
    nanoseconds_t first_ns = clock_now();

    is_none = !began || !watch_for_beginning(end_ns);
    last_ns = clock_now();
    period_ns = last_ns - first_ns;
    is_none = is_none || period_ns < PERIOD_MIN_NS;
}

bool retrace_await(void)
{
    if (is_none) {
        return false;
    }
    if (period_ns == 0) {
        measure();
        return false;
    }
    due_ns = last_ns + ((clock_now() - last_ns) / period_ns + 1) * period_ns;
    return true;
}

nanoseconds_t retrace_look_time(void)
{
    return due_ns == FOREVER ? FOREVER : due_ns - LEAD_NS;
}

void retrace_look(void)
{
    nanoseconds_t end_ns = due_ns + SLACK_NS;

    due_ns = FOREVER;
    if (clock_now() >= end_ns) {
        return;                          /* this driver was busy: it has been, and the next picture has begun */
    }
    while (!vga_is_in_retrace()) {
        if (clock_now() >= end_ns) {
            period_ns = 0;               /* to be measured anew */
            is_none = ++misses == MISSES_MAX;
            return;
        }
    }
    last_ns = clock_now();
    misses = 0;
}
