/* Locks between threads: exact under preemption, and nobody sleeps who has been woken. */
#include <ternion/condition.h>
#include <ternion/once.h>
#include <ternion/semaphore.h>
#include <ternion/thread.h>

#include "files.h"

#define STACK_BYTES 4096U
#define THREADS 8U
#define ROUNDS 2000U
#define PATIENCE_NS (8 * SECOND)

static struct semaphore finished;

static void start_threads(thread_function_t *function, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        EXPECT_OK(thread_start(function, (void *)i, STACK_BYTES, NULL));
    }
}

static void wait_for_threads(uint32_t count)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);

    for (uint32_t i = 0; i < count; i++) {
        EXPECT_OK(semaphore_take_before(&finished, deadline_ns));
    }
}

/* ---- Locks ---- */

static struct lock lock;
static volatile uint32_t counter;
static volatile uint32_t inside;

/* Lets others run in the middle: what the lock does not keep out will show. */
static void count(void *unused)
{
    (void)unused;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        lock_acquire(&lock);
        EXPECT_EQUAL(0, inside);
        inside = 1;
        uint32_t value = counter;
        if (round % 16 == 0) {
            (void)thread_yield();
        }
        if (round % 512 == 0) {
            clock_sleep(1);
        }
        counter = value + 1;
        inside = 0;
        lock_release(&lock);
    }
    semaphore_give(&finished);
}

static void counters_under_a_lock_are_exact(void)
{
    start_threads(count, THREADS);
    wait_for_threads(THREADS);
    EXPECT_EQUAL(THREADS * ROUNDS, counter);
    EXPECT(lock_try(&lock));
}

/* Long enough between system calls that the clock's tick interrupts it anywhere. */
static void count_without_a_pause(void *unused)
{
    (void)unused;
    for (nanoseconds_t end_ns = clock_after(SECOND / 2); clock_now() < end_ns;) {
        lock_acquire(&lock);
        EXPECT_EQUAL(0, inside);
        inside = 1;
        counter = counter + 1;
        for (volatile uint32_t i = 0; i < 50; i++) {
        }
        inside = 0;
        lock_release(&lock);
    }
    semaphore_give(&finished);
}

static void lock_holds_under_preemption(void)
{
    start_threads(count_without_a_pause, THREADS);
    wait_for_threads(THREADS);
    EXPECT(counter > THREADS);
}

static void free_lock_is_taken_and_released_by_its_own_word(void)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        lock_acquire(&lock);
        EXPECT(!lock_try(&lock));
        EXPECT_EQUAL(1, lock.state);     /* held, and wanted by nobody: the release asks no kernel */
        lock_release(&lock);
        EXPECT_EQUAL(0, lock.state);
    }
}

static void lock_gives_up_at_its_deadline(void)
{
    nanoseconds_t deadline_ns = clock_after(20 * MILLISECOND);

    lock_acquire(&lock);
    EXPECT_STATUS(TIMED_OUT, lock_acquire_before(&lock, deadline_ns));
    EXPECT(clock_now() >= deadline_ns);
    EXPECT_STATUS(TIMED_OUT, lock_acquire_before(&lock, 0));
    lock_release(&lock);
    EXPECT_OK(lock_acquire_before(&lock, 0));
}

static void pass_through(void *unused)
{
    (void)unused;
    lock_acquire(&lock);
    lock_release(&lock);
    semaphore_give(&finished);
}

/* Two threads wait; the one that the release wakes is ended before it runs. False: it ran. */
static bool end_who_is_woken(void)
{
    thread_id_t first;

    lock_acquire(&lock);
    EXPECT_OK(thread_start(pass_through, NULL, STACK_BYTES, &first));
    clock_sleep(5 * MILLISECOND);
    EXPECT_OK(thread_start(pass_through, NULL, STACK_BYTES, NULL));
    clock_sleep(5 * MILLISECOND);
    lock_release(&lock);
    if (!lock_try(&lock)) {
        wait_for_threads(2);
        return false;
    }
    EXPECT_OK(thread_end(first));
    lock_pass_on(&lock);
    lock_release(&lock);
    wait_for_threads(1);
    return true;
}

static void end_of_a_woken_thread_leaves_no_other_asleep(void)
{
    uint32_t ended = 0;

    for (uint32_t try = 0; try < 20; try++) {
        ended += end_who_is_woken();
    }
    EXPECT(ended != 0);
}

/* ---- Conditions ---- */

#define PLACES 4U

static struct condition filled, emptied;
static uint32_t places[PLACES], places_used, items_taken, items_sum;

static void produce(void *self)
{
    for (uint32_t item = 1; item <= ROUNDS; item++) {
        lock_acquire(&lock);
        while (places_used == PLACES) {
            condition_wait(&emptied, &lock);
        }
        places[places_used++] = item;
        condition_signal(&filled);
        lock_release(&lock);
        if (item % 64 == (uint32_t)self) {
            (void)thread_yield();
        }
    }
    semaphore_give(&finished);
}

/* Signals without the lock: that must be as good. */
static void consume(void *unused)
{
    (void)unused;
    for (uint32_t item = 1; item <= ROUNDS; item++) {
        lock_acquire(&lock);
        while (places_used == 0) {
            condition_wait(&filled, &lock);
        }
        items_sum += places[--places_used];
        items_taken++;
        lock_release(&lock);
        condition_signal(&emptied);
    }
    semaphore_give(&finished);
}

/* A lost signal would leave a producer or a consumer asleep for ever: each signal is for one place or item. */
static void condition_loses_no_signal(void)
{
    start_threads(produce, THREADS / 2);
    start_threads(consume, THREADS / 2);
    wait_for_threads(THREADS);
    EXPECT_EQUAL(THREADS / 2 * ROUNDS, items_taken);
    EXPECT_EQUAL(THREADS / 2 * (ROUNDS * (ROUNDS + 1) / 2), items_sum);
    EXPECT_EQUAL(0, places_used);
    EXPECT_EQUAL(0, filled.waiting);
    EXPECT_EQUAL(0, emptied.waiting);
}

static struct condition turns[THREADS];
static uint32_t turn;

static void take_turns(void *argument)
{
    uint32_t self = (uint32_t)argument;

    for (uint32_t round = 0; round < ROUNDS / 4; round++) {
        lock_acquire(&lock);
        while (turn != self) {
            condition_wait(&turns[self], &lock);
        }
        turn = (turn + 1) % THREADS;
        uint32_t next = turn;
        lock_release(&lock);
        condition_signal(&turns[next]);
    }
    semaphore_give(&finished);
}

/* Each waits for its turn and hands it on: no second signal would make good for a lost one. */
static void every_single_signal_arrives(void)
{
    start_threads(take_turns, THREADS);
    wait_for_threads(THREADS);
    EXPECT_EQUAL(0, turn);
}

static struct condition opened;
static bool open;

static void pass_gate(void *unused)
{
    (void)unused;
    lock_acquire(&lock);
    while (!open) {
        condition_wait(&opened, &lock);
    }
    lock_release(&lock);
    semaphore_give(&finished);
}

static void broadcast_wakes_all(void)
{
    start_threads(pass_gate, THREADS);
    while (__atomic_load_n(&opened.waiting, __ATOMIC_SEQ_CST) < THREADS) {
        clock_sleep(MILLISECOND);
    }
    condition_signal(&opened);       /* one looks, and finds it closed */
    clock_sleep(20 * MILLISECOND);
    EXPECT(!semaphore_try(&finished));
    lock_acquire(&lock);
    open = true;
    condition_broadcast(&opened);
    lock_release(&lock);
    wait_for_threads(THREADS);
}

static void condition_gives_up_at_its_deadline(void)
{
    nanoseconds_t deadline_ns = clock_after(20 * MILLISECOND);

    lock_acquire(&lock);
    while (condition_wait_before(&opened, &lock, deadline_ns) == OK) {
    }
    EXPECT(clock_now() >= deadline_ns);
    EXPECT(!lock_try(&lock));
    lock_release(&lock);
    EXPECT_EQUAL(0, opened.waiting);
}

/* ---- Semaphores ---- */

static struct semaphore permits = { .count = 3 };
static uint32_t permitted, permitted_most;

static void use_permit(void *unused)
{
    (void)unused;
    for (uint32_t round = 0; round < ROUNDS / 4; round++) {
        semaphore_take(&permits);
        uint32_t now = __atomic_add_fetch(&permitted, 1, __ATOMIC_SEQ_CST);
        EXPECT(now <= 3);
        if (now > permitted_most) {
            permitted_most = now;
        }
        if (round % 4 == 0) {
            (void)thread_yield();
        }
        __atomic_sub_fetch(&permitted, 1, __ATOMIC_SEQ_CST);
        semaphore_give(&permits);
    }
    semaphore_give(&finished);
}

static void semaphore_lets_in_as_many_as_it_counts(void)
{
    start_threads(use_permit, THREADS);
    wait_for_threads(THREADS);
    EXPECT_EQUAL(3, permits.count);
    EXPECT_EQUAL(0, permits.waiting);
    EXPECT_EQUAL(3, permitted_most);
}

static void semaphore_gives_up_at_its_deadline(void)
{
    nanoseconds_t deadline_ns = clock_after(20 * MILLISECOND);

    EXPECT_STATUS(TIMED_OUT, semaphore_take_before(&finished, deadline_ns));
    EXPECT(clock_now() >= deadline_ns);
    EXPECT(!semaphore_try(&finished));
    semaphore_give(&finished);
    EXPECT_OK(semaphore_take_before(&finished, 0));
}

/* ---- Once ---- */

static struct once once;

static void first_of_all(void)
{
    clock_sleep(10 * MILLISECOND);   /* the others come meanwhile */
    counter = counter + 1;
}

static void run_once(void *unused)
{
    (void)unused;
    once_run(&once, first_of_all);
    EXPECT_EQUAL(1, counter);
    semaphore_give(&finished);
}

static void what_runs_once_is_done_before_anybody_goes_on(void)
{
    start_threads(run_once, THREADS);
    wait_for_threads(THREADS);
    once_run(&once, first_of_all);
    EXPECT_EQUAL(1, counter);
}

const struct test locks_tests[] = {
    TEST(CLASS_APPLICATION, counters_under_a_lock_are_exact),
    TEST(CLASS_APPLICATION, lock_holds_under_preemption),
    TEST(CLASS_APPLICATION, free_lock_is_taken_and_released_by_its_own_word),
    TEST(CLASS_APPLICATION, lock_gives_up_at_its_deadline),
    TEST(CLASS_APPLICATION, end_of_a_woken_thread_leaves_no_other_asleep),
    TEST(CLASS_APPLICATION, condition_loses_no_signal),
    TEST(CLASS_APPLICATION, every_single_signal_arrives),
    TEST(CLASS_APPLICATION, broadcast_wakes_all),
    TEST(CLASS_APPLICATION, condition_gives_up_at_its_deadline),
    TEST(CLASS_APPLICATION, semaphore_lets_in_as_many_as_it_counts),
    TEST(CLASS_APPLICATION, semaphore_gives_up_at_its_deadline),
    TEST(CLASS_APPLICATION, what_runs_once_is_done_before_anybody_goes_on),
};
const uint32_t locks_test_count = COUNT(locks_tests);
const struct role locks_roles[] = { };
const uint32_t locks_role_count = COUNT(locks_roles);
