/* What of POSIX is there: newlib's own header knows it only of the systems that it names. */
#pragma once

#include_next <sys/features.h>

/* newlib's streams would shield each call from pthread_cancel, which nobody can use here. */
#ifndef _TERNION_NEWLIB
#define _POSIX_THREADS 200809L
#endif
#define _POSIX_THREAD_ATTR_STACKSIZE 200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L
#define _POSIX_READER_WRITER_LOCKS 200809L
#define _POSIX_TIMEOUTS 200809L
#define _POSIX_TIMERS 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_CLOCK_SELECTION 200809L
#define _POSIX_SPAWN 200809L
#define _POSIX_CPUTIME 200809L
#define _UNIX98_THREAD_MUTEX_ATTRIBUTES 1
