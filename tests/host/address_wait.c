/* Threads that wait for an address to be woken, against a model: who was first is woken first, in time, once. */
#include "address_wait.h"

#include <stdlib.h>

#include "actor.h"
#include "clock.h"
#include "i386/timer.h"

#define PROCESSES 2U
#define THREADS 8U
#define WORDS 4U
#define STEPS 200000U

struct waiter {
    struct actor actor;          /* thread NULL: it has ended */
    bool waits;
    bool woken;                  /* and has not run since */
    status_t status;             /* then it hears this */
    uint32_t address;
    nanoseconds_t deadline_ns;
    uint32_t since;              /* who waits longer has the lower number */
};

static struct waiter waiters[THREADS];
static uint32_t words[PROCESSES][WORDS];
static uint32_t waits;           /* ever */

static uint32_t process_index(const struct waiter *waiter)
{
    return (uint32_t)(waiter - waiters) % PROCESSES;
}

/* Of its own process; seldom of the other one, or not that of a word. */
static uint32_t some_address(const struct waiter *waiter)
{
    uint32_t which = random_one_in(30) ? random_below(PROCESSES) : process_index(waiter);

    return (uint32_t)(uintptr_t)&words[which][random_below(WORDS)] + (random_one_in(30) ? random_below(4) : 0);
}

/* BAD_ARGUMENT, BAD_ADDRESS or OK. */
static status_t expect_address(const struct waiter *waiter, uint32_t address)
{
    uint32_t begin = (uint32_t)(uintptr_t)words[process_index(waiter)];

    return address % sizeof(uint32_t) != 0 ? BAD_ARGUMENT : address - begin >= sizeof words[0] ? BAD_ADDRESS : OK;
}

static void wait(struct waiter *waiter)
{
    uint32_t address = some_address(waiter);
    nanoseconds_t now = clock_now();
    nanoseconds_t deadline_ns = random_one_in(3) ? FOREVER : random_one_in(8) ? now : now + random_below(20 * TIMER_TICK_NS);
    status_t expected = expect_address(waiter, address);
    uint32_t value = expected == OK ? *(uint32_t *)(uintptr_t)address + random_one_in(8) : 0;

    if (expected == OK) {
        expected = value != *(uint32_t *)(uintptr_t)address ? CHANGED : deadline_ns <= now ? TIMED_OUT : OK;
    }
    actor_run(&waiter->actor);
    CHECK_EQUAL(sys_address_wait(address, value, deadline_ns), expected);
    if (expected == OK) {
        waiter->waits = true;
        waiter->address = address;
        waiter->deadline_ns = deadline_ns;
        waiter->since = ++waits;
    }
}

static struct waiter *first_at(uint32_t address)
{
    struct waiter *first = NULL;

    for (uint32_t i = 0; i < THREADS; i++) {
        if (waiters[i].waits && waiters[i].address == address && (first == NULL || waiters[i].since < first->since)) {
            first = &waiters[i];
        }
    }
    return first;
}

static void wake(struct waiter *waiter)
{
    uint32_t address = some_address(waiter);
    uint32_t most = random_one_in(4) ? UINT32_MAX : random_below(4);
    status_t expected = expect_address(waiter, address);
    uint32_t expected_count = 0;
    uint32_t count = 0;
    struct waiter *first;

    while (expected == OK && expected_count < most && (first = first_at(address)) != NULL) {
        first->waits = false;
        first->woken = true;
        first->status = OK;
        expected_count++;
    }
    actor_run(&waiter->actor);
    CHECK_EQUAL(sys_address_wake(address, most, &count), expected);
    CHECK_EQUAL(count, expected_count);
}

/* Whoever was not woken before has timed out, not early, and at most two ticks late. */
static void tick(void)
{
    clock_tick();
    for (uint32_t i = 0; i < THREADS; i++) {
        struct waiter *waiter = &waiters[i];

        if (waiter->waits && waiter->actor.thread->blocked == BLOCKED_NOT) {
            CHECK(clock_now() >= waiter->deadline_ns);
            waiter->waits = false;
            waiter->woken = true;
            waiter->status = TIMED_OUT;
        }
        CHECK(!waiter->waits || waiter->deadline_ns == FOREVER || clock_now() < waiter->deadline_ns + 2 * TIMER_TICK_NS);
    }
}

static void end_and_begin_again(struct waiter *waiter)
{
    struct process *process = waiter->actor.process;

    user_memory_remove(waiter->actor.memory);
    free(waiter->actor.memory);
    thread_end(waiter->actor.thread);
    ready_leave_kernel();
    *waiter = (struct waiter){ .actor = actor_in(process) };
}

static void check(void)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < THREADS; i++) {
        const struct waiter *waiter = &waiters[i];

        CHECK_EQUAL(waiter->actor.thread->blocked, waiter->waits ? BLOCKED_CONTINUATION : BLOCKED_NOT);
        held += waiter->waits || waiter->woken;
    }
    CHECK_EQUAL(user_memory_held(), held);
}

static void step(void)
{
    struct waiter *waiter = &waiters[random_below(THREADS)];
    uint32_t what = random_below(100);

    if (what < 15) {
        tick();
    } else if (what < 20) {
        words[random_below(PROCESSES)][random_below(WORDS)]++;
    } else if (what < 22) {
        end_and_begin_again(waiter);
    } else if (waiter->woken) {
        CHECK_EQUAL(actor_run(&waiter->actor), waiter->status);
        waiter->woken = false;
    } else if (!waiter->waits && what < 70) {
        wait(waiter);
    } else if (!waiter->waits) {
        wake(waiter);
    }
    check();
}

static void waiters_are_woken_first_come_first_served_or_time_out(void)
{
    static const char *const names[PROCESSES] = { "d\\one", "d\\two" };

    machine_begin();
    for (uint32_t i = 0; i < PROCESSES; i++) {
        waiters[i].actor = actor_new(names[i], NULL, NULL);
        user_memory_add(waiters[i].actor.process, words[i], sizeof words[i]);
    }
    for (uint32_t i = PROCESSES; i < THREADS; i++) {
        waiters[i].actor = actor_in(waiters[i % PROCESSES].actor.process);
    }
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        actor_end(&waiters[i].actor);
    }
    CHECK_EQUAL(user_memory_held(), 0);
}

static const struct test tests[] = {
    TEST(waiters_are_woken_first_come_first_served_or_time_out),
};
TEST_MAIN(tests)
