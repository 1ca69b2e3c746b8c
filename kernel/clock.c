#include "clock.h"

#include "i386/cpu.h"
#include "i386/entropy.h"
#include "i386/timer.h"
#include "irq.h"
#include "plant.h"
#include "random.h"
#include "save_state.h"
#include "scheduler.h"
#include "system_page.h"

#define CALIBRATION_BEGIN 4U     /* ticks; the first ones after boot may be uneven */
#define CALIBRATION_TICKS 64U
#define IRQ_LOOK_TICKS 1024U

uint64_t clock_tick_count;

static uint32_t tick_fraction;   /* of a nanosecond, in 2^-32 */
static uint64_t calibration_tsc;
static struct deadline_wheel wheel;

[[gnu::cold]] void clock_initialise(void)
{
    deadlines_initialise(&wheel);
    system_page->tick_ns = TIMER_TICK_NS;
    timer_start();
    entropy_begin();
}

/* How long is a count? Measured while the system runs: nobody waits for it. */
[[gnu::cold]] static void calibrate(uint64_t tsc)
{
    if (clock_tick_count == CALIBRATION_BEGIN) {
        calibration_tsc = tsc;
    } else if (clock_tick_count == CALIBRATION_BEGIN + CALIBRATION_TICKS && tsc - calibration_tsc <= UINT32_MAX) {
        uint64_t elapsed_ns = (uint64_t)CALIBRATION_TICKS * TIMER_TICK_NS;
        uint64_t multiplier = (elapsed_ns << 32) / (uint32_t)(tsc - calibration_tsc);

        system_page->tsc_multiplier = multiplier > UINT32_MAX ? 0 : (uint32_t)multiplier;
    }
}

[[gnu::cold]] static void clock_advance(void)
{
    uint32_t fraction = tick_fraction + TIMER_TICK_FRACTION;

    clock_tick_count++;
    system_page->clock_sequence++;
    system_page->clock_ns += TIMER_TICK_NS + (fraction < tick_fraction ? 1 : 0);
    tick_fraction = fraction;
    if (cpu_has(CPU_TSC)) {
        uint64_t tsc = cpu_time_stamp();

        calibrate(tsc);
        system_page->clock_tsc = tsc;
    }
    system_page->clock_sequence++;
}

static void expire_deadlines(void)
{
    struct deadline *deadline;

    while ((deadline = deadline_expire(&wheel, clock_tick_count)) != NULL) {
        deadline->expired(deadline);
    }
}

void clock_tick(void)
{
    clock_advance();
    random_stir(entropy_sample());
    scheduler_tick();
    expire_deadlines();
    if (clock_tick_count % IRQ_LOOK_TICKS == 0) {
        irqs_look();
    }
    plant_tick();
    save_state_tick();
}

uint64_t clock_ticks(void)
{
    return clock_tick_count;
}

nanoseconds_t clock_now(void)
{
    nanoseconds_t now = system_page->clock_ns;

    if (system_page->tsc_multiplier != 0) {
        uint64_t counts = cpu_time_stamp() - system_page->clock_tsc;
        uint64_t passed = counts > UINT32_MAX ? TIMER_TICK_NS : (uint64_t)(uint32_t)counts * system_page->tsc_multiplier >> 32;

        now += passed < TIMER_TICK_NS ? passed : TIMER_TICK_NS;
    }
    return now;
}

void clock_set_next_tick(struct deadline *deadline)
{
    deadline_add(&wheel, deadline, clock_tick_count + 1);
}

bool clock_set_deadline(struct deadline *deadline, nanoseconds_t deadline_ns)
{
    nanoseconds_t now = clock_now();

    if (deadline_ns == FOREVER) {
        return true;
    }
    if (deadline_ns <= now) {
        return false;
    }
    /* Never early: the tick after the one in which it falls. */
    deadline_add(&wheel, deadline, clock_tick_count + 1 + (deadline_ns - system_page->clock_ns) / TIMER_TICK_NS);
    return true;
}
