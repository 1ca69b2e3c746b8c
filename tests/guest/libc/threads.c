/* Threads, their ends and what each has of its own. */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/syscall.h>
#include <ternion/thread.h>

#define THREADS 8

static pthread_key_t key;
static int destroyed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int times_once;

static void *add_one(void *argument)
{
    return (void *)((uintptr_t)argument + 1);
}

static void *leave_early(void *argument)
{
    pthread_exit(argument);
}

static void test_joining(void)
{
    pthread_t threads[THREADS];
    void *result;

    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, add_one, (void *)i) == 0);
    }
    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], &result) == 0 && result == (void *)(i + 1));
    }
    CHECK(pthread_create(&threads[0], NULL, leave_early, &key) == 0 && pthread_join(threads[0], &result) == 0 && result == &key);
    CHECK(pthread_join(pthread_self(), NULL) == EDEADLK && pthread_equal(pthread_self(), pthread_self()));
}

static void destroy(void *value)
{
    destroyed += value == &key;
}

static void *have_own(void *argument)
{
    CHECK(pthread_getspecific(key) == NULL);
    CHECK(pthread_setspecific(key, &key) == 0 && pthread_getspecific(key) == &key);
    errno = (int)(uintptr_t)argument;
    sched_yield();
    usleep(5000);
    CHECK(errno == (int)(uintptr_t)argument);
    return NULL;
}

static void test_own(void)
{
    pthread_t threads[THREADS];

    CHECK(pthread_key_create(&key, destroy) == 0 && pthread_setspecific(key, &once) == 0);
    errno = 77;
    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, have_own, (void *)(i + 100)) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(errno == 77 && destroyed == THREADS && pthread_getspecific(key) == &once && pthread_key_delete(key) == 0);
    CHECK(pthread_setspecific(key, NULL) == EINVAL && pthread_key_delete(key) == EINVAL);
}

static void count_once(void)
{
    usleep(5000);
    times_once++;
}

static void *run_once(void *argument)
{
    CHECK(pthread_once(&once, count_once) == 0 && times_once == 1);
    return argument;
}

static int cleaned;

static void clean(void *argument)
{
    cleaned = cleaned * 10 + (int)(uintptr_t)argument;
}

static void *clean_up(void *argument)
{
    pthread_cleanup_push(clean, (void *)1);
    pthread_cleanup_push(clean, (void *)2);
    pthread_cleanup_push(clean, (void *)3);
    pthread_cleanup_pop(0);
    pthread_exit(argument);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    return NULL;
}

static void test_once_and_cleaning(void)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, run_once, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(pthread_create(&threads[0], NULL, clean_up, NULL) == 0 && pthread_join(threads[0], NULL) == 0 && cleaned == 21);
}

/* Starts threads as soon as they can be; tells what the process has when they are gone, and a last one has freed their stacks. */
static void start_many(const pthread_attr_t *attributes, int count, struct process_information *information)
{
    pthread_t thread;

    for (int i = 0; i <= count; i++) {
        int result;
        if (i == count) {
            usleep(50000);
        }
        while ((result = pthread_create(&thread, attributes, add_one, NULL)) == EAGAIN) {
            usleep(1000);
        }
        CHECK(result == 0);
    }
    usleep(50000);
    CHECK(process_information(SELF, information) == OK);
}

/* Detached threads leave nothing behind: far more of them than a process can have at a time. */
static void test_detached(void)
{
    pthread_attr_t attributes;
    struct process_information before, after;

    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 100) == EINVAL && pthread_attr_setstacksize(&attributes, 16384) == 0);
    start_many(&attributes, 100, &before);
    start_many(&attributes, 200, &after);
    CHECK(after.frames <= before.frames + 8);
}

static void native(void *argument)
{
    char text[32];

    errno = 5;
    snprintf(text, sizeof text, "%d %.2f", 12, 1.5);
    CHECK(strcmp(text, "12 1.50") == 0 && errno == 5);
    __atomic_store_n((int *)argument, 1, __ATOMIC_RELEASE);
}

/* A thread that libos made may use the C library, and does not share errno. */
static void test_native(void)
{
    int done = 0;

    errno = 9;
    CHECK(thread_start(native, &done, 16384, NULL) == 0);
    while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
        usleep(1000);
    }
    CHECK(errno == 9);
}

static void *print_lines(void *argument)
{
    for (int i = 0; i < 25; i++) {
        printf("line %d of thread %d is whole\n", i, (int)(uintptr_t)argument);
    }
    return NULL;
}

/* tests/system/test_libc.py counts them. */
static void test_printing(void)
{
    pthread_t threads[4];

    for (uintptr_t i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, print_lines, (void *)i) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static void *use_memory(void *argument)
{
    uint32_t state = (uint32_t)(uintptr_t)argument;
    unsigned char *pieces[16] = { NULL };

    for (int i = 0; i < 3000; i++) {
        state = state * 1664525U + 1013904223U;
        unsigned which = state >> 28, size = (state >> 12) % 600 + 1;
        CHECK(pieces[which] == NULL || pieces[which][0] == (unsigned char)(uintptr_t)argument);
        free(pieces[which]);
        pieces[which] = malloc(size);
        memset(pieces[which], (int)(uintptr_t)argument, size);
    }
    for (int i = 0; i < 16; i++) {
        free(pieces[i]);
    }
    return NULL;
}

static void test_memory(void)
{
    pthread_t threads[4];

    for (uintptr_t i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, use_memory, (void *)(i + 1)) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

void test_threads(void)
{
    test_joining();
    test_own();
    test_once_and_cleaning();
    test_detached();
    test_native();
    test_printing();
    test_memory();
}
