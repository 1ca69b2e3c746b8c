/* The monotonic clock. It is read from memory, without a system call; any thread may. */
#pragma once

#include <abi/types.h>

#define MICROSECOND ((nanoseconds_t)1000)
#define MILLISECOND ((nanoseconds_t)1000000)
#define SECOND ((nanoseconds_t)1000000000)

/* Nanoseconds since boot; as fine as the time stamp counter, or as the tick where there is none. */
nanoseconds_t clock_now(void);

/* The time stamp counter: of a processor that has one (CPU_TSC). */
uint64_t timestamp_read(void);

/* The time that is so many nanoseconds ahead: a deadline for a system call. */
nanoseconds_t clock_after(nanoseconds_t delay_ns);

/* Sleeps; events that come meanwhile stay queued. */
void clock_sleep(nanoseconds_t delay_ns);
