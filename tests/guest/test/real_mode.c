/*
 * 16-bit code that does what no BIOS should: a mistake is a mistake of that call, and the next one works. What it may do it does as
 * on a processor in real mode.
 */
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "real_code.h"

#define BX_IS(value) 0xBB, (value), 0x00         /* mov bx, value */
#define ADD_BX(value) 0x83, 0xC3, (value)
#define IRET 0xCF

static void registers_come_and_go_whole(void)
{
    const uint8_t nothing[] = { REAL_RETURN };
    struct bios_registers before = {
        .eax = 0x11111111, .ebx = 0x22222222, .ecx = 0x33333333, .edx = 0x44444444, .esi = 0x55555555, .edi = 0x66666666,
        .ebp = 0x77777777, .ds = 0x8888, .es = 0x9999,
    };
    struct bios_registers after = before;

    real_open();
    EXPECT_OK(real_run(nothing, sizeof nothing, 0, &after));
    EXPECT(memcmp(&before, &after, offsetof(struct bios_registers, flags)) == 0);
    const uint8_t inverts[] = {          /* not of each, its upper half too; ds and es change places; stc; bp is anything */
        0x66, 0xF7, 0xD0, 0x66, 0xF7, 0xD3, 0x66, 0xF7, 0xD1, 0x66, 0xF7, 0xD2, 0x66, 0xF7, 0xD6, 0x66, 0xF7, 0xD7, 0x66, 0xF7, 0xD5,
        0x1E, 0x06, 0x1F, 0x07, 0xF9, REAL_RETURN,
    };
    EXPECT_OK(real_run(inverts, sizeof inverts, 0, &after));
    EXPECT(after.eax == ~before.eax && after.ebx == ~before.ebx && after.ecx == ~before.ecx && after.edx == ~before.edx);
    EXPECT(after.esi == ~before.esi && after.edi == ~before.edi && after.ebp == ~before.ebp);
    EXPECT(after.ds == before.es && after.es == before.ds);
    EXPECT_EQUAL(BIOS_CARRY, after.flags & BIOS_CARRY);
}

/* Each goes through the table at 0, and comes back by IRET. */
static void exceptions_find_their_handlers(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = {
        BX_IS(0), 0xCC, 0xB0, 0x7F, 0x04, 0x01, 0xCE, 0xCD, 0x80, 0xCD, 0x03,        /* int3; mov al, 7f; add al, 1; into; int 80; int 3 */
        REAL_RETURN,
    };

    real_open();
    REAL_HANDLER(3, ADD_BX(1), IRET);
    REAL_HANDLER(4, ADD_BX(16), IRET);
    REAL_HANDLER(0x80, ADD_BX(64), IRET);
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL(1 + 16 + 64 + 1, registers.bx);
}

/* Those that stand on the instruction: the handler steps over it. Mov bp, sp; add word [bp], bytes; iret. */
#define STEP_OVER(bytes) 0x89, 0xE5, 0x83, 0x46, 0x00, (bytes), ADD_BX(1), IRET

static void mistakes_find_their_handlers(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = {
        BX_IS(0), 0x31, 0xC9, 0xF7, 0xF1, 0x0F, 0x0B, 0x62, 0x06, 0x20, 0x00, REAL_RETURN,       /* div cx; ud2; bound ax, [20] */
    };

    real_open();
    REAL_HANDLER(0, STEP_OVER(2));
    REAL_HANDLER(6, STEP_OVER(2));
    REAL_HANDLER(5, STEP_OVER(4));
    registers.ds = REAL_SEGMENT + 0x100; /* bounds 0, 0 */
    registers.eax = 5;
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL(3, registers.bx);
}

static void exceptions_without_help_end_the_call(void)
{
    const uint32_t none = 0;

    real_open();
    REAL_HANDLER(0, IRET);
    EXPECT_STATUS(FAULT, REAL_RUN(0, 0x31, 0xC9, 0xF7, 0xF1));
    real_expect_problem("again and again");
    EXPECT_OK(bios_write(0, 0, &none, sizeof none));
    EXPECT_STATUS(FAULT, REAL_RUN(0, 0x31, 0xC9, 0xF7, 0xF1));
    real_expect_problem("has no handler");
    EXPECT_OK(bios_write(0, 0x80 * 4, &none, sizeof none));
    EXPECT_STATUS(FAULT, REAL_RUN(0, 0xCD, 0x80));
    real_expect_problem("interrupt 80h has no handler");
    real_expect_works();
}

/* POPF sets TF: each instruction behind the next boundary is a step, up to the POPF that takes it back, which may be one, too. */
static void single_steps_are_the_codes_own(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = {             /* pushf; pop ax; push ax; or ah, 1; push ax; popf; three nops; popf */
        BX_IS(0), 0x9C, 0x58, 0x50, 0x80, 0xCC, 0x01, 0x50, 0x9D, 0x90, 0x90, 0x90, 0x9D, REAL_RETURN,
    };

    real_open();
    REAL_HANDLER(1, ADD_BX(1), IRET);
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT(registers.bx == 3 || registers.bx == 4);
    real_expect_works();
}

static void code_that_never_ends_is_ended_by_its_budget(void)
{
    real_open();
    for (uint32_t i = 0; i < 3; i++) {
        nanoseconds_t begin_ns = clock_now();

        EXPECT_STATUS(TIMED_OUT, REAL_RUN(30, 0xFA, 0xEB, 0xFE));        /* cli; jmp $ */
        EXPECT(clock_now() - begin_ns >= 25 * MILLISECOND);
        real_expect_problem("its budget");
        EXPECT_STATUS(TIMED_OUT, REAL_RUN(30, 0xF4, 0xEB, 0xFD));        /* hlt; jmp there */
        real_expect_works();
    }
    bios_set_options(&(struct bios_options){ .traps = 1000 });
    EXPECT_OK(bios_write(REAL_SEGMENT, 0, (const uint8_t[]){ 0x9C, 0x9D, 0xEB, 0xFC }, 4));  /* pushf; popf; jmp there */
    EXPECT_STATUS(TIMED_OUT, bios_call(REAL_SEGMENT, 0, &(struct bios_registers){ 0 }));
    EXPECT_EQUAL(1000, bios_last_cost().traps);
    real_expect_problem("1000 traps");
    real_expect_works();
}

static void halt_waits_for_a_tick_of_the_clock(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = {             /* mov ax, 40; mov ds, ax; mov bx, [6c]; sti; hlt; mov ax, [6c]; sub ax, bx */
        0xB8, 0x40, 0x00, 0x8E, 0xD8, 0x8B, 0x1E, 0x6C, 0x00, 0xFB, 0xF4, 0xA1, 0x6C, 0x00, 0x29, 0xD8, REAL_RETURN,
    };
    const uint8_t poll[] = {             /* the same without HLT: until it is another */
        0xB8, 0x40, 0x00, 0x8E, 0xD8, 0xA1, 0x6C, 0x00, 0x3B, 0x06, 0x6C, 0x00, 0x74, 0xFA, REAL_RETURN,
    };

    real_open();
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT(registers.ax == 1 || registers.ax == 2);
    EXPECT_OK(real_run(poll, sizeof poll, 1000, &registers));
    EXPECT_STATUS(DEADLOCK, REAL_RUN(0, 0xFA, 0xF4));
    real_expect_problem("interrupts off");
    real_expect_works();
}

/* Into the kernel by its own doors: they are none from here. */
static void ways_into_the_kernel_are_closed(void)
{
    static const uint8_t codes[][8] = {
        { 0x0F, 0x34 }, { 0x0F, 0x35 },                          /* sysenter, sysexit */
        { 0x0F, 0x05 }, { 0x0F, 0x07 },                          /* syscall, sysret */
        { 0x0F, 0x01, 0x16, 0x00, 0x00 }, { 0x0F, 0x01, 0x1E, 0x00, 0x00 },      /* lgdt, lidt */
        { 0x0F, 0x01, 0xF0 }, { 0x0F, 0x06 }, { 0x0F, 0x08 }, { 0x0F, 0x09 },    /* lmsw, clts, invd, wbinvd */
        { 0x0F, 0x20, 0xC0 }, { 0x0F, 0x22, 0xC0 }, { 0x0F, 0x22, 0xD8 },        /* mov to and from cr0, cr3 */
        { 0x0F, 0x21, 0xF8 }, { 0x0F, 0x23, 0xF8 },              /* mov to and from dr7 */
        { 0x0F, 0x30 }, { 0x0F, 0x32 },                          /* wrmsr, rdmsr */
        { 0x0F, 0x00, 0xD0 }, { 0x0F, 0x00, 0xD8 }, { 0x0F, 0x02, 0xC0 }, { 0x63, 0xC0 },    /* lldt, ltr, lar, arpl */
        { 0x0F, 0xAA }, { 0x0F, 0xFF, 0xC0 },                    /* rsm, ud0 */
        { 0xF0, 0x90 }, { 0x0F, 0x01, 0x3E, 0x00, 0x00 },        /* lock nop, invlpg */
    };

    real_open();
    for (uint32_t i = 0; i < COUNT(codes); i++) {
        status_t status = real_run(codes[i], sizeof codes[i], 50, &(struct bios_registers){ 0 });

        if (status != FAULT) {
            EXPECT_NOT("code %02x %02x %02x: status %u", codes[i][0], codes[i][1], codes[i][2], status);
        }
        real_expect_works();
    }
    EXPECT_EQUAL(0, real_strikes());
}

static void flags_of_the_processor_are_not_the_codes_to_set(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = {             /* pushd -1 & ~tf; popfd; pushfd; pop eax; then popfd what BIOSes have */
        0x66, 0x68, 0xFF, 0xFE, 0xFF, 0xFF, 0x66, 0x9D, 0x66, 0x9C, 0x66, 0x58, 0x66, 0x6A, 0x02, 0x66, 0x9D, REAL_RETURN,
    };

    real_open();
    EXPECT_OK(real_run(code, sizeof code, 100, &registers));
    EXPECT_EQUAL(0, registers.eax & 0x00020000);                         /* VM is not to be seen */
    real_expect_works();
}

static void jumps_to_nowhere_end_the_call(void)
{
    real_open();
    EXPECT_STATUS(FAULT, REAL_RUN(50, 0xEA, 0x10, 0x00, 0xFF, 0xFF));    /* jmp ffff:0010: behind the megabyte */
    real_expect_problem("memory that is not there");
    EXPECT_STATUS(FAULT, REAL_RUN(50, 0xEA, 0x00, 0x00, 0x00, 0x50));
    EXPECT_STATUS(FAULT, REAL_RUN(50, 0x9A, 0xF0, 0xFF, 0x01, 0xFF));
    EXPECT_STATUS(FAULT, REAL_RUN(50, 0xB8, 0x00, 0x50, 0x8E, 0xD8, 0xC6, 0x06, 0x34, 0x12, 0x55));  /* mov byte [5000:1234], 55 */
    real_expect_problem("0x51234");
    EXPECT_STATUS(FAULT, REAL_RUN(50, 0xB8, 0x00, 0x50, 0x8E, 0xD0, 0x9C));      /* ss is there: pushf */
    real_expect_works();
}

/* Where a segment ends, and where a stack does: something happens, to this call alone. */
static void ends_of_segments_are_ends_of_calls_at_worst(void)
{
    static const uint8_t codes[][12] = {
        { 0xE9, 0xFB, 0xFF },                                    /* jmp fffe, of which two bytes are in the segment */
        { 0xA1, 0xFF, 0xFF, REAL_RETURN },                       /* mov ax, [ffff] */
        { 0xBC, 0x01, 0x00, 0x50, 0x58, 0x9C, 0x9D, 0xCD, 0x12, 0xEB, 0xFE },    /* mov sp, 1; push, pop, pushf, popf, int */
        { 0xBC, 0x00, 0x00, 0x50, 0x58, 0x9C, 0x9D, 0xCD, 0x12, 0xEB, 0xFE },
        { 0xBC, 0xFF, 0xFF, 0x9D, 0x9C, 0xCF },                  /* mov sp, ffff; popf; pushf; iret */
        { 0xBC, 0x05, 0x00, 0x66, 0x9C, 0x66, 0x9C, 0xCD, 0x11, 0xEB, 0xFE },
        { 0xBC, 0x03, 0x00, 0xC8, 0xFF, 0xFF, 0x1F },            /* enter with all levels */
        { 0xBF, 0xFF, 0xFF, 0x6D, 0x6D, 0xEB, 0xFE },            /* insw at the end */
    };

    real_open();
    EXPECT_OK(bios_write(REAL_SEGMENT, 0xFFFE, (const uint8_t[]){ 0x90, 0x90 }, 2));
    for (uint32_t i = 0; i < COUNT(codes); i++) {
        struct bios_registers registers = { .ds = REAL_SEGMENT, .es = REAL_SEGMENT };

        (void)real_run(codes[i], sizeof codes[i], 5, &registers);
        real_expect_works();
    }
}

/* An address above 64 KB: the processor refuses; QEMU does not look at segments' ends, but the kernel's memory is the kernel's there as well. */
static void long_addresses_do_not_reach_the_kernel(void)
{
    static const uint32_t addresses[] = { 0x80000000, 0x80100000, 0xC0000000, 0xFFC00000, 0xFFFFF000, 0x001FF000 };
    static const uint8_t writes[] = { 0x67, 0xC7, 0x03, 0xAD, 0xDE, REAL_RETURN };       /* mov word [ebx], dead */

    real_open();
    for (uint32_t i = 0; i < COUNT(addresses); i++) {
        struct bios_registers registers = { .ebx = addresses[i] - REAL_SEGMENT * 16, .ds = REAL_SEGMENT };

        EXPECT_STATUS(FAULT, real_run(writes, sizeof writes, 50, &registers));
        real_expect_works();
    }
}

static void prefixes_are_counted(void)
{
    uint8_t code[40];

    real_open();
    for (uint32_t prefixes = 0; prefixes < 30; prefixes++) {
        memset(code, 0x2E, prefixes);
        code[prefixes] = 0xFA;                                   /* cli */
        code[prefixes + 1] = REAL_RETURN;
        EXPECT_STATUS(prefixes < 15 ? OK : FAULT, real_run(code, prefixes + 2, 50, &(struct bios_registers){ 0 }));
    }
    real_expect_works();
}

static void code_that_changes_itself_is_what_it_is_now(void)
{
    struct bios_registers registers = { .ecx = 200 };
    const uint8_t code[] = {             /* again: cs inc byte [number]; mov al, number; cli; loop again */
        0x2E, 0xFE, 0x06, 0x06, 0x00, 0xB0, 0x00, 0xFA, 0xE2, 0xF6, REAL_RETURN,
    };

    real_open();
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL(200, registers.al);
}

static void interrupts_without_end_end(void)
{
    real_open();
    REAL_HANDLER(0x60, 0xCD, 0x60);
    bios_set_options(&(struct bios_options){ .traps = 20000, .ms = 2000 });
    status_t status = bios_int(0x60, &(struct bios_registers){ 0 });
    EXPECT(status == TIMED_OUT || status == FAULT || status == OK);      /* it comes through its own return frame some time */
    real_expect_works();
}

static void fpu_of_the_driver_is_its_own(void)
{
    static const uint8_t code[] = { 0xDB, 0xE3, 0xD9, 0xEE, 0xD9, 0xEB, 0xDE, 0xC9, REAL_RETURN };      /* fninit; fldz; fldpi; fmulp */

    if (!cpu_has(CPU_FPU)) {
        return;
    }
    real_open();
    EXPECT_OK(real_run(code, sizeof code, 0, &(struct bios_registers){ 0 }));
    real_expect_works();
}

const struct test real_mode_tests[] = {
    TEST(CLASS_DRIVER, registers_come_and_go_whole),
    TEST(CLASS_DRIVER, exceptions_find_their_handlers),
    TEST(CLASS_DRIVER, mistakes_find_their_handlers),
    TEST(CLASS_DRIVER, exceptions_without_help_end_the_call),
    TEST(CLASS_DRIVER, single_steps_are_the_codes_own),
    TEST(CLASS_DRIVER, code_that_never_ends_is_ended_by_its_budget),
    TEST(CLASS_DRIVER, halt_waits_for_a_tick_of_the_clock),
    TEST(CLASS_DRIVER, ways_into_the_kernel_are_closed),
    TEST(CLASS_DRIVER, flags_of_the_processor_are_not_the_codes_to_set),
    TEST(CLASS_DRIVER, jumps_to_nowhere_end_the_call),
    TEST(CLASS_DRIVER, ends_of_segments_are_ends_of_calls_at_worst),
    TEST(CLASS_DRIVER, long_addresses_do_not_reach_the_kernel),
    TEST(CLASS_DRIVER, prefixes_are_counted),
    TEST(CLASS_DRIVER, code_that_changes_itself_is_what_it_is_now),
    TEST(CLASS_DRIVER, interrupts_without_end_end),
    TEST(CLASS_DRIVER, fpu_of_the_driver_is_its_own),
};
const uint32_t real_mode_test_count = COUNT(real_mode_tests);
const struct role real_mode_roles[] = { };
const uint32_t real_mode_role_count = COUNT(real_mode_roles);
