/* The time of day: the monotonic clock, and what it is off by, as the machine's clock says. */
#pragma once

#include <stdint.h>
#include <time.h>

#include <abi/types.h>

/* Nanoseconds since 1970 when the monotonic clock was 0. May block: it asks the device clocks\rtc\0, which somebody may set, at most once a second. */
uint64_t time_of_day_base_ns(void);

/* A time of a clock as a deadline for system calls, since boot. -EINVAL: the time is none, or there is no such clock. */
int deadline_read(clockid_t clock, const struct timespec *time, nanoseconds_t *deadline_out);
