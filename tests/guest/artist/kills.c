#include "kills.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/thread.h>

#define STACK_BYTES 8192U
#define STEP_NS (370 * MICROSECOND)
#define STEPS 40U                        /* then from the beginning: mode sets take some milliseconds */
#define DELAY_NS (15 * MILLISECOND)

static volatile process_id_t victim;

/* Kills whom it is told to, at some tick of the clock. */
static void killer(void *unused)
{
    (void)unused;
    for (;;) {
        while (victim == 0) {
            clock_sleep(100 * MICROSECOND);
        }
        clock_sleep(DELAY_NS);
        (void)process_terminate(victim, 7);
        victim = 0;
    }
}

/* The killer is woken by ticks: what is different each time is how far behind the death the mode set begins. */
static void spin(nanoseconds_t duration_ns)
{
    nanoseconds_t end_ns = clock_after(duration_ns);

    while (clock_now() < end_ns) {
    }
}

static void wait_for_death(void)
{
    while (victim != 0) {
        clock_sleep(100 * MICROSECOND);
    }
}

void kills_run(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t kills, uint32_t first)
{
    uint32_t failed = 0;

    MUST(thread_start(killer, NULL, STACK_BYTES, NULL));
    for (uint32_t i = first; i < first + kills; i++) {
        const struct display_mode *mode = &modes[i % count];
        struct display_information information;

        MUST(display_information(display, &information));    /* so that the device leads to the driver that lives now */
        victim = display->device.process;
        spin(i % STEPS * STEP_NS);
        status_t status = display_set(display, mode->mode);
        wait_for_death();
        if (status == OK) {
            status = display_flush(display, 0, 0, display->mode.width, display->mode.height);
        }
        if (status != OK || display->mode.mode != mode->mode) {
            failed++;
            log_print(LOG_ERROR, "set %u, of mode 0x%X, while its driver dies: %s", (unsigned)i, mode->mode, status_name(status));
        }
    }
    log_print(LOG_INFORMATION, "KILLS %u failed=%u", (unsigned)kills, (unsigned)failed);
}
