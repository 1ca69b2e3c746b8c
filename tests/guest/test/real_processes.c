/* BIOS calls beside others: several processes in them, each with its own memory; ended, put to sleep, preempted in them. */
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include <abi/vm86.h>

#include "files.h"
#include "peer.h"
#include "real_code.h"

#define CALLS 150U
#define LONG_MS 60000U
#define DEATHS 12U
#define STACK_BYTES 8192U

/* ---- Two drivers ---- */

/* Counts in memory and registers; between, the mode is left again and again. Argument: its number. */
static void real_counter(int argc, char **argv)
{
    uint32_t own = test_number(argv[argc - 1]) * 0x01010101;
    const uint8_t code[] = {             /* mov [4000], eax; mov cx, 300; again: pushf; popf; inc dword [4000]; loop; mov eax, [4000] */
        0x66, 0xA3, 0x00, 0x40, 0xB9, 0x2C, 0x01, 0x9C, 0x9D, 0x66, 0xFF, 0x06, 0x00, 0x40, 0xE2, 0xF7, 0x66, 0xA1, 0x00, 0x40, REAL_RETURN,
    };

    real_open();
    for (uint32_t i = 0; i < CALLS; i++) {
        struct bios_registers registers = { .eax = own, .ebx = ~own, .esi = own + i, .ds = REAL_SEGMENT, .es = (uint16_t)own };

        EXPECT_OK(real_run(code, sizeof code, 0, &registers));
        EXPECT_EQUAL(own + 300, registers.eax);
        EXPECT_EQUAL(~own, registers.ebx);
        EXPECT_EQUAL(own + i, registers.esi);
        EXPECT_EQUAL((uint16_t)own, registers.es);
    }
}

static void two_drivers_call_at_once_and_neither_sees_the_other(void)
{
    process_id_t first, second;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_counter", &first, "17", NULL));
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_counter", &second, "34", NULL));
    for (uint32_t i = 0; i < 2; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT(event.id == first || event.id == second);
        EXPECT_EQUAL(0, event.count);
    }
}

/* ---- Ended, asleep, preempted ---- */

/* Does not come back from its call for a long time. Arguments: milliseconds, or more, of cli; jmp $. */
static void real_spinner(int argc, char **argv)
{
    real_open();
    EXPECT_STATUS(TIMED_OUT, REAL_RUN(test_number(argv[argc - 1]), 0xFA, 0xEB, 0xFE));
    real_expect_works();
}

/* Halts in it: it sleeps most of the time. */
static void real_sleeper(int argc, char **argv)
{
    real_open();
    EXPECT_STATUS(TIMED_OUT, REAL_RUN(test_number(argv[argc - 1]), 0xFB, 0xF4, 0xEB, 0xFD));
}

/* Traps all the time. */
static void real_trapper(int argc, char **argv)
{
    real_open();
    EXPECT_STATUS(TIMED_OUT, REAL_RUN(test_number(argv[argc - 1]), 0x9C, 0x9D, 0xEB, 0xFC));
}

static process_id_t start(const char *role, uint32_t ms)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, role, &id, test_digits(ms).text, NULL));
    return id;
}

static void driver_that_is_ended_in_a_call_leaves_nothing_behind(void)
{
    static const char *const roles[] = { "real_spinner", "real_sleeper", "real_trapper" };
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < DEATHS; i++) {
        process_id_t id = start(roles[i % COUNT(roles)], LONG_MS);

        clock_sleep((i + 1) * 3 * MILLISECOND);
        EXPECT_OK(process_terminate(id, 0));
        (void)test_wait_exit(id);
    }
    test_ledger_expect_same(&before);
}

static nanoseconds_t time_of(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.cpu_ns;
}

static void driver_sleeps_and_wakes_in_a_call(void)
{
    process_id_t id = start("real_spinner", 200);

    clock_sleep(50 * MILLISECOND);
    EXPECT_OK(process_sleep(id));
    nanoseconds_t slept_ns = time_of(id);
    clock_sleep(50 * MILLISECOND);
    EXPECT(time_of(id) == slept_ns);
    EXPECT_OK(process_wake(id));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

static void real_worker(int argc, char **argv)
{
    volatile uint32_t done = 0;
    (void)argc;
    (void)argv;

    while (done < 200000) {
        done++;
    }
}

static void application_gets_on_while_16_bit_code_spins(void)
{
    process_id_t spinner = start("real_spinner", LONG_MS);
    process_id_t worker;

    clock_sleep(50 * MILLISECOND);
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "real_worker", &worker, NULL));
    EXPECT_EQUAL(0, test_wait_exit(worker));
    EXPECT_OK(process_terminate(spinner, 0));
    (void)test_wait_exit(spinner);
}

/* A thread that is ended in its call is not missed: another calls. */
static volatile uint32_t is_in_call;

static void real_thread_spin(void *argument)
{
    (void)argument;
    is_in_call = 1;
    (void)REAL_RUN(LONG_MS, 0xFA, 0xEB, 0xFE);
}

static void thread_that_is_ended_in_a_call_frees_the_library(void)
{
    thread_id_t thread;

    real_open();
    real_expect_works();
    EXPECT_OK(thread_start(real_thread_spin, NULL, STACK_BYTES, &thread));
    clock_sleep(50 * MILLISECOND);
    EXPECT_EQUAL(1, is_in_call);
    EXPECT_OK(thread_end(thread));
    real_expect_works();
}

/* ---- Out of the mode ---- */

/* The place is the thread's to say, and as good as any jump. Argument: which. */
static void real_bad_return(int argc, char **argv)
{
    static struct vm86_state state __attribute__((aligned(128)));
    static const uint32_t places[] = { 0x00000000, 0x80000000, 0xFFFFFFFF, 0x00150000 };

    (void)argc;
    real_open();
    EXPECT_OK(vm86_set_up((uint32_t)&state));
    state = (struct vm86_state){ .cs = 0xF000, .ss = 0x3000, .return_eip = places[test_number(argv[1])], .return_esp = 0x80000000, .ticks = 1 };
    (void)vm86_enter();
    EXPECT_NOT("it came back");
}

static void who_goes_on_at_a_bad_place_falls_there(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_DRIVER, "real_bad_return", &id, test_digits(i).text, NULL));
        EXPECT_EQUAL(EXIT_FAULT, test_wait_exit(id) & ~EXIT_OWN_MASK);
    }
}

const struct test real_processes_tests[] = {
    TEST(CLASS_DRIVER, two_drivers_call_at_once_and_neither_sees_the_other),
    TEST(CLASS_DRIVER, driver_that_is_ended_in_a_call_leaves_nothing_behind),
    TEST(CLASS_DRIVER, driver_sleeps_and_wakes_in_a_call),
    TEST(CLASS_DRIVER, application_gets_on_while_16_bit_code_spins),
    TEST(CLASS_DRIVER, thread_that_is_ended_in_a_call_frees_the_library),
    TEST(CLASS_DRIVER, who_goes_on_at_a_bad_place_falls_there),
};
const uint32_t real_processes_test_count = COUNT(real_processes_tests);
const struct role real_processes_roles[] = {
    ROLE(real_counter), ROLE(real_spinner), ROLE(real_sleeper), ROLE(real_trapper), ROLE(real_worker), ROLE(real_bad_return),
};
const uint32_t real_processes_role_count = COUNT(real_processes_roles);
