/* The locks of libos with threads of this machine, on all its processors. */
#include <ternion/condition.h>
#include <ternion/once.h>
#include <ternion/semaphore.h>

#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define THREADS 6
#define ROUNDS 20000U

/* ---- The system calls, as syscall.def tells of them ---- */

struct waiter {
    struct waiter *next;
    uint32_t address;
    bool woken;
    pthread_cond_t wake;
};

static pthread_mutex_t kernel = PTHREAD_MUTEX_INITIALIZER;   /* protects the list */
static struct waiter *waiters;                               /* those first that came first */

status_t address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns);
status_t address_wake(uint32_t address, uint32_t most, uint32_t *woken_out);

static nanoseconds_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (nanoseconds_t)now.tv_sec * 1000000000 + (nanoseconds_t)now.tv_nsec;
}

static struct waiter **find_link(const struct waiter *waiter)
{
    struct waiter **link = &waiters;

    while (*link != waiter) {
        link = &(*link)->next;
    }
    return link;
}

/* Until it is woken, or the deadline comes. */
static void sleep_in_list(struct waiter *self, nanoseconds_t deadline_ns)
{
    struct timespec deadline = { (time_t)(deadline_ns / 1000000000), (long)(deadline_ns % 1000000000) };

    *find_link(NULL) = self;
    while (!self->woken && (deadline_ns == FOREVER || now_ns() < deadline_ns)) {
        if (deadline_ns == FOREVER) {
            pthread_cond_wait(&self->wake, &kernel);
        } else {
            pthread_cond_timedwait(&self->wake, &kernel, &deadline);
        }
    }
    if (!self->woken) {
        *find_link(self) = self->next;
    }
}

status_t address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns)
{
    static uint32_t calls;
    struct waiter self = { .address = address };
    pthread_condattr_t monotonic;
    status_t status = CHANGED;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self.wake, &monotonic);
    if (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % 4 == 0) {
        usleep(10);              /* the way into a kernel can be long: what happens meanwhile must not be missed */
    }
    pthread_mutex_lock(&kernel);
    if (__atomic_load_n((uint32_t *)address, __ATOMIC_SEQ_CST) == expected) {
        sleep_in_list(&self, deadline_ns);
        status = self.woken ? OK : TIMED_OUT;
    }
    pthread_mutex_unlock(&kernel);
    pthread_cond_destroy(&self.wake);
    return status;
}

status_t address_wake(uint32_t address, uint32_t most, uint32_t *woken_out)
{
    *woken_out = 0;
    pthread_mutex_lock(&kernel);
    for (struct waiter **link = &waiters; *link != NULL && *woken_out < most;) {
        struct waiter *waiter = *link;
        if (waiter->address == address) {
            *link = waiter->next;
            waiter->woken = true;
            pthread_cond_signal(&waiter->wake);
            (*woken_out)++;
        } else {
            link = &waiter->next;
        }
    }
    pthread_mutex_unlock(&kernel);
    return OK;
}

/* ---- Threads ---- */

/* A lost wake-up would leave somebody asleep for ever: the alarm says so. */
static void run_threads(void *(*function)(void *), void *(*other)(void *))
{
    pthread_t threads[THREADS];

    alarm(30);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, i % 2 == 0 ? function : other, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    alarm(0);
}

static struct lock lock;
static struct condition filled, emptied;
static struct semaphore semaphore = { .count = 2 };
static struct once once;
static uint32_t counter, places, taken, inside;

static void *count(void *unused)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        if (i % 5 == 0) {
            while (lock_acquire_before(&lock, now_ns() + 1000) == TIMED_OUT) {
            }
        } else if (i % 7 != 0 || !lock_try(&lock)) {
            lock_acquire(&lock);
        }
        counter++;
        lock_release(&lock);
    }
    return unused;
}

static void counters_under_a_lock_are_exact(void)
{
    run_threads(count, count);
    CHECK_EQUAL(counter, THREADS * ROUNDS);
    CHECK_EQUAL(lock.state, 0);
}

static void *produce(void *unused)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        lock_acquire(&lock);
        while (places == 2) {
            condition_wait(&emptied, &lock);
        }
        places++;
        if (i % 2 == 0) {
            condition_signal(&filled);
        }
        lock_release(&lock);
        if (i % 2 != 0) {
            condition_signal(&filled);
        }
    }
    return unused;
}

static void *consume(void *unused)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        lock_acquire(&lock);
        while (places == 0) {
            condition_wait(&filled, &lock);
        }
        places--;
        taken++;
        lock_release(&lock);
        condition_signal(&emptied);
    }
    return unused;
}

static void condition_loses_no_signal(void)
{
    run_threads(produce, consume);
    CHECK_EQUAL(taken, THREADS / 2 * ROUNDS);
    CHECK_EQUAL(places, 0);
    CHECK_EQUAL(filled.waiting + emptied.waiting, 0);
}

static struct condition turns[THREADS];
static uint32_t turn;

/* Each waits for its turn and hands it on: no second signal would make good for a lost one. */
static void *take_turns(void *unused)
{
    uint32_t self = __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);

    for (uint32_t i = 0; i < ROUNDS / 20; i++) {
        lock_acquire(&lock);
        while (turn != self) {
            condition_wait(&turns[self], &lock);
        }
        turn = (turn + 1) % THREADS;
        uint32_t next = turn;
        if (i % 2 == 0) {
            condition_signal(&turns[next]);
        }
        lock_release(&lock);
        if (i % 2 != 0) {
            condition_broadcast(&turns[next]);
        }
    }
    return unused;
}

static void every_single_signal_arrives(void)
{
    run_threads(take_turns, take_turns);
    CHECK_EQUAL(turn, 0);
}

static void *use_permit(void *unused)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        semaphore_take(&semaphore);
        CHECK(__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) <= 2);
        if (i % 64 == 0) {
            sched_yield();
        }
        __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        semaphore_give(&semaphore);
    }
    return unused;
}

static void semaphore_lets_in_as_many_as_it_counts(void)
{
    run_threads(use_permit, use_permit);
    CHECK_EQUAL(semaphore.count, 2);
    CHECK_EQUAL(semaphore.waiting, 0);
}

static void first_of_all(void)
{
    usleep(1000);
    counter++;
}

static void *run_once(void *unused)
{
    once_run(&once, first_of_all);
    CHECK_EQUAL(counter, 1);
    return unused;
}

static void what_runs_once_is_done_before_anybody_goes_on(void)
{
    for (uint32_t round = 0; round < 50; round++) {
        once = (struct once){ 0 };
        counter = 0;
        run_threads(run_once, run_once);
    }
}

static void lock_gives_up_at_its_deadline(void)
{
    nanoseconds_t deadline_ns = now_ns() + 20000000;

    lock_acquire(&lock);
    CHECK(lock_acquire_before(&lock, deadline_ns) == TIMED_OUT);
    CHECK(now_ns() >= deadline_ns);
    CHECK(condition_wait_before(&filled, &lock, 0) == TIMED_OUT);
    CHECK(!lock_try(&lock));
    lock_release(&lock);
    CHECK(lock_try(&lock));
}

static const struct test tests[] = {
    TEST(counters_under_a_lock_are_exact),
    TEST(condition_loses_no_signal),
    TEST(every_single_signal_arrives),
    TEST(semaphore_lets_in_as_many_as_it_counts),
    TEST(what_runs_once_is_done_before_anybody_goes_on),
    TEST(lock_gives_up_at_its_deadline),
};
TEST_MAIN(tests)
