#include "libc/time_of_day.h"

#include <errno.h>

#include <ternion/calendar.h>
#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/lock.h>

#define CLOCK_DEVICE "clocks\\rtc\\0"

#define SET_NS (2 * SECOND)      /* by so much it differs if it was set; it tells whole seconds, so that less means nothing */
#define LOOK_AGAIN_NS SECOND

static struct lock lock;        /* protects what follows */
static bool was_asked;
static nanoseconds_t asked_ns;
static uint64_t base_ns;

static void ask(void)
{
    struct device device;
    struct date_time now;

    if (device_open(&device, CLOCK_DEVICE, DEVICE_CLOCK, 0) != OK) {
        return;
    }
    device.patience_ns = was_asked ? 0 : device.patience_ns;
    if (clock_device_read(&device, &now) != OK) {
        return;
    }
    int64_t seconds = calendar_seconds(&(struct calendar_time){ now.year, now.month, now.day, now.hours, now.minutes, now.seconds });
    uint64_t since_1970_ns = (uint64_t)seconds * SECOND;
    nanoseconds_t since_boot_ns = clock_now();
    uint64_t base = since_1970_ns > since_boot_ns ? since_1970_ns - since_boot_ns : 0;
    if (base >= base_ns + SET_NS || base_ns >= base + SET_NS) {
        base_ns = base;
    }
}

/* A machine whose clock does not know is in 1970. */
uint64_t time_of_day_base_ns(void)
{
    nanoseconds_t now = clock_now();

    lock_acquire(&lock);
    if (!was_asked || now >= asked_ns + LOOK_AGAIN_NS) {
        ask();
        was_asked = true;
        asked_ns = now;
    }
    uint64_t base = base_ns;
    lock_release(&lock);
    return base;
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
