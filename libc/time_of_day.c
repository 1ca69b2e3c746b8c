#include "libc/time_of_day.h"

#include <errno.h>

#include <ternion/calendar.h>
#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/once.h>

#define CLOCK_DEVICE "clocks\\rtc\\0"

static struct once once;
static uint64_t base_ns;        /* constant after once */

/* A machine whose clock does not know is in 1970. */
static void ask(void)
{
    struct device device;
    struct date_time now;

    if (device_open(&device, CLOCK_DEVICE, DEVICE_CLOCK, 0) != OK || clock_device_read(&device, &now) != OK) {
        return;
    }
    int64_t seconds = calendar_seconds(&(struct calendar_time){ now.year, now.month, now.day, now.hours, now.minutes, now.seconds });
    uint64_t since_1970_ns = (uint64_t)seconds * SECOND;
    nanoseconds_t since_boot_ns = clock_now();
    base_ns = since_1970_ns > since_boot_ns ? since_1970_ns - since_boot_ns : 0;
}

uint64_t time_of_day_base_ns(void)
{
    once_run(&once, ask);
    return base_ns;
}

int deadline_read(clockid_t clock, const struct timespec *time, nanoseconds_t *deadline_out)
{
    uint64_t base = clock == CLOCK_REALTIME ? time_of_day_base_ns() : 0;

    if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) || time->tv_nsec < 0 || time->tv_nsec >= (long)SECOND) {
        return -EINVAL;
    }
    if (time->tv_sec < 0) {
        *deadline_out = 0;
    } else if ((uint64_t)time->tv_sec > UINT64_MAX / SECOND - 1) {
        *deadline_out = FOREVER;
    } else {
        uint64_t time_ns = (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec;
        *deadline_out = time_ns > base ? time_ns - base : 0;
    }
    return 0;
}
