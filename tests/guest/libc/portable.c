/* Says what the C library makes of many things, a line each. */
#include "portable.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Sorting and searching ---- */

static int compare_numbers(const void *left, const void *right)
{
    const int *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void say_sorting(void)
{
    enum { COUNT = 500 };
    static int numbers[COUNT];
    uint32_t state = 12345, sum = 0;

    for (int i = 0; i < COUNT; i++) {
        state = state * 1103515245U + 12345U;
        numbers[i] = (int)(state >> 8) % 100000;
    }
    qsort(numbers, COUNT, sizeof numbers[0], compare_numbers);
    for (int i = 0; i < COUNT; i++) {
        sum = sum * 31 + (uint32_t)numbers[i];
    }
    const int *found = bsearch(&numbers[77], numbers, COUNT, sizeof numbers[0], compare_numbers);
    int absent = -1;
    printf("sorted %d %d %d, sum %" PRIu32 ", found %d, absent %d\n", numbers[0], numbers[COUNT / 2], numbers[COUNT - 1], sum,
           found != NULL && *found == numbers[77], bsearch(&absent, numbers, COUNT, sizeof numbers[0], compare_numbers) == NULL);
}

/* ---- Memory ---- */

/* Many pieces of all sizes, grown, shrunk and given back in an order of their own: is what was in them still there? */
static void say_memory(void)
{
    enum { PIECES = 200, ROUNDS = 4000 };
    static unsigned char *pieces[PIECES];
    static size_t sizes[PIECES];
    uint32_t state = 1;
    int damaged = 0;

    for (int round = 0; round < ROUNDS; round++) {
        state = state * 1664525U + 1013904223U;
        size_t index = (state >> 16) % PIECES, size = (state >> 8) % 3000 + 1;
        if (pieces[index] != NULL) {
            damaged += pieces[index][0] != (unsigned char)index || pieces[index][sizes[index] - 1] != (unsigned char)index;
        }
        if (pieces[index] != NULL && (state & 0x80) != 0) {
            free(pieces[index]);
            pieces[index] = NULL;
            continue;
        }
        unsigned char *piece = realloc(pieces[index], size);
        if (piece == NULL) {
            printf("no memory\n");
            return;
        }
        damaged += pieces[index] != NULL && piece[0] != (unsigned char)index;
        piece[0] = piece[size - 1] = (unsigned char)index;
        pieces[index] = piece;
        sizes[index] = size;
    }
    for (int i = 0; i < PIECES; i++) {
        free(pieces[i]);
    }
    unsigned char *zeroes = calloc(100, 100);
    int dirty = 0;
    for (int i = 0; i < 10000; i++) {
        dirty += zeroes[i] != 0;
    }
    free(zeroes);
    printf("memory: %d damaged, %d dirty\n", damaged, dirty);
    void *aligned = aligned_alloc(256, 1024);
    printf("aligned %d\n", aligned != NULL && (uintptr_t)aligned % 256 == 0);
    free(aligned);
}

/* ---- Jumps, signals ---- */

static jmp_buf place;
static volatile sig_atomic_t raised;

static void on_signal(int number)
{
    raised = number;
}

/* Out of the middle of a sort. */
static int jump(const void *left, const void *right)
{
    if (memcmp(left, right, 1) != 0) {
        longjmp(place, 7);
    }
    return 0;
}

static void say_jumps(void)
{
    volatile int before = 5;
    int value = setjmp(place);

    if (value == 0) {
        before = 6;
        char letters[] = "hello";
        qsort(letters, 5, 1, jump);
    }
    printf("setjmp %d, volatile %d\n", value, before);
    void (*old)(int) = signal(SIGTERM, on_signal);
    int result = raise(SIGTERM);
    printf("raise %d, handled %d, default %d\n", result, raised == SIGTERM, old == SIG_DFL);
    signal(SIGTERM, SIG_IGN);
    raised = 0;
    raise(SIGTERM);
    printf("ignored %d\n", raised == 0);
}

/* ---- Time ---- */

static void say_time(time_t seconds)
{
    struct tm parts;
    char text[100];

    if (gmtime_r(&seconds, &parts) == NULL) {
        printf("no such time\n");
        return;
    }
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %A %b %B %j %U %w %y %I %p %%", &parts);
    printf("%s", text);
    parts.tm_isdst = 0;
    printf(" %lld %s", (long long)mktime(&parts), asctime(&parts));
}

static void say_times(void)
{
    static const time_t times[] = { 0, 1, 86399, 951782400, 951868800, 1000000000, 1709164800, 2147483647, -1, -86400 };
    struct tm parts = { .tm_year = 100, .tm_mon = 13, .tm_mday = 35, .tm_hour = 30, .tm_min = -5, .tm_sec = 100 };

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        say_time(times[i]);
    }
    time_t seconds = mktime(&parts);
    printf("normalised %lld: %d-%d-%d %d:%d:%d weekday %d\n", (long long)seconds, parts.tm_year, parts.tm_mon, parts.tm_mday,
           parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_wday);
    printf("difference %.1f\n", difftime(100, 58));
}

/* ---- The end ---- */

static void first_registered(void)
{
    printf("atexit: the first comes last\n");
}

static void last_registered(void)
{
    printf("atexit: the last comes first\n");
}

int main(void)
{
    setenv("TZ", "UTC0", 1);
    tzset();
    atexit(first_registered);
    atexit(last_registered);
    say_text();
    say_numbers();
    say_sorting();
    say_memory();
    say_jumps();
    say_times();
    printf("environment: %s, %s\n", getenv("TZ"), getenv("NOT_THERE") == NULL ? "none" : "some");
    printf("done\n");
    return 0;
}
