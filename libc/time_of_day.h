/* The time of day: the monotonic clock, and what it is off by, as the machine's clock said when it was first asked for. */
#pragma once

#include <stdint.h>
#include <time.h>

#include <abi/types.h>

/* Nanoseconds since 1970 when the monotonic clock was 0. May block: the first call asks the device clocks\rtc\0. */
uint64_t time_of_day_base_ns(void);

/* A time of a clock as a deadline for system calls, since boot. -EINVAL: the time is none, or there is no such clock. */
int deadline_read(clockid_t clock, const struct timespec *time, nanoseconds_t *deadline_out);
