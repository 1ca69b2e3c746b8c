/* Who runs: the real scheduler under a clock that ticks when told. A thread "runs" while it is thread_current. */
#include "scheduler.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fpu.h"
#include "i386/entry.h"
#include "i386/segments.h"
#include "kernel_machine.h"
#include "process.h"
#include "ready_queue.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"

#define THREADS_MAX 24U

struct task_state task_state;

static jmp_buf left;
static bool ports_allowed;
static struct thread *threads[THREADS_MAX];
static uint32_t ran[THREADS_MAX];            /* ticks of each */
static uint32_t thread_count;

void entry_resume(struct registers *registers)
{
    CHECK(registers == &thread_current->registers);
    CHECK_EQUAL(task_state.tss.esp0, (uintptr_t)(registers + 1));
    longjmp(left, 1);
}

void segments_forget(void)
{
}

void segments_allow_ports(bool allowed)
{
    ports_allowed = allowed;
}

void fpu_switch(const struct thread *thread)
{
    CHECK(thread == thread_current);
}

void address_space_activate(const struct address_space *space)
{
    (void)space;
}

static struct process *process_new(process_class_t class)
{
    static const struct grant none;
    struct process *process;
    char name[32];
    int size = snprintf(name, sizeof name, "%c\\p%u", "dsa"[class], process_table.used);

    CHECK_EQUAL(process_create(class, name, (uint32_t)size, NULL, &none, &process), OK);
    return process;
}

static struct thread *thread_new(process_class_t class)
{
    struct thread **thread = &threads[thread_count++];

    CHECK(thread_count <= THREADS_MAX);
    CHECK_EQUAL(thread_create(process_new(class), 0, 0, 0, thread), OK);
    return *thread;
}

/* Runs when nobody else can: so the scheduler never has to halt the processor that the test runs on. */
static struct thread *idle;

static void begin(void)
{
    machine_begin();
    scheduler_initialise();
    idle = thread_new(CLASS_DRIVER);
    scheduler_remove(idle);
    idle->burned = BUDGET_TICKS;
    idle->level = LEVEL_OVER_BUDGET;
    scheduler_add(idle);
}

/* The level that the rules say. */
static uint32_t level_of(const struct thread *thread)
{
    bool over = thread->process->class != CLASS_APPLICATION && thread->burned >= BUDGET_TICKS;

    return over ? LEVEL_OVER_BUDGET : thread->process->class;
}

static void check_strongest_runs(void)
{
    CHECK(thread_current != NULL && thread_is_runnable(thread_current));
    if (thread_current->level == scheduler_turn()) {
        return;                  /* it starved: see starving_level_has_a_tick_in_ten */
    }
    for (uint32_t i = 0; i < thread_count; i++) {
        CHECK(!thread_is_runnable(threads[i]) || level_of(threads[i]) >= level_of(thread_current));
    }
    CHECK_EQUAL(ports_allowed, thread_current->process->class == CLASS_DRIVER);
}

/* The way out of the kernel, as entry.asm goes it. */
static void leave(void)
{
    if ((thread_current == NULL || reschedule_needed != 0) && setjmp(left) == 0) {
        scheduler_leave();
    }
    check_strongest_runs();
}

static void tick(void)
{
    for (uint32_t i = 0; i < thread_count; i++) {
        ran[i] += threads[i] == thread_current;
    }
    do {
        clock_tick();
        leave();
    } while (thread_current == idle && scheduler_turn() == LEVEL_OVER_BUDGET); /* it starves as well: never mind */
}

static void ticks(uint32_t count)
{
    for (; count > 0; count--) {
        tick();
    }
}

static status_t go_on(struct thread *thread)
{
    CHECK(thread == thread_current);
    return OK;
}

static void block_current(void)
{
    thread_block(thread_current, go_on);
    leave();
}

static void wake(struct thread *thread)
{
    if (thread->blocked) {
        thread_unblock(thread);
    }
    leave();
}

static uint32_t index_of(const struct thread *thread)
{
    uint32_t i = 0;

    while (threads[i] != thread) {
        i++;
    }
    return i;
}

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
    thread_new(CLASS_DRIVER);
    leave();
    ticks(5);
    CHECK_EQUAL(sys_process_sleep(driver->process->id), OK);
    ticks(5);
    thread_unblock(driver);
    CHECK_EQUAL(sys_process_wake(driver->process->id), OK);
    CHECK_EQUAL(driver->burned, BUDGET_TICKS - 1 - 10 * SLEEP_PAYS_BACK);
}

static void process_that_gives_up_its_class_runs_in_the_new_one(void)
{
    begin();
    struct thread *driver = thread_new(CLASS_DRIVER);
    struct thread *server = thread_new(CLASS_SERVER);
    leave();
    CHECK(thread_current == driver && ports_allowed);
    CHECK_EQUAL(sys_process_downgrade(CLASS_APPLICATION), OK);
    CHECK(!ports_allowed);
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
