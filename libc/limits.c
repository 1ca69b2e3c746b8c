/* sysconf: what there is of what, and how much. */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/start_block.h"
#include "libc/thread.h"

#define POSIX_2008 200809
#define NO_LIMIT (-1)             /* also: it is not there */
#define NAME_BYTES_MAX 256        /* of hosts, users and terminals, with the NUL */
#define ZONE_NAME_MAX 10          /* newlib's tzset: bytes of a name in TZ */
#define KEY_DESTRUCTOR_ROUNDS 4   /* libc/thread_keys.c */

/* By number; those that are missing are names that POSIX has and nobody knows here. */
static const struct limit {
    int name;
    long value;
} limits[] = {
    { _SC_ARG_MAX, START_SIZE_MAX },
    { _SC_CHILD_MAX, NO_LIMIT },
    { _SC_CLK_TCK, CLOCKS_PER_SEC },
    { _SC_NGROUPS_MAX, 0 },
    { _SC_OPEN_MAX, DESCRIPTORS_MAX },
    { _SC_JOB_CONTROL, NO_LIMIT },
    { _SC_SAVED_IDS, NO_LIMIT },
    { _SC_VERSION, POSIX_2008 },
    { _SC_PAGESIZE, PAGE_SIZE },
    { _SC_NPROCESSORS_CONF, 1 },
    { _SC_NPROCESSORS_ONLN, 1 },
    { _SC_SEM_NSEMS_MAX, NO_LIMIT },
    { _SC_SEM_VALUE_MAX, SEM_VALUE_MAX },
    { _SC_TIMER_MAX, 0 },
    { _SC_TZNAME_MAX, ZONE_NAME_MAX },
    { _SC_ASYNCHRONOUS_IO, NO_LIMIT },
    { _SC_FSYNC, POSIX_2008 },
    { _SC_MAPPED_FILES, NO_LIMIT },
    { _SC_MEMLOCK, NO_LIMIT },
    { _SC_MESSAGE_PASSING, NO_LIMIT },
    { _SC_REALTIME_SIGNALS, NO_LIMIT },
    { _SC_SEMAPHORES, POSIX_2008 },
    { _SC_SHARED_MEMORY_OBJECTS, NO_LIMIT },
    { _SC_SYNCHRONIZED_IO, POSIX_2008 },
    { _SC_TIMERS, _POSIX_TIMERS },
    { _SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX },
    { _SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN },
    { _SC_THREAD_THREADS_MAX, THREAD_SLOTS },
    { _SC_TTY_NAME_MAX, NAME_BYTES_MAX },
    { _SC_THREADS, POSIX_2008 },
    { _SC_THREAD_ATTR_STACKSIZE, POSIX_2008 },
    { _SC_THREAD_PRIORITY_SCHEDULING, NO_LIMIT },
    { _SC_THREAD_PROCESS_SHARED, NO_LIMIT },
    { _SC_THREAD_SAFE_FUNCTIONS, POSIX_2008 },
    { _SC_GETGR_R_SIZE_MAX, NO_LIMIT },
    { _SC_GETPW_R_SIZE_MAX, NO_LIMIT },
    { _SC_LOGIN_NAME_MAX, NAME_BYTES_MAX },
    { _SC_THREAD_DESTRUCTOR_ITERATIONS, KEY_DESTRUCTOR_ROUNDS },
    { _SC_ATEXIT_MAX, NO_LIMIT },
    { _SC_BARRIERS, NO_LIMIT },
    { _SC_CLOCK_SELECTION, POSIX_2008 },
    { _SC_CPUTIME, POSIX_2008 },
    { _SC_HOST_NAME_MAX, NAME_BYTES_MAX - 1 },
    { _SC_IOV_MAX, IOV_MAX },
    { _SC_IPV6, NO_LIMIT },
    { _SC_LINE_MAX, LINE_MAX },
    { _SC_MONOTONIC_CLOCK, POSIX_2008 },
    { _SC_READER_WRITER_LOCKS, POSIX_2008 },
    { _SC_REGEXP, POSIX_2008 },
    { _SC_RE_DUP_MAX, RE_DUP_MAX },
    { _SC_SHELL, POSIX_2008 },
    { _SC_SPAWN, POSIX_2008 },
    { _SC_SPIN_LOCKS, NO_LIMIT },
    { _SC_SYMLOOP_MAX, 0 },
    { _SC_TIMEOUTS, POSIX_2008 },
    { _SC_STREAM_MAX, DESCRIPTORS_MAX },
    { _SC_PRIORITY_SCHEDULING, NO_LIMIT },
    { _SC_2_C_BIND, POSIX_2008 },
    { _SC_2_VERSION, NO_LIMIT },
};

/* A name with NO_LIMIT is known: errno stays as it is. */
long sysconf(int name)
{
    struct system_statistics statistics = { 0 };

    if (name == _SC_PHYS_PAGES) {
        return (long)system_page()->frames_total;
    }
    if (name == _SC_AVPHYS_PAGES) {
        (void)system_statistics(&statistics);
        return (long)statistics.frames_free;
    }
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (limits[i].name == name) {
            return limits[i].value;
        }
    }
    return result_or_errno(-EINVAL);
}

int getpagesize(void)
{
    return PAGE_SIZE;
}
