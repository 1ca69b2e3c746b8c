/* Who runs, and for how long. */
#include <string.h>

#include "clock.h"
#include "running.h"
#include "syscall_handlers.h"
#include "test.h"

static void strongest_thread_that_can_run_runs(void)
{
    begin();
    for (uint32_t i = 0; i < 15; i++) {
        (void)thread_new(i % CLASS_COUNT);
    }
    leave();
    for (uint32_t step = 0; step < 100000; step++) {
        struct thread *some = threads[1 + random_below(thread_count - 1)];

        switch (random_below(6)) {
        case 0:
            if (thread_current != idle) {
                block_current();
            }
            break;
        case 1:
        case 2:
            wake(some);
            break;
        case 3:
            (void)sys_thread_yield();
            leave();
            break;
        default:
            tick();
        }
    }
}

static void threads_of_a_class_share_time_equally(void)
{
    begin();
    for (uint32_t i = 0; i < 7; i++) {
        (void)thread_new(CLASS_APPLICATION);
    }
    leave();
    memset(ran, 0, sizeof ran);
    for (uint32_t turn = 0; turn < 7 * 20; turn++) {
        const struct thread *before = thread_current;

        ticks(SLICE_TICKS - 1);
        CHECK(thread_current == before);
        tick();
        CHECK(thread_current != before);
    }
    for (uint32_t i = 1; i < thread_count; i++) {
        CHECK_EQUAL(ran[i], SLICE_TICKS * 20);
    }
}

static void woken_driver_runs_at_once_and_gives_back_the_rest_of_the_turn(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    leave();
    CHECK(thread_current == driver);
    block_current();
    struct thread *first = thread_new(CLASS_APPLICATION);
    struct thread *second = thread_new(CLASS_APPLICATION);
    leave();
    CHECK(thread_current == first);
    ticks(SLICE_TICKS / 2);
    CHECK(thread_current == first);
    wake(driver);
    CHECK(thread_current == driver);
    block_current();
    CHECK(thread_current == first);
    ticks(SLICE_TICKS);
    CHECK(thread_current == second);
}

static void yield_gives_others_of_the_class_their_turn(void)
{
    begin();
    struct thread *first = thread_new(CLASS_SERVER);
    struct thread *second = thread_new(CLASS_SERVER);
    (void)thread_new(CLASS_APPLICATION);
    leave();
    CHECK(thread_current == first);
    for (uint32_t i = 0; i < 10; i++) {
        (void)sys_thread_yield();
        leave();
        CHECK(thread_current == (i % 2 == 0 ? second : first));
    }
}

static void spinning_driver_goes_behind_the_applications_and_is_reported(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    struct thread *application = thread_new(CLASS_APPLICATION);
    leave();
    ticks(BUDGET_TICKS - 1);
    CHECK(thread_current == driver);
    CHECK_EQUAL(machine_log_lines(), 0);
    tick();
    CHECK(thread_current == application);
    CHECK_EQUAL(machine_log_lines(), 1);
    ticks(2000);
    CHECK(thread_current == application);
    CHECK_EQUAL(machine_log_lines(), 1);
    block_current();
    ticks(100);
    CHECK(ran[index_of(driver)] >= BUDGET_TICKS + 40);
}

static void sleep_pays_the_budget_back(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    struct thread *application = thread_new(CLASS_APPLICATION);
    leave();
    ticks(BUDGET_TICKS - 1);
    block_current();
    uint32_t slept = (uint32_t)clock_ticks();
    ticks(10);
    wake(driver);
    slept = (uint32_t)clock_ticks() - slept;
    CHECK(thread_current == driver);
    CHECK_EQUAL(driver->burned, BUDGET_TICKS - 1 - slept * SLEEP_PAYS_BACK);
    ticks(slept * SLEEP_PAYS_BACK - 10);
    CHECK(driver->burned < BUDGET_TICKS);
    ticks(20);                   /* the application may have had its turn meanwhile */
    CHECK_EQUAL(driver->level, LEVEL_OVER_BUDGET);
    CHECK(thread_current == application || scheduler_turn() < LEVELS);
}

/* Runs for its budget, sleeps one tick whenever that makes it strong again. */
static void driver_that_hardly_sleeps_leaves_one_tick_in_seventeen(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    (void)thread_new(CLASS_APPLICATION);
    leave();
    for (uint32_t i = 0; i < 20000; i++) {
        if (thread_current == driver && driver->burned >= BUDGET_TICKS - 1) {
            block_current();
        }
        tick();
        wake(driver);
    }
    CHECK(ran[2] * (SLEEP_PAYS_BACK + 1) + BUDGET_TICKS >= 20000);
}

/* However the stronger ones share the time: here two drivers that sleep by turns. */
static void starving_level_has_a_tick_in_ten(void)
{
    begin();
    struct thread *one = thread_new(CLASS_DRIVER);
    struct thread *other = thread_new(CLASS_DRIVER);
    (void)thread_new(CLASS_APPLICATION);
    leave();
    for (uint32_t i = 0; i < 20000; i++) {
        struct thread *sleeper = i / 100 % 2 == 0 ? one : other;

        if (thread_current == sleeper) {
            block_current();
        }
        tick();
        wake(sleeper == one ? other : one);
    }
    CHECK(ran[3] >= (20000 - BUDGET_TICKS) / (2 * TURN_EVERY));
    CHECK(ran[3] <= 20000 / TURN_EVERY + BUDGET_TICKS);
}

static void new_threads_buy_no_time(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    struct thread *application = thread_new(CLASS_APPLICATION);
    struct thread *child;

    leave();
    CHECK(thread_current == driver);
    ticks(BUDGET_TICKS - 10);
    CHECK_EQUAL(thread_create(driver->process, 0, 0, 0, &child), OK);
    CHECK_EQUAL(child->burned, driver->burned);
    threads[thread_count++] = child;
    ticks(30);
    CHECK(thread_current == application || scheduler_turn() < LEVELS);
    CHECK_EQUAL(child->level, LEVEL_OVER_BUDGET);
}

/* One that spins and an accomplice, or itself, that wakes it or puts it to sleep and wakes it. */
static void waking_what_does_not_sleep_pays_nothing_back(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    leave();
    ticks(100);
    uint32_t burned = driver->burned;
    CHECK_EQUAL(sys_process_wake(SELF), OK);
    CHECK_EQUAL(driver->burned, burned);
    struct thread *accomplice = thread_new(CLASS_DRIVER);
    ticks(SLICE_TICKS);
    CHECK(thread_current == accomplice);
    burned = driver->burned;
    CHECK_EQUAL(sys_process_sleep(driver->process->id), OK);
    CHECK_EQUAL(sys_process_wake(driver->process->id), OK);
    CHECK_EQUAL(driver->burned, burned);
    CHECK_EQUAL(sys_thread_sleep(driver->id), OK);
    CHECK_EQUAL(sys_thread_wake(driver->id), OK);
    CHECK_EQUAL(driver->burned, burned);
}

/* Woken by its event while its process sleeps, then with its process: the time counts once. */
static void sleep_pays_back_once(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    leave();
    ticks(BUDGET_TICKS - 1);
    block_current();
    uint32_t slept = (uint32_t)clock_ticks();
    thread_new(CLASS_DRIVER);
    leave();
    ticks(5);
    CHECK_EQUAL(sys_process_sleep(driver->process->id), OK);
    ticks(5);
    thread_unblock(driver);
    slept = (uint32_t)clock_ticks() - slept;
    CHECK_EQUAL(sys_process_wake(driver->process->id), OK);
    CHECK_EQUAL(driver->burned, BUDGET_TICKS - 1 - slept * SLEEP_PAYS_BACK);
}

static void process_that_gives_up_its_class_runs_in_the_new_one(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    struct thread *server = thread_new(CLASS_SERVER);
    leave();
    CHECK(thread_current == driver && ports_are_open());
    CHECK_EQUAL(sys_process_downgrade(CLASS_APPLICATION), OK);
    CHECK(!ports_are_open());
    leave();
    CHECK(thread_current == server);
}

static const struct test tests[] = {
    TEST(strongest_thread_that_can_run_runs),
    TEST(threads_of_a_class_share_time_equally),
    TEST(woken_driver_runs_at_once_and_gives_back_the_rest_of_the_turn),
    TEST(yield_gives_others_of_the_class_their_turn),
    TEST(spinning_driver_goes_behind_the_applications_and_is_reported),
    TEST(sleep_pays_the_budget_back),
    TEST(driver_that_hardly_sleeps_leaves_one_tick_in_seventeen),
    TEST(starving_level_has_a_tick_in_ten),
    TEST(new_threads_buy_no_time),
    TEST(waking_what_does_not_sleep_pays_nothing_back),
    TEST(sleep_pays_back_once),
    TEST(process_that_gives_up_its_class_runs_in_the_new_one),
};
TEST_MAIN(tests)
