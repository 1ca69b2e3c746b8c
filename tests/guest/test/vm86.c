/* VM86 mode as the kernel has it: in, out, and the pages below 1 MB. What the library makes of it is tested by itself. */
#include <abi/vm86.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"
#include "vm86_code.h"

#define CODE 0x10000U            /* linear */
#define STACK_BYTES 8192U
#define EFLAGS_STATUS 0x08D5U    /* CF PF AF ZF SF OF */
#define EFLAGS_VM 0x20000U
#define EFLAGS_IF 0x200U
#define EFLAGS_IOPL 0x3000U
#define EFLAGS_NT 0x4000U

static struct vm86_state state __attribute__((aligned(128)));
static struct vm86_state other_state __attribute__((aligned(128)));

/* ---- In and out ---- */

static void all_registers_go_in_and_come_out(void)
{
    static const uint8_t hlt = 0xF4;
    struct vm86_state before;

    vm86_code_at_hand(&state, &hlt, 1);
    state.eflags |= EFLAGS_STATUS;
    before = state;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 0);
    before.eflags |= EFLAGS_VM | EFLAGS_IF;
    EXPECT_EQUAL(0, memcmp(&before.ebx, &state.ebx, 7 * sizeof(uint32_t)));
    EXPECT_EQUAL(before.cs, state.cs & 0xFFFF);
    EXPECT_EQUAL(before.esp, state.esp);
    EXPECT_EQUAL(before.ss, state.ss & 0xFFFF);
    EXPECT_EQUAL(before.ds, state.ds & 0xFFFF);
    EXPECT_EQUAL(before.es, state.es & 0xFFFF);
    EXPECT_EQUAL(before.fs, state.fs & 0xFFFF);
    EXPECT_EQUAL(before.gs, state.gs & 0xFFFF);
    EXPECT_EQUAL(before.eflags, state.eflags & ~0x10000U);
    EXPECT_EQUAL(0, state.error);
}

/* Each of these is the monitor's; none of them is done. */
static void what_the_mode_does_not_do_leaves_it(void)
{
    static const uint8_t traps[][3] = {
        { 0xFA }, { 0xFB }, { 0x9C }, { 0x9D }, { 0x66, 0x9C }, { 0x66, 0x9D }, { 0xCD, 0x10 }, { 0xCD, 0x80 }, { 0xCF }, { 0x66, 0xCF }, { 0xF4 },
        { 0x0F, 0x34 },          /* SYSENTER */
        { 0x0F, 0x01, 0x17 },    /* LGDT [BX] */
        { 0x0F, 0x22, 0xC0 },    /* MOV CR0, EAX */
        { 0x0F, 0x06 },          /* CLTS */
        { 0x0F, 0x09 },          /* WBINVD */
        { 0xE4, 0x20 }, { 0xE6, 0x20 }, { 0xE6, 0x92 }, { 0xE6, 0xB2 }, { 0xE7, 0xA0 }, { 0xE4, 0x43 },
    };

    for (uint32_t i = 0; i < COUNT(traps); i++) {
        vm86_code_at_hand(&state, traps[i], sizeof traps[i]);
        vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 0);
        EXPECT_EQUAL(0xFFF0, state.esp);
        EXPECT_EQUAL(0xA1A2A3A4, state.eax);
    }
}

static void exceptions_of_16_bit_code_leave_the_mode(void)
{
    static const struct { uint8_t code[4]; uint32_t reason, eip; } mistakes[] = {
        { { 0x31, 0xC9, 0xF7, 0xF1 }, 0, 2 },        /* XOR CX, CX; DIV CX */
        { { 0xCC }, 3, 1 },                          /* INT3 */
        { { 0x0F, 0xFF }, 6, 0 },                    /* no instruction */
        { { 0x0F, 0x00, 0xD8 }, 6, 0 },              /* LTR AX */
    };

    for (uint32_t i = 0; i < COUNT(mistakes); i++) {
        vm86_code_at_hand(&state, mistakes[i].code, sizeof mistakes[i].code);
        vm86_expect_leaves_at(&state, mistakes[i].reason, mistakes[i].eip);
    }
    static const uint8_t far_away[] = { 0x26, 0xC6, 0x07, 0x01 };    /* MOV BYTE ES:[BX], 1 */
    vm86_code_at_hand(&state, far_away, sizeof far_away);
    state.es = 0x8000;
    vm86_expect_leaves_at(&state, VM86_PAGE_FAULT, 0);
    EXPECT_EQUAL(0x80000 + 0xB3B4, state.address);
}

/* One instruction, then the trap flag's exception. */
static void trap_flag_leaves_after_each_instruction(void)
{
    static const uint8_t code[] = { 0x90, 0x40, 0x90 };

    vm86_code_at_hand(&state, code, sizeof code);
    for (uint32_t i = 1; i <= sizeof code; i++) {
        state.eflags = 0x102;
        vm86_expect_leaves_at(&state, 1, i);
    }
    EXPECT_EQUAL(0xA1A2A3A5, state.eax);
}

/* ---- What a state says does not count ---- */

static void flags_that_give_power_are_not_taken(void)
{
    static const uint8_t code[] = { 0x90, 0xFA };    /* CLI must trap, whatever IOPL was asked for */

    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        vm86_code_at_hand(&state, code, sizeof code);
        state.eflags = bit & ~0x100U;
        vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 1);
        EXPECT_EQUAL(EFLAGS_VM | EFLAGS_IF, state.eflags & (EFLAGS_VM | EFLAGS_IF | EFLAGS_IOPL | EFLAGS_NT));
    }
}

static void upper_halves_count_for_nothing(void)
{
    static const uint8_t hlt = 0xF4;

    vm86_code_at_hand(&state, &hlt, 1);
    state.eip = 0xFFFF0000;
    state.cs = 0x12340000 | VM86_SEGMENT;
    state.ds = 0xFFFF1111;
    state.ss = 0xFFFF0000 | VM86_SEGMENT;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 0);
    EXPECT_EQUAL(0x1111, state.ds & 0xFFFF);
}

static volatile bool changer_stops;

static void vm86_state_changer(void *argument)
{
    (void)argument;
    while (!changer_stops) {
        state.eflags = 0xFFFFFEFF & ~0x10000U;
        state.cs = VM86_SEGMENT;
        state.ss = 0x23;
        state.reason = 0;
        thread_yield();
    }
}

/* Its registers are in memory that another thread of its own can write while it is preempted. */
static void state_that_another_thread_changes_harms_nobody_else(void)
{
    static const uint8_t spin[] = { 0xEB, 0xFE, 0xF4 };
    thread_id_t changer;

    vm86_code_at_hand(&state, spin, sizeof spin);
    EXPECT_OK(thread_start(vm86_state_changer, NULL, STACK_BYTES, &changer));
    for (uint32_t i = 0; i < 20; i++) {
        state.cs = VM86_SEGMENT;
        state.eip = 0;
        state.ticks = 10;
        vm86_expect_leaves_at(&state, VM86_TICKS_OVER, 0);
        EXPECT_EQUAL(EFLAGS_VM | EFLAGS_IF, state.eflags & (EFLAGS_VM | EFLAGS_IF | EFLAGS_IOPL | EFLAGS_NT));
    }
    changer_stops = true;
    EXPECT_OK(thread_end(changer));
}

/* ---- Time ---- */

static void budget_ends_code_that_never_does(void)
{
    static const uint8_t spin[] = { 0xEB, 0xFE };
    nanoseconds_t begin = clock_now();

    vm86_code_at_hand(&state, spin, sizeof spin);
    state.ticks = 50;
    vm86_expect_leaves_at(&state, VM86_TICKS_OVER, 0);
    EXPECT_EQUAL(0, state.ticks);
    EXPECT(clock_now() - begin > 40 * MILLISECOND);
}

static volatile uint32_t counted;

static void vm86_counter(void *argument)
{
    (void)argument;
    for (;;) {
        counted++;
    }
}

static void other_threads_run_meanwhile(void)
{
    static const uint8_t spin[] = { 0xEB, 0xFE };
    thread_id_t counter;

    vm86_code_at_hand(&state, spin, sizeof spin);
    EXPECT_OK(thread_start(vm86_counter, NULL, STACK_BYTES, &counter));
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t before = counted;

        state.ticks = 60;
        vm86_expect_leaves_at(&state, VM86_TICKS_OVER, 0);
        EXPECT(counted > before);
    }
    EXPECT_OK(thread_end(counter));
}

static void vm86_second_thread(void *argument)
{
    static const uint8_t code[] = { 0x40, 0x40, 0xEB, 0xFE };

    memcpy((void *)(CODE + 0x8000), code, sizeof code);
    EXPECT_OK(vm86_set_up((uint32_t)&other_state));
    other_state = (struct vm86_state){ .cs = VM86_SEGMENT + 0x800, .ss = VM86_SEGMENT, .esp = 0x7FF0, .ticks = 100 };
    *(volatile status_t *)argument = vm86_run(&other_state);
}

/* Each thread has a state of its own. */
static void two_threads_can_be_in_the_mode_at_once(void)
{
    static const uint8_t spin[] = { 0xEB, 0xFE };
    volatile status_t status = ABSENT;
    thread_id_t second;

    vm86_code_at_hand(&state, spin, sizeof spin);
    state.ticks = 200;
    EXPECT_OK(thread_start(vm86_second_thread, (void *)&status, STACK_BYTES, &second));
    vm86_expect_leaves_at(&state, VM86_TICKS_OVER, 0);
    while (status == ABSENT) {
        clock_sleep(A_MOMENT_NS);
    }
    EXPECT_OK(status);
    EXPECT_EQUAL(2, other_state.eax);
    EXPECT_EQUAL(VM86_TICKS_OVER, other_state.reason);
    EXPECT_EQUAL(0xA1A2A3A4, state.eax);
}

/* Goes into the mode for ever. */
static void vm86_spinner(int argc, char **argv)
{
    static const uint8_t spin[] = { 0xEB, 0xFE };
    (void)argc;
    (void)argv;

    vm86_code_at_hand(&state, spin, sizeof spin);
    (void)vm86_run(&state);
}

static void processes_in_the_mode_can_be_ended_and_put_to_sleep(void)
{
    struct test_ledger before;
    process_id_t spinners[3];

    test_ledger_take(&before);
    for (uint32_t i = 0; i < COUNT(spinners); i++) {
        EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_spinner", &spinners[i], NULL));
    }
    for (uint32_t i = 0; i < 5; i++) {
        clock_sleep(3 * MILLISECOND);
        EXPECT_OK(process_sleep(spinners[i % COUNT(spinners)]));
        clock_sleep(3 * MILLISECOND);
        EXPECT_OK(process_wake(spinners[i % COUNT(spinners)]));
    }
    for (uint32_t i = 0; i < COUNT(spinners); i++) {
        EXPECT_OK(process_terminate(spinners[i], 1));
        EXPECT_EQUAL(EXIT_TERMINATED | 1, test_wait_exit(spinners[i]));
    }
    test_ledger_expect_same(&before);
}

static void memory_of_the_state_can_be_freed_in_the_meantime(void)
{
    static const uint8_t hlt = 0xF4;
    uint32_t address;

    vm86_code_at_hand(&state, &hlt, 1);
    EXPECT_OK(memory_allocate(1, 0, &address));
    *(struct vm86_state *)address = state;
    EXPECT_OK(vm86_set_up(address));
    EXPECT_OK(memory_free(address, 1));
    EXPECT_OK(vm86_set_up((uint32_t)&state));
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 0);
}

/* ---- Ports ---- */

static void ports_of_the_grant_are_the_codes_own_unless_they_shall_trap(void)
{
    static const uint8_t code[] = { 0xE4, 0x61, 0xE6, 0x80, 0xF4 };  /* IN AL, 61h; OUT 80h, AL; HLT */

    vm86_code_at_hand(&state, code, sizeof code);
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 4);
    state.eip = 0;
    state.flags = VM86_PORTS_TRAP;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 0);
    state.eip = 2;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 2);
    state.flags = 0;
    state.eip = 0;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, 4);
}

/* ---- Set-up ---- */

static void states_that_cannot_be_are_refused(void)
{
    uint32_t run;

    EXPECT_STATUS(NOT_FOUND, vm86_run(&state));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up((uint32_t)&state + 2));
    EXPECT_OK(memory_allocate(2, 0, &run));
    EXPECT_OK(vm86_set_up(run + PAGE_SIZE - sizeof state));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up(run + PAGE_SIZE - sizeof state + 4));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(SYSTEM_PAGE));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(USER_END));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(0xFFFFF000));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(0x1000));
    EXPECT_OK(memory_protect(run, 1, MEMORY_READ_ONLY));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(run));
    uint32_t video;
    EXPECT_OK(physical_map(0xB8000, 1, 0, &video));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(video));
    /* What a device can write to, or others by a key. */
    uint32_t dma;
    physical_t physical;
    EXPECT_OK(dma_allocate(1, 0, &dma, &physical));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(dma));
    EXPECT_OK(dma_free(dma));
    struct shared_handle shared;
    EXPECT_OK(shared_create(1, &shared));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(shared.address));
    EXPECT_OK(shared_leave(shared.id));
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(0x800));
    EXPECT_OK(memory_free(0, 1));
    EXPECT_OK(vm86_set_up(0));
    EXPECT_STATUS(NOT_FOUND, vm86_run(&state));
}

static void vm86_without_the_right(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_STATUS(NOT_ALLOWED, vm86_set_up((uint32_t)&state));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(CODE, 1, VM86_MAP_ZEROES));
    EXPECT_STATUS(NOT_FOUND, vm86_run(&state));
}

static void without_the_right_there_is_no_vm86(void)
{
    struct access access = test_access;
    process_id_t other;

    access.rights &= ~RIGHT_VM86;
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "vm86_without_the_right", &other, NULL));
    EXPECT_EQUAL(0, test_wait_exit(other));
}

/* ---- Pages ---- */

static void pages_below_1_mb_are_what_was_asked_for(void)
{
    uint32_t rom;

    EXPECT_OK(physical_map(0xF0000, 16, PHYSICAL_READ_ONLY, &rom));
    EXPECT_OK(vm86_map(0xF0000, 16, VM86_MAP_COPY));
    EXPECT_EQUAL(0, memcmp((const void *)rom, (const void *)0xF0000, 16 * PAGE_SIZE));
    *(volatile uint32_t *)0xF0000 = 0x12345678;          /* its own */
    EXPECT_EQUAL(0x12345678, *(volatile uint32_t *)0xF0000);
    EXPECT_OK(vm86_map(0xF0000, 16, VM86_MAP_PHYSICAL | VM86_MAP_READ_ONLY));
    EXPECT_EQUAL(0, memcmp((const void *)rom, (const void *)0xF0000, 16 * PAGE_SIZE));
    EXPECT_OK(vm86_map(0xF0000, 1, VM86_MAP_ZEROES));
    EXPECT_EQUAL(0, *(volatile uint32_t *)0xF0000);
    EXPECT_OK(memory_free(0xF0000, 16));
    EXPECT_OK(vm86_map(VM86_MEMORY_END - PAGE_SIZE, 1, VM86_MAP_ZEROES));
    EXPECT_OK(memory_free(VM86_MEMORY_END - PAGE_SIZE, 1));
}

static volatile uint32_t *volatile page_0;   /* volatile: the compiler takes address 0 for nothing */

/* Each process finds the vectors of the boot, whatever others wrote to theirs, or to the machine's. */
static void page_0_is_as_it_was_at_boot(void)
{
    volatile uint32_t *vectors = page_0;
    uint32_t video = 0x10;   /* the interrupt */
    uint32_t at_boot;

    EXPECT_OK(vm86_map(0, 1, VM86_MAP_COPY));
    at_boot = vectors[video];
    EXPECT(at_boot >> 16 >= 0xC000);
    vectors[video] = 1;
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_PHYSICAL));
    vectors[video] = 2;
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_COPY));
    EXPECT_EQUAL(at_boot, vectors[video]);
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_PHYSICAL));
    EXPECT_EQUAL(2, vectors[video]);
    vectors[video] = at_boot;
}

/* Whatever the grant says. But what the BIOS keeps at the end of the 640 KB can be copied. */
static void ram_below_1_mb_is_nobodys(void)
{
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x1000, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0, 2, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x9F000, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x7F000, 1, VM86_MAP_COPY));
    EXPECT_OK(vm86_map(0x9F000, 1, VM86_MAP_COPY));
}

static void vm86_writer_of_rom(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_OK(vm86_map(0xC0000, 1, VM86_MAP_PHYSICAL | VM86_MAP_READ_ONLY));
    *(volatile uint8_t *)0xC0000 = 1;
}

static void read_only_pages_stay_read_only(void)
{
    process_id_t writer;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_writer_of_rom", &writer, NULL));
    EXPECT_EQUAL(EXIT_FAULT | VM86_PAGE_FAULT, test_wait_exit(writer));
}

static void maps_that_cannot_be_are_refused(void)
{
    static const struct { uint32_t address, pages, flags; } bad[] = {
        { 0x1000, 0, VM86_MAP_ZEROES }, { 0x1001, 1, VM86_MAP_ZEROES }, { 0x1000, 1, 0 }, { 0x1000, 1, VM86_MAP_READ_ONLY },
        { 0x1000, 1, VM86_MAP_ZEROES | VM86_MAP_COPY }, { 0x1000, 1, 7 }, { 0x1000, 1, VM86_MAP_ZEROES | 16 },
        { VM86_MEMORY_END, 1, VM86_MAP_ZEROES }, { VM86_MEMORY_END - PAGE_SIZE, 2, VM86_MAP_ZEROES }, { 0x1000, 0xFFFFFFFF, VM86_MAP_ZEROES },
        { 0x100000, 1, VM86_MAP_COPY }, { 0xFF000, 2, VM86_MAP_COPY }, { 0x100000, 1, VM86_MAP_PHYSICAL }, { 0xFF000, 2, VM86_MAP_PHYSICAL },
        { SYSTEM_PAGE, 1, VM86_MAP_ZEROES }, { PROGRAM_BASE, 1, VM86_MAP_ZEROES }, { 0xFFFFF000, 1, VM86_MAP_COPY }, { 0x80000000, 1, VM86_MAP_ZEROES },
    };

    for (uint32_t i = 0; i < COUNT(bad); i++) {
        EXPECT_STATUS(BAD_ARGUMENT, vm86_map(bad[i].address, bad[i].pages, bad[i].flags));
    }
}

static void vm86_mapper_of_others(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x9F000, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0xBF000, 2, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0xC0000, 1, VM86_MAP_COPY));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x1000, 1, VM86_MAP_COPY));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0, 2, VM86_MAP_COPY));
    EXPECT_OK(vm86_map(0xA0000, 32, VM86_MAP_PHYSICAL));
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_COPY));
}

static void physical_pages_outside_the_grant_are_strikes(void)
{
    struct access access = test_access;
    process_id_t other;

    memset(access.memory, 0, sizeof access.memory);
    access.memory[0] = (struct memory_range){ 0xA0000, 0xBFFFF };
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "vm86_mapper_of_others", &other, NULL));
    EXPECT_EQUAL(0, test_wait_exit(other));
    access.strikes = 2;
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "vm86_mapper_of_others", &other, NULL));
    EXPECT_EQUAL(EXIT_STRIKES, test_wait_exit(other));
}

const struct test vm86_tests[] = {
    TEST(CLASS_DRIVER, all_registers_go_in_and_come_out),
    TEST(CLASS_DRIVER, what_the_mode_does_not_do_leaves_it),
    TEST(CLASS_DRIVER, exceptions_of_16_bit_code_leave_the_mode),
    TEST(CLASS_DRIVER, trap_flag_leaves_after_each_instruction),
    TEST(CLASS_DRIVER, flags_that_give_power_are_not_taken),
    TEST(CLASS_DRIVER, upper_halves_count_for_nothing),
    TEST(CLASS_DRIVER, state_that_another_thread_changes_harms_nobody_else),
    TEST(CLASS_DRIVER, budget_ends_code_that_never_does),
    TEST(CLASS_DRIVER, other_threads_run_meanwhile),
    TEST(CLASS_DRIVER, two_threads_can_be_in_the_mode_at_once),
    TEST(CLASS_DRIVER, processes_in_the_mode_can_be_ended_and_put_to_sleep),
    TEST(CLASS_DRIVER, memory_of_the_state_can_be_freed_in_the_meantime),
    TEST(CLASS_DRIVER, ports_of_the_grant_are_the_codes_own_unless_they_shall_trap),
    TEST(CLASS_DRIVER, states_that_cannot_be_are_refused),
    TEST(CLASS_DRIVER, without_the_right_there_is_no_vm86),
    TEST(CLASS_DRIVER, pages_below_1_mb_are_what_was_asked_for),
    TEST(CLASS_DRIVER, page_0_is_as_it_was_at_boot),
    TEST(CLASS_DRIVER, ram_below_1_mb_is_nobodys),
    TEST(CLASS_DRIVER, read_only_pages_stay_read_only),
    TEST(CLASS_DRIVER, maps_that_cannot_be_are_refused),
    TEST(CLASS_DRIVER, physical_pages_outside_the_grant_are_strikes),
};
const uint32_t vm86_test_count = COUNT(vm86_tests);
const struct role vm86_roles[] = {
    ROLE(vm86_spinner),
    ROLE(vm86_without_the_right),
    ROLE(vm86_writer_of_rom),
    ROLE(vm86_mapper_of_others),
};
const uint32_t vm86_role_count = COUNT(vm86_roles);
