/* Time that a call has: in slices as long as a tick of the BIOS's clock, which goes on between them. */
#include "running.h"

#include <ternion/clock.h>
#include <ternion/system.h>

#include "clock.h"
#include "problem.h"
#include "recorder.h"

#define SLICE_MS 55U
#define LOOK_TRAPS 4096U             /* some 10 ms of them */

/*
 * Ticks are counted in VM86 mode alone: what the monitor does, and whom it asks, is measured by the clock, on which others run, too. So that
 * has more. Who listens to records takes his time, which is not the call's.
 */
#define CLOCK_FACTOR 4U

static uint32_t left;                /* ticks of the kernel's clock, without those of this slice */
static uint32_t slice;               /* that it began with */
static nanoseconds_t end_ns;

static uint32_t ticks_of(uint32_t ms)
{
    uint64_t ticks = (uint64_t)ms * MILLISECOND / system_page()->tick_ns;

    return ticks == 0 ? 1 : ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/* 0 would be for ever: there is at least a tick. */
static void slice_begin(void)
{
    uint32_t most = ticks_of(SLICE_MS);

    slice = left < most ? left : most;
    slice = slice == 0 ? 1 : slice;
    left -= left < slice ? left : slice;
    running.state.ticks = slice;
}

static void slice_end(void)
{
    running.cost.ticks += slice - running.state.ticks;
    left += running.state.ticks;
    slice = running.state.ticks = 0;
}

static enum next time_is_up(void)
{
    problem_set_at(&running.state, "it runs for more than %u ms, which is its budget; it was", running.options.ms);
    running.failure = TIMED_OUT;
    return STOPPED;
}

static void look_again(void)
{
    uint32_t left_traps = running.options.traps - running.cost.traps;

    running.look_at = running.cost.traps + (left_traps < LOOK_TRAPS ? left_traps : LOOK_TRAPS);
}

void budget_begin(void)
{
    end_ns = clock_after((nanoseconds_t)running.options.ms * CLOCK_FACTOR * MILLISECOND) - recorder_time_ns();
    look_again();
    left = ticks_of(running.options.ms);
    clock_begin();
    slice_begin();
}

void budget_end(void)
{
    slice_end();
}

enum next budget_go_on(void)
{
    slice_end();
    clock_advance();
    if (left == 0) {
        return time_is_up();
    }
    budget_look();
    slice_begin();
    return running.failure == OK ? GO_ON : STOPPED;
}

void budget_look(void)
{
    if (running.failure == OK && clock_now() - recorder_time_ns() > end_ns) {
        problem_set_at(&running.state, "it takes more than %u ms by the clock, %u times its budget; it was", running.options.ms * CLOCK_FACTOR, CLOCK_FACTOR);
        running.failure = TIMED_OUT;
    }
}

enum next budget_traps(void)
{
    if (running.cost.traps == running.options.traps) {
        problem_set_at(&running.state, "it took more than %u traps, which is its budget; it was", running.options.traps);
        running.failure = TIMED_OUT;
    } else {
        budget_look();
        look_again();
    }
    return running.failure == OK ? GO_ON : STOPPED;
}

enum next budget_wait(void)
{
    uint32_t most = ticks_of(SLICE_MS);

    slice_end();
    if (left < most) {
        return time_is_up();
    }
    left -= most;
    running.cost.ticks += most;
    clock_wait();
    slice_begin();
    return GO_ON;
}
