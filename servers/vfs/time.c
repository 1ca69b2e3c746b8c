#include "time.h"

#include <ternion/calendar.h>
#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/lock.h>
#include <ternion/log.h>
#include <ternion/thread.h>

#include "file_system.h"

#define CLOCK "clocks\\rtc\\0"
#define PATIENCE_NS (30 * SECOND)
#define STACK_BYTES 8192U

static struct lock lock;             /* protects boot_s */
static int64_t boot_s;               /* when the system was started; 0: not known */

static void take(const struct date_time *now)
{
    struct calendar_time time = { now->year, now->month, now->day, now->hours, now->minutes, now->seconds };

    lock_acquire(&lock);
    boot_s = calendar_seconds(&time) - (int64_t)(clock_now() / SECOND);
    lock_release(&lock);
}

/* Asks once, and again each time that the clock is set; without a clock, or one that tells that, what is known goes on. */
static void ask(void *unused)
{
    struct device clock;
    struct date_time now;
    (void)unused;

    if (device_open(&clock, CLOCK, DEVICE_CLOCK, clock_after(PATIENCE_NS)) != OK) {
        return;
    }
    status_t status = clock_device_read(&clock, &now);
    clock.patience_ns = FOREVER;
    while (status == OK || status == ABSENT) {
        if (status == OK) {
            take(&now);
        }
        status = clock_device_await_set(&clock, &now);
    }
}

void time_begin(void)
{
    if (thread_start(ask, NULL, STACK_BYTES, NULL) != OK) {
        log_print(LOG_WARNING, "no thread to ask the clock: files have no dates");
    }
}

int64_t time_now_s(void)
{
    lock_acquire(&lock);
    int64_t boot = boot_s;
    lock_release(&lock);
    return boot == 0 ? 0 : boot + (int64_t)(clock_now() / SECOND);
}
