/* The FPU and SSE in 16-bit code: the registers are the thread's, as in ring 3; nobody else sees them, and what goes wrong in them is a reason. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"
#include "processor_state.h"
#include "real_code.h"
#include "vm86_code.h"

#define STACK_BYTES 8192U
#define FPU_ERROR 16U
#define SPIN 20000U                  /* of 16-bit code, with the registers full: a third of a tick of an old PC */
#define ROUNDS 100U

static struct vm86_state state __attribute__((aligned(128)));

/* Once more from its beginning; EBX and DX. */
static void run_again(uint32_t ebx, uint32_t dx)
{
    state.eip = 0;
    state.ebx = ebx;
    state.edx = dx;
    EXPECT_OK(vm86_run(&state));
    EXPECT_EQUAL(VM86_GENERAL_PROTECTION, state.reason);     /* HLT */
}

/* ---- Kept ---- */

/* Arguments: seed, rounds, "fpu" or "sse". */
static void vm86_fpu_worker(int argc, char **argv)
{
    uint32_t seed = test_number(argv[argc - 3]);

    if (argv[argc - 1][0] == 's') {
        VM86_AT_HAND(&state, vm86_sse_work);
    } else {
        VM86_AT_HAND(&state, vm86_fpu_work);
    }
    for (uint32_t rounds = test_number(argv[argc - 2]); rounds > 0; rounds--) {
        run_again(seed + rounds, SPIN);
        if ((uint16_t)state.eax != 1) {
            EXPECT_NOT("%u rounds before the end, in 16-bit code: registers have changed", rounds);
        }
    }
}

static void spawn_16(uint32_t seed, const char *what)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_fpu_worker", &id, test_digits(seed).text, test_digits(ROUNDS).text, what, NULL));
}

static void spawn_32(uint32_t seed)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "fpu_worker", &id, test_digits(seed).text, test_digits(ROUNDS).text, NULL));
}

static volatile bool thread_stops, thread_lost;

static void work_in_ring_3(void *unused)
{
    (void)unused;
    for (uint32_t seed = 0; !thread_stops; seed++) {
        fpu_fill(seed);
        for (volatile uint32_t spin = 0; spin < SPIN; spin++) {
        }
        thread_lost |= !fpu_is_filled(seed);
    }
}

static void fpu_is_kept_in_16_bit_code_beside_others_in_either_mode(void)
{
    uint32_t others = 4;
    thread_id_t thread;

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    spawn_16(1000, "fpu");
    spawn_16(2000, "fpu");
    spawn_32(3000);
    spawn_32(4000);
    if (cpu_has(CPU_FXSR) && sse_is_there()) {
        spawn_16(5000, "sse");
        spawn_16(6000, "sse");
        others += 2;
    }
    EXPECT_OK(thread_start(work_in_ring_3, NULL, STACK_BYTES, &thread));
    VM86_AT_HAND(&state, vm86_fpu_work);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        run_again(round * 16, SPIN);
        EXPECT_EQUAL(1, (uint16_t)state.eax);
        EXPECT(!thread_lost);
    }
    thread_stops = true;
    for (; others > 0; others--) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
    EXPECT(!thread_lost);
}

/* A thread has one FPU, in the mode and outside. */
static void fpu_goes_into_the_mode_and_out_of_it_with_its_thread(void)
{
    process_id_t other;

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    EXPECT_OK(test_spawn(CLASS_DRIVER, "fpu_worker", &other, "7000", "100000", NULL));
    for (uint32_t i = 0; i < 10; i++) {
        VM86_AT_HAND(&state, vm86_fpu_fill);
        run_again(i * 100, 0);
        clock_sleep(MILLISECOND);
        EXPECT(fpu_is_filled(i * 100));
        VM86_AT_HAND(&state, vm86_count);
        state.ticks = 2;
        fpu_fill(i);
        EXPECT_OK(vm86_run(&state));
        EXPECT_EQUAL(VM86_TICKS_OVER, state.reason);
        EXPECT(fpu_is_filled(i));
    }
    peer_kill(other);                    /* it would have ended by itself had it seen a change */
}

/* ---- Secrets ---- */

static void vm86_fpu_snoop(int argc, char **argv)
{
    const struct fpu_image *image = (const struct fpu_image *)(VM86_DATA_SEGMENT << 4);
    (void)argc;
    (void)argv;

    VM86_AT_HAND(&state, vm86_fpu_store);
    memset((void *)(VM86_DATA_SEGMENT << 4), 0x55, sizeof *image);
    run_again(0, 0);
    EXPECT_EQUAL(0x037F, image->control & 0xFFFF);
    EXPECT_EQUAL(0, image->status & 0xFFFF);
    EXPECT_EQUAL(0xFFFF, image->tags & 0xFFFF);
    EXPECT_EQUAL(0, image->instruction & 0xFFFF);
    EXPECT_EQUAL(0, image->operand & 0xFFFF);
    for (uint32_t i = 0; i < sizeof image->registers; i++) {
        EXPECT_EQUAL(0, image->registers[i]);
    }
}

static void spawn_and_wait(const char *role, uint32_t exit_code)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, role, &id, NULL));
    EXPECT_EQUAL(exit_code, test_wait_exit(id));
}

static void fpu_holds_nothing_of_others_in_either_mode(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < 3; i++) {
        fpu_fill(0x53454352);                    /* whose owner lives, in ring 3 */
        spawn_and_wait("vm86_fpu_snoop", 0);
        spawn_and_wait("fpu_secret_keeper", 0);
        spawn_and_wait("vm86_fpu_snoop", 0);     /* whose owner is dead */
        VM86_AT_HAND(&state, vm86_fpu_fill);
        run_again(0x53454352, 0);                /* in 16-bit code */
        spawn_and_wait("fpu_snoop", 0);
        run_again(0x53454352, 0);
        spawn_and_wait("vm86_fpu_snoop", 0);
        EXPECT(fpu_is_filled(0x53454352));
    }
}

/* ---- Exceptions ---- */

static void fpu_exception_of_16_bit_code_leaves_the_mode(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < 5; i++) {
        VM86_AT_HAND(&state, vm86_fpu_fault);
        vm86_expect_leaves_at(&state, FPU_ERROR, (uint32_t)(vm86_fpu_fault_at - vm86_fpu_fault));
        EXPECT_EQUAL(0, state.error);
        fpu_fill(i);                             /* begins by clearing it */
        clock_sleep(1);
        EXPECT(fpu_is_filled(i));
    }
}

/* Leaves one in the FPU that comes with the next instruction of it, and ends. */
static void vm86_fpu_leaver(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    VM86_AT_HAND(&state, vm86_fpu_fault_later);
    run_again(0, 0);
}

/* The next one is its own, in ring 3. */
static void vm86_fpu_procrastinator(int argc, char **argv)
{
    vm86_fpu_leaver(argc, argv);
    for (uint32_t i = 0; i < 20; i++) {
        (void)thread_yield();
    }
    fpu_wait();
}

static void fpu_exception_that_16_bit_code_leaves_strikes_nobody_else(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t i = 0; i < 5; i++) {
        fpu_fill(i);
        spawn_and_wait("vm86_fpu_leaver", 0);
        EXPECT(fpu_is_filled(i));
        fpu_fill(i);
        spawn_and_wait("vm86_fpu_procrastinator", EXIT_FAULT | FPU_ERROR);
        EXPECT(fpu_is_filled(i));
        spawn_and_wait("vm86_fpu_leaver", 0);
        spawn_and_wait("vm86_fpu_snoop", 0);
    }
}

/* By the library: interrupt 16, whose handler clears it, and the code goes on. */
static void fpu_exception_finds_its_handler(void)
{
    struct bios_registers registers = { .ebx = 5 };
    const uint8_t code[] = {             /* fninit; push 37b; mov bp, sp; fldcw [bp]; fld1; fldz; fdivp; fwait; pop ax */
        0xDB, 0xE3, 0x68, 0x7B, 0x03, 0x89, 0xE5, 0xD9, 0x6E, 0x00, 0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9, 0x9B, 0x58, REAL_RETURN,
    };

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    real_open();
    REAL_HANDLER(FPU_ERROR, 0xDB, 0xE2, 0x83, 0xC3, 0x01, 0xCF);         /* fnclex; add bx, 1; iret */
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL(6, registers.bx);
    EXPECT_EQUAL(0x037B, registers.ax);
    real_expect_works();
}

const struct test vm86_fpu_tests[] = {
    TEST(CLASS_DRIVER, fpu_is_kept_in_16_bit_code_beside_others_in_either_mode),
    TEST(CLASS_DRIVER, fpu_goes_into_the_mode_and_out_of_it_with_its_thread),
    TEST(CLASS_DRIVER, fpu_holds_nothing_of_others_in_either_mode),
    TEST(CLASS_DRIVER, fpu_exception_of_16_bit_code_leaves_the_mode),
    TEST(CLASS_DRIVER, fpu_exception_that_16_bit_code_leaves_strikes_nobody_else),
    TEST(CLASS_DRIVER, fpu_exception_finds_its_handler),
};
const uint32_t vm86_fpu_test_count = COUNT(vm86_fpu_tests);
const struct role vm86_fpu_roles[] = {
    ROLE(vm86_fpu_worker), ROLE(vm86_fpu_snoop), ROLE(vm86_fpu_leaver), ROLE(vm86_fpu_procrastinator),
};
const uint32_t vm86_fpu_role_count = COUNT(vm86_fpu_roles);
