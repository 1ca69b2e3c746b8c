/* What time it is, and sleeping. */
#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/result.h"
#include "libc/time_of_day.h"

static struct timespec split(uint64_t time_ns)
{
    return (struct timespec){ (time_t)(time_ns / SECOND), (long)(time_ns % SECOND) };
}

/* The processor time of all threads, counted in clock ticks. */
static uint64_t processor_time_ns(void)
{
    struct process_information information;

    return process_information(SELF, &information) == OK ? information.cpu_ns : 0;
}

static int clock_read(clockid_t clock, uint64_t *time_out)
{
    switch (clock) {
    case CLOCK_REALTIME:
        *time_out = time_of_day_base_ns() + clock_now();
        return 0;
    case CLOCK_MONOTONIC:
        *time_out = clock_now();
        return 0;
    case CLOCK_PROCESS_CPUTIME_ID:
        *time_out = processor_time_ns();
        return 0;
    default:
        return -EINVAL;
    }
}

int clock_gettime(clockid_t clock, struct timespec *time_out)
{
    uint64_t time_ns;
    int result = clock_read(clock, &time_ns);

    if (result == 0) {
        *time_out = split(time_ns);
    }
    return (int)result_or_errno(result);
}

int clock_getres(clockid_t clock, struct timespec *resolution_out)
{
    uint64_t time_ns;
    int result = clock_read(clock, &time_ns);

    if (result == 0 && resolution_out != NULL) {
        const struct system_page *page = system_page();
        bool is_fine = clock != CLOCK_PROCESS_CPUTIME_ID && page->tsc_multiplier != 0;
        *resolution_out = split(is_fine ? 1 : page->tick_ns);
    }
    return (int)result_or_errno(result);
}

/* Setting the time is the business of who owns the clock's device. */
int clock_settime(clockid_t clock, const struct timespec *time)
{
    (void)clock, (void)time;
    return (int)result_or_errno(-EPERM);
}

int gettimeofday(struct timeval *restrict time_out, void *restrict zone)
{
    (void)zone;
    uint64_t time_ns = time_of_day_base_ns() + clock_now();
    *time_out = (struct timeval){ (time_t)(time_ns / SECOND), (suseconds_t)(time_ns % SECOND / MICROSECOND) };
    return 0;
}

clock_t times(struct tms *times_out)
{
    clock_t used = (clock_t)(processor_time_ns() / (SECOND / CLOCKS_PER_SEC));

    if (times_out != NULL) {
        *times_out = (struct tms){ .tms_utime = used };
    }
    return (clock_t)(clock_now() / (SECOND / CLOCKS_PER_SEC));
}

/* Of children that have ended nothing is kept. */
int getrusage(int who, struct rusage *usage_out)
{
    uint64_t used_ns = who == RUSAGE_SELF ? processor_time_ns() : 0;

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN) {
        return (int)result_or_errno(-EINVAL);
    }
    *usage_out = (struct rusage){ .ru_utime = { (time_t)(used_ns / SECOND), (suseconds_t)(used_ns % SECOND / MICROSECOND) } };
    return 0;
}

clock_t clock(void)
{
    return (clock_t)(processor_time_ns() / (SECOND / CLOCKS_PER_SEC));
}

/* Answers an errno, as POSIX says. Nothing interrupts a sleep. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left_out)
{
    nanoseconds_t deadline_ns;
    bool is_deadline = (flags & TIMER_ABSTIME) != 0;
    int result = deadline_read(is_deadline ? clock : CLOCK_MONOTONIC, time, &deadline_ns);

    if (result < 0 || time->tv_sec < 0 || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
        return EINVAL;
    }
    (void)thread_delay(is_deadline ? deadline_ns : clock_after(deadline_ns));
    if (left_out != NULL && !is_deadline) {
        *left_out = (struct timespec){ 0, 0 };
    }
    return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left_out)
{
    return (int)result_or_errno(-clock_nanosleep(CLOCK_MONOTONIC, 0, time, left_out));
}

unsigned sleep(unsigned seconds)
{
    clock_sleep((nanoseconds_t)seconds * SECOND);
    return 0;
}

int usleep(useconds_t microseconds)
{
    clock_sleep((nanoseconds_t)microseconds * MICROSECOND);
    return 0;
}
