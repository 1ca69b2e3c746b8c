/*
 * Who runs when. What is compared is work and ticks, which both stand still while a
 * busy host lets the machine wait, never the time of a wall clock.
 */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"

#define STACK_BYTES 4096U
#define A_MOMENT_NS (20 * MILLISECOND)

static uint64_t cpu_ns(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.cpu_ns;
}

/* Works until the calling process has had so much of the processor. */
static void burn(nanoseconds_t amount_ns)
{
    uint64_t end_ns = cpu_ns(SELF) + amount_ns;

    while (cpu_ns(SELF) < end_ns) {
    }
}

static void scheduling_spinner(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (;;) {
        (void)system_null();
    }
}

static process_id_t spawn_spinner(process_class_t class)
{
    process_id_t id;

    EXPECT_OK(test_spawn(class, "scheduling_spinner", &id, NULL));
    return id;
}

static void end(process_id_t id)
{
    EXPECT_OK(process_terminate(id, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(id));
}

/* ---- Classes ---- */

/* Runs for 200 ms, less than its budget; the processes of weaker classes may not have moved meanwhile. */
static void expect_standstill(process_class_t weaker)
{
    process_id_t spinner = spawn_spinner(weaker);

    clock_sleep(A_MOMENT_NS);
    uint64_t before_ns = cpu_ns(spinner);
    EXPECT(before_ns != 0);
    burn(100 * MILLISECOND);
    for (uint32_t i = 0; i < 1000; i++) {
        (void)thread_yield();    /* to nobody: there is no other of this class */
    }
    burn(100 * MILLISECOND);
    EXPECT(cpu_ns(spinner) == before_ns);
    end(spinner);
}

static void application_does_not_run_while_a_server_is_ready(void)
{
    expect_standstill(CLASS_APPLICATION);
}

static void application_does_not_run_while_a_driver_is_ready(void)
{
    expect_standstill(CLASS_APPLICATION);
}

static void server_does_not_run_while_a_driver_is_ready(void)
{
    expect_standstill(CLASS_SERVER);
}

/* Answers each message by one, not by a reply. */
static void scheduling_responder(int argc, char **argv)
{
    static const struct message message;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_send(event.sender, &message));
    }
}

/*
 * Works for the driver that it is told of: by the time that a message is sent, the driver has run and slept again. First it runs by itself, as
 * a level that was starved by what ran before is owed ticks in which stronger ones wait.
 */
static void scheduling_waker(int argc, char **argv)
{
    static const struct message message;
    process_id_t stronger = test_number(argv[1]);
    struct event event;
    (void)argc;

    for (nanoseconds_t end = clock_now() + 5 * A_MOMENT_NS; clock_now() < end;) {
    }
    for (uint32_t i = 0; i < 500; i++) {
        EXPECT_OK(message_send(stronger, &message));
        EXPECT_OK(event_poll(&event));
        EXPECT_EQUAL(stronger, event.sender);
    }
}

static void woken_thread_of_a_stronger_class_runs_at_once(void)
{
    static const process_class_t pairs[][2] = {
        { CLASS_DRIVER, CLASS_APPLICATION }, { CLASS_DRIVER, CLASS_SERVER }, { CLASS_SERVER, CLASS_APPLICATION },
    };
    process_id_t responder, waker;

    for (uint32_t i = 0; i < COUNT(pairs); i++) {
        EXPECT_OK(test_spawn(pairs[i][0], "scheduling_responder", &responder, NULL));
        clock_sleep(A_MOMENT_NS);
        EXPECT_OK(test_spawn(pairs[i][1], "scheduling_waker", &waker, test_digits(responder).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(waker));
        end(responder);
    }
}

/* With its own slices the spinner would hold the driver up for 10 ticks each time. */
static void driver_whose_time_has_come_runs_at_the_next_tick(void)
{
    process_id_t spinner = spawn_spinner(CLASS_APPLICATION);
    uint32_t tick_ns = system_page()->tick_ns;

    clock_sleep(A_MOMENT_NS);
    nanoseconds_t begin_ns = system_page()->clock_ns;
    for (uint32_t i = 0; i < 100; i++) {
        EXPECT_OK(thread_delay(clock_now() + 1));
    }
    EXPECT(system_page()->clock_ns - begin_ns < 300ULL * tick_ns);
    end(spinner);
}

/* ---- Turns ---- */

static void expect_within_20_percent(const uint64_t *shares, uint32_t count)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        sum += shares[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        if (shares[i] * count * 10 < sum * 8 || shares[i] * count * 10 > sum * 12) {
            EXPECT_NOT("number %u has %u of %u thousand", i, (uint32_t)(shares[i] / 1000), (uint32_t)(sum / 1000));
        }
    }
}

static void processes_of_one_class_share_equally(void)
{
    enum { SPINNERS = 4 };
    process_id_t spinners[SPINNERS];
    uint64_t shares[SPINNERS];

    for (uint32_t i = 0; i < SPINNERS; i++) {
        spinners[i] = spawn_spinner(CLASS_APPLICATION);
    }
    clock_sleep(A_MOMENT_NS);
    for (uint32_t i = 0; i < SPINNERS; i++) {
        shares[i] = cpu_ns(spinners[i]);
    }
    clock_sleep(750 * MILLISECOND);
    for (uint32_t i = 0; i < SPINNERS; i++) {
        shares[i] = cpu_ns(spinners[i]) - shares[i];
        EXPECT(shares[i] > 50 * MILLISECOND);
    }
    for (uint32_t i = 0; i < SPINNERS; i++) {
        end(spinners[i]);
    }
    expect_within_20_percent(shares, SPINNERS);
}

static volatile bool counting;
static volatile uint32_t counters[4];

static void count(void *argument)
{
    while (counting) {
        counters[(uint32_t)argument]++;
    }
}

static void wait_for_threads(void)
{
    struct process_information self;

    do {
        clock_sleep(MILLISECOND);
        EXPECT_OK(process_information(SELF, &self));
    } while (self.threads > 1);
}

static void threads_of_one_process_share_equally(void)
{
    uint64_t shares[COUNT(counters)];

    counting = true;
    for (uint32_t i = 0; i < COUNT(counters); i++) {
        EXPECT_OK(thread_start(count, (void *)i, STACK_BYTES, NULL));
    }
    burn(800 * MILLISECOND);
    for (uint32_t i = 0; i < COUNT(counters); i++) {
        shares[i] = counters[i];
    }
    counting = false;
    wait_for_threads();
    expect_within_20_percent(shares, COUNT(counters));
}

static volatile uint32_t turns[2];

static void take_turns(void *argument)
{
    uint32_t self = (uint32_t)argument;

    while (counting) {
        turns[self]++;
        (void)thread_yield();
    }
}

/* Each yield lets the other run once; a tick in between may cost a turn. */
static void yield_lets_the_others_of_the_class_run(void)
{
    counting = true;
    EXPECT_OK(thread_start(take_turns, (void *)1, STACK_BYTES, NULL));
    for (turns[0] = 0; turns[0] < 2000; turns[0]++) {
        (void)thread_yield();
    }
    uint32_t other = turns[1];
    counting = false;
    wait_for_threads();
    EXPECT(other >= 1900 && other <= 2100);
}

/* ---- Sleep ---- */

static void thread_delay_never_ends_early(void)
{
    EXPECT_OK(thread_delay(0));
    EXPECT_OK(thread_delay(clock_now()));
    for (uint32_t delay_us = 0; delay_us < 20000; delay_us += 211) {
        nanoseconds_t deadline_ns = clock_after(delay_us * MICROSECOND);

        EXPECT_OK(thread_delay(deadline_ns));
        EXPECT(clock_now() >= deadline_ns);
    }
}

static volatile uint32_t wakings;

static void sleep_and_count(void *unused)
{
    (void)unused;
    for (;;) {
        (void)thread_sleep(0);
        wakings++;
    }
}

static void expect_wakings(uint32_t expected)
{
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(expected, wakings);
}

static void thread_sleeps_until_it_is_woken(void)
{
    thread_id_t thread;

    EXPECT_OK(thread_start(sleep_and_count, NULL, STACK_BYTES, &thread));
    expect_wakings(0);
    EXPECT_OK(thread_wake(thread));
    expect_wakings(1);

    /* The first ends the sleep that lasts, all others together the one that comes. */
    EXPECT_OK(thread_wake(thread));
    EXPECT_OK(thread_wake(thread));
    EXPECT_OK(thread_wake(thread));
    expect_wakings(3);
    EXPECT_OK(thread_terminate(thread));
    EXPECT_STATUS(BAD_ID, thread_wake(thread));
}

static void thread_put_to_sleep_by_another_stands_still(void)
{
    thread_id_t thread;

    counting = true;
    EXPECT_OK(thread_start(count, (void *)0, STACK_BYTES, &thread));
    burn(A_MOMENT_NS);
    EXPECT_OK(thread_sleep(thread));
    uint32_t before = counters[0];
    EXPECT(before != 0);
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(before, counters[0]);
    EXPECT_OK(thread_sleep(thread));
    EXPECT_OK(thread_wake(thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT(counters[0] != before);
    counting = false;
    wait_for_threads();
}

static void process_put_to_sleep_stands_still(void)
{
    struct process_information information;
    process_id_t spinner = spawn_spinner(CLASS_APPLICATION);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(process_sleep(spinner));
    EXPECT_OK(process_sleep(spinner));
    EXPECT_OK(process_information(spinner, &information));
    EXPECT_EQUAL(PROCESS_ASLEEP, information.state);
    uint64_t before_ns = information.cpu_ns;
    clock_sleep(2 * A_MOMENT_NS);
    EXPECT(cpu_ns(spinner) == before_ns);
    EXPECT_OK(process_wake(spinner));
    clock_sleep(2 * A_MOMENT_NS);
    EXPECT(cpu_ns(spinner) > before_ns);
    EXPECT_OK(process_information(spinner, &information));
    EXPECT_EQUAL(PROCESS_RUNNING, information.state);
    EXPECT_OK(process_sleep(spinner));
    end(spinner);
}

/* Its delay runs out while it sleeps: it does not wake from that, but goes on at once when it is woken. */
static void scheduling_delayer(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    clock_sleep(A_MOMENT_NS);
    process_exit(9);
}

static void delay_that_runs_out_does_not_wake_a_process_put_to_sleep(void)
{
    struct event event;
    process_id_t delayer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "scheduling_delayer", &delayer, NULL));
    EXPECT_OK(process_sleep(delayer));
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(3 * A_MOMENT_NS)));
    EXPECT_OK(process_wake(delayer));
    EXPECT_EQUAL(9, test_wait_exit(delayer));
}

/* ---- The clock ---- */

#define TICKS_MEASURED 50U

/* Counts of the time stamp counter that a tick takes, while `work` is done all the time. */
static uint64_t counts_per_tick(void (*work)(uint32_t), uint32_t argument)
{
    nanoseconds_t begin_ns = system_page()->clock_ns;

    while (system_page()->clock_ns == begin_ns) {
    }
    begin_ns = system_page()->clock_ns;
    uint64_t begin = timestamp_read();
    nanoseconds_t end_ns = begin_ns + TICKS_MEASURED * (nanoseconds_t)system_page()->tick_ns;
    while (system_page()->clock_ns < end_ns) {
        work(argument);
    }
    uint64_t passed_ticks = (system_page()->clock_ns - begin_ns) / system_page()->tick_ns;
    return (timestamp_read() - begin) / passed_ticks;
}

static void rest(uint32_t unused)
{
    (void)unused;
}

#define MANY_PAGES 131072U       /* 512 MB */

static void protect(uint32_t address)
{
    EXPECT_OK(memory_protect(address, MANY_PAGES, 0));
}

/* A call that keeps interrupts out for long would let ticks fall under the table: time would pass more slowly. */
static void long_system_calls_do_not_hold_up_the_clock(void)
{
    uint32_t address;

    if (!cpu_has(CPU_TSC)) {
        return;
    }
    EXPECT_OK(memory_allocate(MANY_PAGES, MEMORY_ON_DEMAND, &address));
    uint64_t usual = counts_per_tick(rest, 0);
    uint64_t busy = counts_per_tick(protect, address);
    EXPECT_OK(memory_free(address, MANY_PAGES));
    if (busy > usual + usual / 4) {
        EXPECT_NOT("a tick takes %u counts instead of %u", (uint32_t)busy, (uint32_t)usual);
    }
}

const struct test scheduling_tests[] = {
    TEST(CLASS_SERVER, application_does_not_run_while_a_server_is_ready),
    TEST(CLASS_DRIVER, application_does_not_run_while_a_driver_is_ready),
    TEST(CLASS_DRIVER, server_does_not_run_while_a_driver_is_ready),
    TEST(CLASS_DRIVER, woken_thread_of_a_stronger_class_runs_at_once),
    TEST(CLASS_DRIVER, driver_whose_time_has_come_runs_at_the_next_tick),
    TEST(CLASS_DRIVER, processes_of_one_class_share_equally),
    TEST(CLASS_APPLICATION, threads_of_one_process_share_equally),
    TEST(CLASS_APPLICATION, yield_lets_the_others_of_the_class_run),
    TEST(CLASS_APPLICATION, thread_delay_never_ends_early),
    TEST(CLASS_APPLICATION, thread_sleeps_until_it_is_woken),
    TEST(CLASS_APPLICATION, thread_put_to_sleep_by_another_stands_still),
    TEST(CLASS_SERVER, process_put_to_sleep_stands_still),
    TEST(CLASS_SERVER, delay_that_runs_out_does_not_wake_a_process_put_to_sleep),
    TEST(CLASS_APPLICATION, long_system_calls_do_not_hold_up_the_clock),
};
const uint32_t scheduling_test_count = COUNT(scheduling_tests);

const struct role scheduling_roles[] = {
    ROLE(scheduling_spinner),
    ROLE(scheduling_responder),
    ROLE(scheduling_waker),
    ROLE(scheduling_delayer),
};
const uint32_t scheduling_role_count = COUNT(scheduling_roles);
