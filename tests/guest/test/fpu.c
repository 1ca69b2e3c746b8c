/* The FPU and SSE: what a thread has in them stays its own, and what goes wrong in them is its own affair. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "processor_state.h"

#define STACK_BYTES 4096U
#define FPU_ERROR 16U                /* exceptions: SDM volume 3, table 6-1 */
#define SSE_ERROR 19U

/* ---- States ---- */

static bool sse_is_usable(void)
{
    return cpu_has(CPU_FXSR) && sse_is_there();
}

/* Fills all registers, lets others run in two ways, and looks. */
static bool state_is_kept(uint32_t seed)
{
    bool sse = sse_is_usable();

    fpu_fill(seed);
    if (sse) {
        sse_fill(seed * 3);
    }
    for (uint32_t i = 0; i < 4; i++) {
        (void)thread_yield();
    }
    if (seed % 16 == 0) {
        clock_sleep(1);
    }
    return (!sse || sse_is_filled(seed * 3)) && fpu_is_filled(seed);
}

static void expect_state_is_kept(uint32_t first_seed, uint32_t rounds)
{
    for (uint32_t round = 0; round < rounds; round++) {
        if (!state_is_kept(first_seed + round)) {
            EXPECT_NOT("round %u: registers have changed", round);
        }
    }
}

static void fpu_worker(int argc, char **argv)
{
    (void)argc;
    expect_state_is_kept(test_number(argv[1]), test_number(argv[2]));
}

static volatile uint32_t threads_done;
static volatile uint32_t states_lost;

static void work_in_thread(void *argument)
{
    for (uint32_t round = 0; round < 200; round++) {
        if (!state_is_kept((uint32_t)argument + round)) {
            states_lost++;
        }
    }
    threads_done++;
}

static process_id_t spawn_worker(uint32_t seed, uint32_t rounds)
{
    process_id_t id;

    EXPECT_OK(test_spawn(process_page()->class, "fpu_worker", &id, test_digits(seed).text, test_digits(rounds).text, NULL));
    return id;
}

static void fpu_state_is_kept_across_switches_of_threads_and_processes(void)
{
    enum { PROCESSES = 3, THREADS = 3 };

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        (void)spawn_worker(1000 * i, 200);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        EXPECT_OK(thread_start(work_in_thread, (void *)(100000 + 1000 * i), STACK_BYTES, NULL));
    }
    expect_state_is_kept(200000, 200);
    for (uint32_t i = 0; i < PROCESSES; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
    while (threads_done < THREADS) {
        clock_sleep(MILLISECOND);
    }
    EXPECT_EQUAL(0, states_lost);
}

/* ---- Secrets ---- */

static void expect_fresh_state(void)
{
    struct fpu_image image;
    uint32_t registers[32], mxcsr;

    fpu_store(&image);
    EXPECT_EQUAL(0x037F, image.control & 0xFFFF);
    EXPECT_EQUAL(0, image.status & 0xFFFF);
    EXPECT_EQUAL(0xFFFF, image.tags & 0xFFFF);
    EXPECT_EQUAL(0, image.instruction);
    EXPECT_EQUAL(0, image.operand);
    for (uint32_t i = 0; i < sizeof image.registers; i++) {
        EXPECT_EQUAL(0, image.registers[i]);
    }
    if (!sse_is_usable()) {
        return;
    }
    sse_store(registers, &mxcsr);
    EXPECT_EQUAL(0x1F80, mxcsr);
    for (uint32_t i = 0; i < COUNT(registers); i++) {
        EXPECT_EQUAL(0, registers[i]);
    }
}

static void fpu_snoop(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    expect_fresh_state();
}

static void fill_with_secrets(void)
{
    fpu_fill(0x53454352);
    if (sse_is_usable()) {
        sse_fill(0x53454352);
    }
}

static void fpu_secret_keeper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fill_with_secrets();
}

static void spawn_and_wait(const char *role, uint32_t exit_code)
{
    process_id_t id;

    EXPECT_OK(test_spawn(process_page()->class, role, &id, NULL));
    EXPECT_EQUAL(exit_code, test_wait_exit(id));
}

static volatile bool thread_is_fresh;

static void look_in_thread(void *unused)
{
    (void)unused;
    expect_fresh_state();
    thread_is_fresh = true;
}

static void new_process_and_thread_find_nothing_in_the_fpu(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < 10; i++) {
        fill_with_secrets();             /* whose owner lives */
        spawn_and_wait("fpu_snoop", 0);
        spawn_and_wait("fpu_secret_keeper", 0);
        spawn_and_wait("fpu_snoop", 0);  /* whose owner is dead */
        fill_with_secrets();
        thread_is_fresh = false;
        EXPECT_OK(thread_start(look_in_thread, NULL, STACK_BYTES, NULL));
        while (!thread_is_fresh) {
            clock_sleep(MILLISECOND);
        }
    }
}

/* ---- Exceptions ---- */

static void fpu_divider(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fpu_fault();
}

static void fpu_sse_divider(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    sse_fault();
}

static void exception_of_the_fpu_ends_the_process(void)
{
    if (cpu_has(CPU_FPU)) {
        spawn_and_wait("fpu_divider", EXIT_FAULT | FPU_ERROR);
    }
    if (sse_is_usable()) {
        process_id_t id;

        EXPECT_OK(test_spawn(process_page()->class, "fpu_sse_divider", &id, NULL));
        uint32_t code = test_wait_exit(id);
        EXPECT(code == (EXIT_FAULT | SSE_ERROR) || code == 0); /* QEMU 7.2 does not raise it */
    }
}

/* Leaves an exception in the FPU that comes with the next instruction of it, whosever that is, and ends. */
static void fpu_leaver(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fpu_fault_later();
}

/* Leaves it there while it lives: it is its own when it goes on. */
static void fpu_procrastinator(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fpu_fault_later();
    for (uint32_t i = 0; i < 20; i++) {
        (void)thread_yield();
    }
    fpu_wait();
}

static void exception_left_in_the_fpu_strikes_nobody_else(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < 20; i++) {
        fpu_fill(i);
        spawn_and_wait("fpu_leaver", 0);
        EXPECT(fpu_is_filled(i));
        fpu_fill(i);
        spawn_and_wait("fpu_procrastinator", EXIT_FAULT | FPU_ERROR);
        EXPECT(fpu_is_filled(i));
        spawn_and_wait("fpu_leaver", 0);
        spawn_and_wait("fpu_snoop", 0);
    }
}

/* ---- Deaths ---- */

static void process_killed_while_it_uses_the_fpu_harms_nobody(void)
{
    enum { VICTIMS = 20 };
    process_id_t victim;

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    process_id_t witness = spawn_worker(50000, 100000);
    for (uint32_t i = 0; i < VICTIMS; i++) {
        fpu_fill(i);
        victim = spawn_worker(1000 * i, 1000000);
        clock_sleep((2 + i % 3) * MILLISECOND);
        EXPECT_OK(process_terminate(victim, 0));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(victim));
        EXPECT(fpu_is_filled(i));
    }
    EXPECT_OK(process_terminate(witness, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(witness)); /* it would have ended by itself had it seen a change */
}

const struct test fpu_tests[] = {
    TEST(CLASS_APPLICATION, fpu_state_is_kept_across_switches_of_threads_and_processes),
    TEST(CLASS_SERVER, new_process_and_thread_find_nothing_in_the_fpu),
    TEST(CLASS_SERVER, exception_of_the_fpu_ends_the_process),
    TEST(CLASS_SERVER, exception_left_in_the_fpu_strikes_nobody_else),
    TEST(CLASS_SERVER, process_killed_while_it_uses_the_fpu_harms_nobody),
};
const uint32_t fpu_test_count = COUNT(fpu_tests);

const struct role fpu_roles[] = {
    ROLE(fpu_worker),
    ROLE(fpu_snoop),
    ROLE(fpu_secret_keeper),
    ROLE(fpu_divider),
    ROLE(fpu_sse_divider),
    ROLE(fpu_leaver),
    ROLE(fpu_procrastinator),
};
const uint32_t fpu_role_count = COUNT(fpu_roles);
