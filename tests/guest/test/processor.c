/*
 * The processor's state in a process's hands: instructions that it may not execute end
 * it alone; flags, selectors and stack pointers of any value harm nobody.
 */
#include <abi/syscall_numbers.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "processor_state.h"

/* Vectors of the processor's exceptions: SDM volume 3, table 6-1. */
#define DIVIDE 0U
#define DEBUG 1U
#define BREAKPOINT 3U
#define OVERFLOW 4U
#define BOUND 5U
#define INVALID 6U
#define TASK_STATE 10U
#define NOT_PRESENT 11U
#define PROTECTION 13U
#define PAGE 14U

#define SURVIVES 0xFFU           /* instead of a vector */

/* ---- Instructions ---- */

struct instruction {
    const char *name;
    uint8_t code[16];            /* behind it stand RETs */
    uint8_t vectors[2];          /* either of them: not all processors agree */
};

#define ONE(vector) { vector, vector }
static const struct instruction instructions[] = {
    { "hlt", { 0xF4 }, ONE(PROTECTION) },
    { "cli", { 0xFA }, ONE(PROTECTION) },
    { "sti", { 0xFB }, ONE(PROTECTION) },
    { "lgdt", { 0x0F, 0x01, 0x14, 0x24 }, ONE(PROTECTION) },
    { "lidt", { 0x0F, 0x01, 0x1C, 0x24 }, ONE(PROTECTION) },
    { "lldt", { 0x31, 0xC0, 0x0F, 0x00, 0xD0 }, ONE(PROTECTION) },
    { "ltr", { 0x0F, 0x00, 0xD8 }, ONE(PROTECTION) },
    { "lmsw", { 0x0F, 0x01, 0xF0 }, ONE(PROTECTION) },
    { "clts", { 0x0F, 0x06 }, ONE(PROTECTION) },
    { "mov eax, cr0", { 0x0F, 0x20, 0xC0 }, ONE(PROTECTION) },
    { "mov cr0, eax", { 0x0F, 0x22, 0xC0 }, ONE(PROTECTION) },
    { "mov eax, cr2", { 0x0F, 0x20, 0xD0 }, ONE(PROTECTION) },
    { "mov eax, cr3", { 0x0F, 0x20, 0xD8 }, ONE(PROTECTION) },
    { "mov cr3, eax", { 0x0F, 0x22, 0xD8 }, ONE(PROTECTION) },
    { "mov cr4, eax", { 0x0F, 0x22, 0xE0 }, { PROTECTION, INVALID } },
    { "mov eax, dr7", { 0x0F, 0x21, 0xF8 }, ONE(PROTECTION) },
    { "mov dr7, eax", { 0x0F, 0x23, 0xF8 }, ONE(PROTECTION) },
    { "mov eax, tr6", { 0x0F, 0x24, 0xF0 }, { PROTECTION, INVALID } },
    { "invd", { 0x0F, 0x08 }, ONE(PROTECTION) },
    { "wbinvd", { 0x0F, 0x09 }, ONE(PROTECTION) },
    { "invlpg", { 0x0F, 0x01, 0x3C, 0x24 }, ONE(PROTECTION) },
    { "rdmsr", { 0x0F, 0x32 }, { PROTECTION, INVALID } },
    { "wrmsr", { 0x0F, 0x30 }, { PROTECTION, INVALID } },
    { "rdpmc", { 0x0F, 0x33 }, { PROTECTION, INVALID } },
    { "rsm", { 0x0F, 0xAA }, ONE(INVALID) },
    { "sysexit", { 0x0F, 0x35 }, { PROTECTION, INVALID } },
    { "sysret", { 0x0F, 0x07 }, { PROTECTION, INVALID } },
    { "ud2", { 0x0F, 0x0B }, ONE(INVALID) },
    { "the F00F bytes", { 0xF0, 0x0F, 0xC7, 0xC8 }, ONE(INVALID) },
    { "lock nop", { 0xF0, 0x90 }, ONE(INVALID) },
    { "lock add eax, eax", { 0xF0, 0x01, 0xC0 }, ONE(INVALID) },
    { "an instruction of 16 bytes", { 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90 },
      { PROTECTION, INVALID } },
    { "division by zero", { 0x31, 0xC9, 0xF7, 0xF1 }, ONE(DIVIDE) },
    { "division that overflows", { 0xB8, 0, 0, 0, 0x80, 0x99, 0x83, 0xC9, 0xFF, 0xF7, 0xF9 }, ONE(DIVIDE) },
    { "aam 0", { 0xD4, 0x00 }, ONE(DIVIDE) },
    { "int3", { 0xCC }, ONE(BREAKPOINT) },
    { "icebp", { 0xF1 }, { DEBUG, INVALID } },
    { "into with overflow", { 0xB8, 0xFF, 0xFF, 0xFF, 0x7F, 0x83, 0xC0, 0x01, 0xCE }, ONE(OVERFLOW) },
    { "into without", { 0x31, 0xC0, 0xCE, 0xC3 }, ONE(SURVIVES) },
    { "bound", { 0x6A, 0x00, 0x6A, 0x00, 0xB8, 0x05, 0, 0, 0, 0x62, 0x04, 0x24 }, ONE(BOUND) },
    { "jmp to ring 0", { 0xEA, 0, 0, 0x20, 0, 0x08, 0 }, ONE(PROTECTION) },
    { "jmp to ring 0 with RPL 3", { 0xEA, 0, 0, 0x20, 0, 0x0B, 0 }, ONE(PROTECTION) },
    { "jmp to data", { 0xEA, 0, 0, 0x20, 0, 0x23, 0 }, ONE(PROTECTION) },
    { "jmp to null", { 0xEA, 0, 0, 0x20, 0, 0x00, 0 }, ONE(PROTECTION) },
    { "jmp to the task", { 0xEA, 0, 0, 0x20, 0, 0x28, 0 }, ONE(PROTECTION) },
    { "jmp to the double fault's task", { 0xEA, 0, 0, 0x20, 0, 0x33, 0 }, ONE(PROTECTION) },
    { "jmp into the LDT", { 0xEA, 0, 0, 0x20, 0, 0x0F, 0 }, ONE(PROTECTION) },
    { "jmp behind the GDT", { 0xEA, 0, 0, 0x20, 0, 0xFB, 0xFF }, ONE(PROTECTION) },
    { "call to ring 0", { 0x9A, 0, 0, 0x20, 0, 0x08, 0 }, ONE(PROTECTION) },
    { "retf to ring 0", { 0x6A, 0x08, 0x68, 0, 0, 0x20, 0, 0xCB }, ONE(PROTECTION) },
    { "iret to ring 0", { 0x9C, 0x6A, 0x08, 0x68, 0, 0, 0x20, 0, 0xCF }, ONE(PROTECTION) },
    { "iret with NT", { 0x9C, 0x80, 0x4C, 0x24, 0x01, 0x40, 0x9D, 0xCF }, ONE(TASK_STATE) },
    { "single step", { 0x9C, 0x80, 0x4C, 0x24, 0x01, 0x01, 0x9D, 0x90 }, ONE(DEBUG) },
    { "single step into int 80h", { 0x31, 0xC0, 0x9C, 0x80, 0x4C, 0x24, 0x01, 0x01, 0x9D, 0xCD, 0x80, 0x90, 0x90 }, ONE(DEBUG) },
};

/* There is no execute-disable on these machines: what can be read can be executed. */
static void run_code(const uint8_t *code, uint32_t size)
{
    static uint8_t memory[64];

    memset(memory, 0xC3, sizeof memory);
    memcpy(memory, code, size);
    ((void (*)(void))(uintptr_t)memory)();
}

static void processor_instruction(int argc, char **argv)
{
    const struct instruction *instruction = &instructions[test_number(argv[1])];
    (void)argc;

    run_code(instruction->code, sizeof instruction->code);
}

static uint32_t expected_exit(uint8_t vector)
{
    return vector == SURVIVES ? 0 : EXIT_FAULT | vector;
}

/* Runs a role with a number, which must end in one of two ways. */
static void expect_exit(process_class_t class, const char *role, uint32_t number, const char *name, const uint8_t vectors[2])
{
    process_id_t id;

    EXPECT_OK(test_spawn(class, role, &id, test_digits(number).text, NULL));
    uint32_t code = test_wait_exit(id);
    if (code != expected_exit(vectors[0]) && code != expected_exit(vectors[1])) {
        EXPECT_NOT("%s (number %u) as %s: exit code 0x%x, not 0x%x", name, number, class_name(class), code, expected_exit(vectors[0]));
    }
}

static void instruction_that_is_not_allowed_ends_only_who_executes_it(void)
{
    for (uint32_t i = 0; i < COUNT(instructions); i++) {
        for (process_class_t class = CLASS_DRIVER; class < CLASS_COUNT; class++) {
            expect_exit(class, "processor_instruction", i, instructions[i].name, instructions[i].vectors);
        }
    }
}

static void processor_interrupt(int argc, char **argv)
{
    uint8_t code[] = { 0x31, 0xC0, 0xCD, (uint8_t)test_number(argv[1]), 0xC3 };
    (void)argc;

    run_code(code, sizeof code);
}

static void int_n_is_open_only_for_system_calls_breakpoint_and_overflow(void)
{
    static const uint8_t closed[] = { PROTECTION, NOT_PRESENT };
    static const uint8_t breakpoint[] = ONE(BREAKPOINT);
    static const uint8_t overflow[] = ONE(OVERFLOW);
    static const uint8_t open[] = ONE(SURVIVES);

    for (uint32_t number = 0; number < 256; number++) {
        expect_exit(CLASS_APPLICATION, "processor_interrupt", number, "int",
                    number == 0x80 ? open : number == 3 ? breakpoint : number == 4 ? overflow : closed);
    }
}

/* ---- Selectors ---- */

/* mov ax, SELECTOR; mov SREG, ax: the last byte chooses the register. */
static const struct {
    const char *name;
    uint8_t modrm;
} segment_registers[] = { { "es", 0xC0 }, { "ss", 0xD0 }, { "ds", 0xD8 }, { "fs", 0xE0 }, { "gs", 0xE8 } };

static void load_selector(uint8_t modrm, uint16_t selector)
{
    uint8_t code[] = { 0x66, 0xB8, (uint8_t)selector, (uint8_t)(selector >> 8), 0x8E, modrm, 0xC3 };

    run_code(code, sizeof code);
}

static void processor_selector(int argc, char **argv)
{
    uint32_t number = test_number(argv[1]);
    (void)argc;

    load_selector((uint8_t)(number >> 16), (uint16_t)number);
}

static void selector_of_the_kernel_cannot_be_loaded(void)
{
    static const uint16_t selectors[] = { 0x08, 0x0B, 0x10, 0x13, 0x28, 0x2B, 0x33, 0x3B, 0x43, 0x07, 0x1F, 0xFFFB, 0xFFFF };
    static const uint8_t refused[] = ONE(PROTECTION);

    for (uint32_t i = 0; i < COUNT(segment_registers); i++) {
        for (uint32_t j = 0; j < COUNT(selectors); j++) {
            expect_exit(CLASS_APPLICATION, "processor_selector", (uint32_t)segment_registers[i].modrm << 16 | selectors[j],
                        segment_registers[i].name, refused);
        }
    }
}

static void stack_segment_takes_nothing_but_the_stack(void)
{
    static const uint16_t selectors[] = { 0x00, 0x03, 0x1B, 0x20 };
    static const uint8_t refused[] = ONE(PROTECTION);

    for (uint32_t j = 0; j < COUNT(selectors); j++) {
        expect_exit(CLASS_APPLICATION, "processor_selector", 0xD0U << 16 | selectors[j], "ss", refused);
    }
}

/* Loads what it may, and goes on in the kernel's sight: calls, ticks, switches. */
static void odd_selectors_disturb_neither_kernel_nor_process(void)
{
    static const uint16_t selectors[] = { 0x00, 0x01, 0x02, 0x03, 0x1B, 0x20, 0x23 };
    struct system_statistics statistics;

    for (uint32_t i = 0; i < COUNT(segment_registers); i++) {
        for (uint32_t j = 0; j < COUNT(selectors); j++) {
            if (segment_registers[i].modrm == 0xD0 || (segment_registers[i].modrm != 0xE0 && segment_registers[i].modrm != 0xE8
                && (selectors[j] < 8 || selectors[j] == 0x1B))) {
                continue;        /* code needs DS and ES */
            }
            load_selector(segment_registers[i].modrm, selectors[j]);
            EXPECT_OK(system_statistics(&statistics));
            (void)thread_yield();
            clock_sleep(1);
        }
    }
}

/* mov ds and es, null; system call by int 80h: the kernel's own are in order, and the process gets flat ones back. */
static void null_data_segments_disturb_no_system_call(void)
{
    static const uint8_t code[] = { 0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0xCD, 0x80, 0xC3 };

    for (uint32_t i = 0; i < 100; i++) {
        run_code(code, sizeof code);
        (void)thread_yield();
    }
}

/* ---- Flags ---- */

static void privileged_flags_cannot_be_changed(void)
{
    static const uint32_t fixed = FLAG_IO_PRIVILEGE | FLAG_INTERRUPT | FLAG_VM86;
    static const uint32_t tried[] = {
        0, FLAG_IO_PRIVILEGE, FLAG_IO_PRIVILEGE | FLAG_INTERRUPT, FLAG_VM86, FLAG_VM86 | FLAG_IO_PRIVILEGE, FLAG_RESUME,
        FLAG_VIRTUAL_INTERRUPT, 0xFFFFFFFF & ~FLAG_TRAP & ~FLAG_NESTED_TASK, 0xFFFFFFFF & ~FLAG_TRAP,
    };

    for (uint32_t i = 0; i < COUNT(tried); i++) {
        EXPECT_EQUAL(FLAG_INTERRUPT, flags_load(tried[i]) & fixed);
        /* QEMU 7.2 lets IRET into VM86 mode from ring 3, which no processor does. */
        EXPECT_EQUAL(FLAG_INTERRUPT, flags_load_iret(tried[i] & ~FLAG_VM86) & fixed);
    }
}

typedef uint32_t flags_call_t(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);

/* The kernel copies strings and clears structures: both go the wrong way with the direction flag set. */
static void expect_calls_work_with(flags_call_t *call, uint32_t flags)
{
    struct process_information information;
    struct system_statistics statistics;
    uint32_t behind;

    memset(&statistics, 0, sizeof statistics);
    EXPECT_OK(call(flags, SYSCALL_SYSTEM_STATISTICS, &statistics, &behind));
    EXPECT(statistics.processes > 4 && statistics.threads >= statistics.processes);
    EXPECT_EQUAL(FLAG_INTERRUPT, behind & (FLAG_INTERRUPT | FLAG_IO_PRIVILEGE | FLAG_VM86));
    EXPECT_OK(call(flags, SYSCALL_THREAD_YIELD, NULL, &behind));
    EXPECT_OK(process_information(SELF, &information));
    EXPECT_EQUAL(process_page()->id, information.id);
}

static const uint32_t odd_flags[] = {
    FLAG_DIRECTION, FLAG_ALIGNMENT, FLAG_NESTED_TASK, FLAG_ID, FLAG_RESUME, 0xCD5,
    FLAG_DIRECTION | FLAG_ALIGNMENT | FLAG_NESTED_TASK | FLAG_ID | 0x8D5,
};

static void system_calls_work_with_odd_flags(void)
{
    for (uint32_t i = 0; i < COUNT(odd_flags); i++) {
        expect_calls_work_with(flags_call_int, odd_flags[i]);
        expect_calls_work_with(flags_call_page, odd_flags[i]);
    }
}

/* The trap flag strikes at the kernel's first instruction. */
static void trap_flag_does_not_stop_the_kernel_at_sysenter(void)
{
    if (!cpu_has(CPU_SYSENTER)) {
        return;
    }
    for (uint32_t i = 0; i < COUNT(odd_flags); i++) {
        expect_calls_work_with(flags_sysenter, odd_flags[i]);
        expect_calls_work_with(flags_sysenter, odd_flags[i] | FLAG_TRAP);
    }
}

/* NT and the trap flag at once leave words of the kernel's where IRET looks for a task to go back to. */
static void processor_nested_after_sysenter(int argc, char **argv)
{
    static const uint8_t iret_with_nested_task[] = { 0x9C, 0x80, 0x4C, 0x24, 0x01, 0x40, 0x9D, 0xCF };
    uint32_t behind;
    (void)argc;

    if (cpu_has(CPU_SYSENTER)) {
        (void)flags_sysenter(test_number(argv[1]), SYSCALL_SYSTEM_NULL, NULL, &behind);
    }
    run_code(iret_with_nested_task, sizeof iret_with_nested_task);
}

static void nested_task_flag_leads_nowhere(void)
{
    static const uint8_t refused[] = { TASK_STATE, PROTECTION };

    for (uint32_t flags = 0; flags < 0x100; flags += 0x10) {
        expect_exit(CLASS_APPLICATION, "processor_nested_after_sysenter", FLAG_TRAP | FLAG_NESTED_TASK | FLAGS_USUAL | flags,
                    "iret with NT", refused);
    }
}

#define SWITCHES 1000U

/* Sets odd flags in every system call that it makes, and lets the others run in it. */
static void processor_flag_setter(int argc, char **argv)
{
    uint32_t behind;
    (void)argc;
    (void)argv;

    for (;;) {
        for (uint32_t i = 0; i < COUNT(odd_flags); i++) {
            (void)flags_call_page(odd_flags[i], SYSCALL_THREAD_YIELD, NULL, &behind);
            (void)flags_call_int(odd_flags[i], SYSCALL_THREAD_YIELD, NULL, &behind);
        }
    }
}

static void flags_of_a_process_do_not_reach_another(void)
{
    uint32_t behind;
    process_id_t setter;

    EXPECT_OK(test_spawn(process_page()->class, "processor_flag_setter", &setter, NULL));
    for (uint32_t i = 0; i < SWITCHES; i++) {
        EXPECT_OK(flags_call_page(FLAGS_USUAL, SYSCALL_THREAD_YIELD, NULL, &behind));
        EXPECT_EQUAL(0, behind & (FLAG_DIRECTION | FLAG_ALIGNMENT | FLAG_NESTED_TASK | FLAG_ID | FLAG_TRAP));
        EXPECT_OK(flags_call_int(FLAGS_USUAL, SYSCALL_THREAD_YIELD, NULL, &behind));
        EXPECT_EQUAL(0, behind & (FLAG_DIRECTION | FLAG_ALIGNMENT | FLAG_NESTED_TASK | FLAG_ID | FLAG_TRAP));
    }
    EXPECT_OK(process_terminate(setter, 0));
    (void)test_wait_exit(setter);
}

/* ---- Stack pointers ---- */

static const uint32_t bad_stacks[] = {
    0, 1, 3, 4, PAGE_SIZE, STACK_TOP + 1, PROCESS_PAGE, USER_END - 2, USER_END, USER_END + 0x100000, 0xFFFFFFFC, 0xFFFFFFFF,
};

static void calls_and_interrupts_do_not_need_the_stack_of_the_process(void)
{
    for (uint32_t i = 0; i < COUNT(bad_stacks); i++) {
        EXPECT_OK(stack_call_int(bad_stacks[i]));
    }
}

static void processor_pusher(int argc, char **argv)
{
    (void)argc;
    stack_push(bad_stacks[test_number(argv[1])]);
}

static void processor_sysenter(int argc, char **argv)
{
    (void)argc;
    sysenter_on_stack(bad_stacks[test_number(argv[1])]);
}

static void bad_stack_pointer_ends_only_the_process(void)
{
    static const uint8_t faults[] = ONE(PAGE);

    for (uint32_t i = 0; i < COUNT(bad_stacks); i++) {
        expect_exit(CLASS_APPLICATION, "processor_pusher", i, "push on a bad stack", faults);
        if (cpu_has(CPU_SYSENTER) && bad_stacks[i] != PROCESS_PAGE && bad_stacks[i] != STACK_TOP + 1) { /* those can be read */
            expect_exit(CLASS_APPLICATION, "processor_sysenter", i, "sysenter on a bad stack", faults);
        }
    }
}

const struct test processor_tests[] = {
    TEST(CLASS_DRIVER, instruction_that_is_not_allowed_ends_only_who_executes_it),
    TEST(CLASS_SERVER, int_n_is_open_only_for_system_calls_breakpoint_and_overflow),
    TEST(CLASS_SERVER, selector_of_the_kernel_cannot_be_loaded),
    TEST(CLASS_SERVER, stack_segment_takes_nothing_but_the_stack),
    TEST(CLASS_APPLICATION, odd_selectors_disturb_neither_kernel_nor_process),
    TEST(CLASS_APPLICATION, null_data_segments_disturb_no_system_call),
    TEST(CLASS_APPLICATION, privileged_flags_cannot_be_changed),
    TEST(CLASS_APPLICATION, system_calls_work_with_odd_flags),
    TEST(CLASS_APPLICATION, trap_flag_does_not_stop_the_kernel_at_sysenter),
    TEST(CLASS_SERVER, nested_task_flag_leads_nowhere),
    TEST(CLASS_SERVER, flags_of_a_process_do_not_reach_another),
    TEST(CLASS_APPLICATION, calls_and_interrupts_do_not_need_the_stack_of_the_process),
    TEST(CLASS_SERVER, bad_stack_pointer_ends_only_the_process),
};
const uint32_t processor_test_count = COUNT(processor_tests);

const struct role processor_roles[] = {
    ROLE(processor_instruction),
    ROLE(processor_interrupt),
    ROLE(processor_selector),
    ROLE(processor_nested_after_sysenter),
    ROLE(processor_flag_setter),
    ROLE(processor_pusher),
    ROLE(processor_sysenter),
};
const uint32_t processor_role_count = COUNT(processor_roles);
