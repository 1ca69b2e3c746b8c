/* Time, memory, numbers of the process, events. */
#include "check.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/libc.h>
#include <ternion/syscall.h>

static void test_time(void)
{
    struct timespec now, later, resolution, pause = { 0, 15000000 };
    struct timeval day;
    time_t seconds = time(NULL);
    struct tms used;

    CHECK(seconds >= BOOT_TIME && seconds < BOOT_TIME + BOOT_SECONDS_MAX);
    CHECK(gettimeofday(&day, NULL) == 0 && day.tv_sec - seconds <= 1 && day.tv_usec >= 0 && day.tv_usec < 1000000);
    CHECK(gmtime(&seconds)->tm_mon == 1 && gmtime(&seconds)->tm_mday == 29 && localtime(&seconds)->tm_hour == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0 && nanosleep(&pause, &later) == 0 && later.tv_nsec == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &later) == 0);
    CHECK((later.tv_sec - now.tv_sec) * 1000000000LL + later.tv_nsec - now.tv_nsec >= pause.tv_nsec);
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &now, NULL) == 0);
    CHECK(clock_getres(CLOCK_REALTIME, &resolution) == 0 && resolution.tv_sec == 0 && resolution.tv_nsec > 0);
    pause.tv_nsec = 1000000000;
    CHECK_ERROR(nanosleep(&pause, NULL), EINVAL);
    CHECK_ERROR(clock_gettime(77, &now), EINVAL);
    CHECK_ERROR(clock_settime(CLOCK_REALTIME, &now), EPERM);
    CHECK(clock() != (clock_t)-1 && times(&used) != (clock_t)-1 && used.tms_cutime == 0);
}

static void test_memory_rest(void)
{
    volatile size_t huge = SIZE_MAX / 2; /* the compiler would warn of a constant */
    void *memory = NULL;

    for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
        CHECK(posix_memalign(&memory, alignment, 5000) == 0 && (uintptr_t)memory % alignment == 0);
        CHECK(malloc_usable_size(memory) >= 5000);
        memset(memory, 0x5A, 5000);
        memory = realloc(memory, 20000);
        CHECK(memory != NULL && ((unsigned char *)memory)[4999] == 0x5A);
        free(memory);
    }
    CHECK(posix_memalign(&memory, 24, 1) == EINVAL && reallocarray(NULL, huge, 4) == NULL);
    CHECK(malloc(huge) == NULL && calloc(huge, huge) == NULL);
}

static void test_process(void)
{
    uint8_t first[16], second[16];

    CHECK(getpid() > 0 && getppid() >= 0 && getuid() == 0 && sysconf(_SC_PAGESIZE) == 4096 && sysconf(_SC_OPEN_MAX) == 64);
    CHECK(sysconf(_SC_PAGE_SIZE) == getpagesize() && sysconf(_SC_NPROCESSORS_ONLN) == 1 && sysconf(_SC_NPROCESSORS_CONF) == 1);
    CHECK(sysconf(_SC_CLK_TCK) == CLOCKS_PER_SEC && sysconf(_SC_ARG_MAX) == 1 << 20 && sysconf(_SC_LINE_MAX) >= 2048);
    CHECK(sysconf(_SC_HOST_NAME_MAX) >= 255 && sysconf(_SC_LOGIN_NAME_MAX) >= 9 && sysconf(_SC_IOV_MAX) == 1024);
    CHECK(sysconf(_SC_THREADS) > 0 && sysconf(_SC_MONOTONIC_CLOCK) > 0 && sysconf(_SC_SPAWN) > 0 && sysconf(_SC_VERSION) == 200809);
    CHECK(sysconf(_SC_PHYS_PAGES) > sysconf(_SC_AVPHYS_PAGES) && sysconf(_SC_AVPHYS_PAGES) > 0 && sysconf(_SC_STREAM_MAX) == 64);
    errno = 0;
    CHECK(sysconf(_SC_CHILD_MAX) == -1 && sysconf(_SC_MAPPED_FILES) == -1 && sysconf(_SC_JOB_CONTROL) == -1 && errno == 0);
    CHECK_ERROR(sysconf(9999), EINVAL);
    CHECK(getentropy(first, 16) == 0 && getentropy(second, 16) == 0 && memcmp(first, second, 16) != 0);
    CHECK_ERROR(getentropy(first, 257), EIO);
    CHECK(umask(077) == 022 && umask(022) == 077);
    CHECK(setenv("VARIABLE", "one", 1) == 0 && setenv("VARIABLE", "two", 0) == 0 && strcmp(getenv("VARIABLE"), "one") == 0);
    CHECK(unsetenv("VARIABLE") == 0 && getenv("VARIABLE") == NULL);
    CHECK(status_errno(NO_MEMORY) == ENOMEM && status_errno(OK) == 0);
}

/* What newlib has with mistakes, or under another name (libc/newlib_mended.c), and what is said of malloc. */
static void test_mended(void)
{
    char *text = NULL;
    size_t size = 0;
    double whole;
    volatile size_t huge = SIZE_MAX / 2;     /* the compiler would warn of what it knows */
    FILE *file = fopen("/boot/test/text.txt", "r");

    CHECK(file != NULL && getline(&text, &size, file) == 11 && strcmp(text, "first line\n") == 0);
    CHECK(getdelim(&text, &size, ' ', file) == 7 && strcmp(text, "second ") == 0 && size >= 8);
    fclose(file);
    free(text);
    CHECK_ERROR(setenv("", "value", 1), EINVAL);
    CHECK_ERROR(unsetenv(""), EINVAL);
    CHECK(strcmp(strerror(ENOENT), "No such file or directory") == 0 && strcmp(strerror(12345), "Unknown error") == 0);
    CHECK(isnan(modf(NAN, &whole)) && isnan(whole) && modf(-2.5, &whole) == -0.5 && whole == -2);
    CHECK(modf(INFINITY, &whole) == 0 && whole == INFINITY && signbit(modf(-3, &whole)));
    errno = 0;
    CHECK(malloc(huge) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(huge, 4) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(realloc(NULL, huge) == NULL && errno == ENOMEM);
}

static int messages;

static void handle(const struct event *event)
{
    messages += event->kind == EVENT_TIMER;
}

/* Events that are not the library's go to the program. */
static void test_events(void)
{
    timer_id_t timer;
    struct event foreign = { .kind = EVENT_TIMER };

    libc_set_event_handler(handle);
    CHECK(timer_create(clock_after(5 * MILLISECOND), 0, &timer) == OK);
    usleep(20000);
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    struct timeval timeout = { 0, 1000 };
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(ends[0], &reads);
    CHECK(select(ends[0] + 1, &reads, NULL, NULL, &timeout) == 0 && messages == 1);
    CHECK(!libc_event(&foreign) && timer_end(timer) == OK && write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    libc_set_event_handler(NULL);
}

void test_rest(void)
{
    test_time();
    test_memory_rest();
    test_process();
    test_mended();
    test_events();
}
