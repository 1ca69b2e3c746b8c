/* Mutexes of all kinds, conditions, locks for readers and writers, semaphores. */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static int counter, turn;

static void *count(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        CHECK(pthread_mutex_lock(&mutex) == 0);
        int seen = *(volatile int *)&counter;
        if (i % 100 == 0) {
            usleep(0);
        }
        *(volatile int *)&counter = seen + 1;
        CHECK(pthread_mutex_unlock(&mutex) == 0);
    }
    return argument;
}

static void test_counting(void)
{
    pthread_t threads[3];

    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, count, NULL) == 0);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(counter == 3 * ROUNDS);
}

static void *try_lock(void *argument)
{
    return (void *)(uintptr_t)pthread_mutex_trylock(argument);
}

static int tried_by_other(pthread_mutex_t *which)
{
    pthread_t thread;
    void *result;

    CHECK(pthread_create(&thread, NULL, try_lock, which) == 0 && pthread_join(thread, &result) == 0);
    return (int)(uintptr_t)result;
}

static void test_kinds(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t special;
    struct timespec past = { 1, 0 };

    CHECK(pthread_mutexattr_init(&attributes) == 0 && pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE) == 0);
    CHECK(pthread_mutex_init(&special, &attributes) == 0 && pthread_mutex_lock(&special) == 0 && pthread_mutex_lock(&special) == 0);
    CHECK(pthread_mutex_unlock(&special) == 0 && tried_by_other(&special) == EBUSY && pthread_mutex_destroy(&special) == EBUSY);
    CHECK(pthread_mutex_unlock(&special) == 0 && pthread_mutex_unlock(&special) == EPERM && pthread_mutex_destroy(&special) == 0);
    CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK) == 0 && pthread_mutexattr_settype(&attributes, 9) == EINVAL);
    CHECK(pthread_mutex_init(&special, &attributes) == 0 && pthread_mutex_lock(&special) == 0);
    CHECK(pthread_mutex_lock(&special) == EDEADLK && pthread_mutex_trylock(&special) == EBUSY && pthread_mutex_unlock(&special) == 0);
    CHECK(pthread_mutex_unlock(&special) == EPERM && pthread_mutexattr_destroy(&attributes) == 0);
    CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_trylock(&mutex) == EBUSY && pthread_mutex_timedlock(&mutex, &past) == ETIMEDOUT);
    CHECK(pthread_mutex_unlock(&mutex) == 0);
}

/* Two threads in turn. */
static void *take_turns(void *argument)
{
    int own = (int)(uintptr_t)argument;

    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % 2 != own) {
            pthread_cond_wait(&condition, &mutex);
        }
        turn++;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void test_conditions(void)
{
    pthread_t threads[2];
    struct timespec deadline;
    pthread_condattr_t attributes;
    pthread_cond_t monotonic;

    for (uintptr_t i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, take_turns, (void *)i) == 0);
    }
    CHECK(pthread_join(threads[0], NULL) == 0 && pthread_join(threads[1], NULL) == 0 && turn == 400);
    CHECK(clock_gettime(CLOCK_REALTIME, &deadline) == 0 && pthread_mutex_lock(&mutex) == 0);
    deadline.tv_sec += deadline.tv_nsec + 20000000 >= 1000000000;
    deadline.tv_nsec = (deadline.tv_nsec + 20000000) % 1000000000;
    CHECK(pthread_cond_timedwait(&condition, &mutex, &deadline) == ETIMEDOUT);
    CHECK(pthread_condattr_init(&attributes) == 0 && pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == ENOTSUP);
    CHECK(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_PRIVATE) == 0 && pthread_condattr_setpshared(&attributes, 5) == EINVAL);
    CHECK(pthread_cond_init(&monotonic, &attributes) == 0 && clock_gettime(CLOCK_MONOTONIC, &deadline) == 0);
    CHECK(pthread_cond_timedwait(&monotonic, &mutex, &deadline) == ETIMEDOUT);
    deadline.tv_nsec = -1;
    CHECK(pthread_cond_timedwait(&monotonic, &mutex, &deadline) == EINVAL);
    CHECK(pthread_mutex_unlock(&mutex) == 0 && pthread_cond_destroy(&monotonic) == 0);
}

static void *try_to_read(void *argument)
{
    int result = pthread_rwlock_tryrdlock(&rwlock);

    if (result == 0) {
        pthread_rwlock_unlock(&rwlock);
    }
    (void)argument;
    return (void *)(uintptr_t)result;
}

static int read_by_other(void)
{
    pthread_t thread;
    void *result;

    CHECK(pthread_create(&thread, NULL, try_to_read, NULL) == 0 && pthread_join(thread, &result) == 0);
    return (int)(uintptr_t)result;
}

static void test_rwlocks(void)
{
    CHECK(pthread_rwlock_rdlock(&rwlock) == 0 && read_by_other() == 0 && pthread_rwlock_trywrlock(&rwlock) == EBUSY);
    CHECK(pthread_rwlock_unlock(&rwlock) == 0 && pthread_rwlock_wrlock(&rwlock) == 0 && read_by_other() == EBUSY);
    CHECK(pthread_rwlock_unlock(&rwlock) == 0 && pthread_rwlock_unlock(&rwlock) == EPERM && read_by_other() == 0);
}

static void *give(void *argument)
{
    usleep(5000);
    CHECK(sem_post(&semaphore) == 0);
    return argument;
}

static void test_semaphores(void)
{
    pthread_t thread;
    struct timespec past = { 1, 0 };
    int value;

    CHECK(sem_init(&semaphore, 0, 1) == 0 && sem_wait(&semaphore) == 0);
    CHECK_ERROR(sem_trywait(&semaphore), EAGAIN);
    CHECK_ERROR(sem_timedwait(&semaphore, &past), ETIMEDOUT);
    CHECK(pthread_create(&thread, NULL, give, NULL) == 0 && sem_wait(&semaphore) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(sem_getvalue(&semaphore, &value) == 0 && value == 0 && sem_destroy(&semaphore) == 0);
}

void test_mutexes(void)
{
    test_counting();
    test_kinds();
    test_conditions();
    test_rwlocks();
    test_semaphores();
}
