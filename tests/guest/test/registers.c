/*
 * The registers of a new process, of a new thread and behind a system call: they tell nothing of the kernel or of others.
 */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "processor_state.h"
#include "tiny_image.h"

#define SWITCHES 1000U

/* Ends with 0 if all general registers are 0, +1 if not; +2 if FS or GS is not null. */
static const uint8_t register_teller[] = {
    0x09, 0xD8, 0x09, 0xC8, 0x09, 0xD0, 0x09, 0xF0, 0x09, 0xF8, 0x09, 0xE8, /* or eax, ebx, ecx, edx, esi, edi, ebp */
    0x31, 0xDB, 0x85, 0xC0, 0x0F, 0x95, 0xC3,                               /* setnz bl */
    0x8C, 0xE1, 0x8C, 0xEA, 0x09, 0xD1, 0x0F, 0x95, 0xC0,                   /* fs or gs: setnz al */
    0xD0, 0xE0, 0x08, 0xC3,                                                 /* bl |= al * 2 */
    0xB8, SYSCALL_PROCESS_EXIT, 0, 0, 0, 0xCD, 0x80,
};

static void new_process_finds_nothing_in_its_registers(void)
{
    struct tiny_image image = tiny_image();
    process_id_t id;

    memcpy((uint8_t *)&image + (image.header.entry - image.segments[0].virtual_address), register_teller, sizeof register_teller);
    for (uint32_t i = 0; i < 20; i++) {
        segments_load(0x23, 0x1B);
        EXPECT_OK(tiny_spawn(&image, sizeof image, &id, NULL));
        EXPECT_EQUAL(0, test_wait_exit(id));
    }
}

static void new_thread_finds_nothing_but_its_argument_in_its_registers(void)
{
    uint32_t stack[64];
    uint32_t *top = &stack[COUNT(stack)];
    thread_id_t thread;

    memset(stack, 0xFF, sizeof stack);
    EXPECT_OK(thread_create((uint32_t)thread_probe, (uint32_t)top, 0x12345678, &thread));
    while (thread_wake(thread) != BAD_ID) {
        (void)thread_yield();
    }
    /* As PUSHAD leaves them: EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI. */
    static const uint32_t zero[] = { 2, 3, 4, 6, 7, 8 };
    EXPECT_EQUAL(0x12345678, top[-1]);
    EXPECT_EQUAL((uint32_t)top, top[-5]);
    for (uint32_t i = 0; i < COUNT(zero); i++) {
        EXPECT_EQUAL(0, top[-(int)zero[i]]);
    }
}

static void expect_registers(uint32_t number, void (*call)(uint32_t, uint32_t *), bool keeps_all)
{
    static const uint32_t before[CALL_REGISTERS] = { 0x101, 0x202, 0x303, 0x404, 0x505, 0x606 };
    uint32_t registers[CALL_REGISTERS];

    memcpy(registers, before, sizeof registers);
    call(number, registers);
    for (uint32_t i = 0; i < CALL_REGISTERS; i++) {
        if (keeps_all || (i != 1 && i != 2)) {
            EXPECT_EQUAL(before[i], registers[i]);
        }
        EXPECT(registers[i] < USER_END); /* no address of the kernel's */
    }
}

static void system_call_leaves_nothing_of_the_kernel_in_registers(void)
{
    static const uint32_t calls[] = { SYSCALL_SYSTEM_NULL, SYSCALL_THREAD_YIELD, SYSCALL_SYSTEM_STATISTICS, SYSCALL_EVENT_POLL,
                                      SYSCALL_MEMORY_FREE, 7, SYSCALL_COUNT, 0x7FFFFFFF, 0xFFFFFFFF };

    for (uint32_t i = 0; i < COUNT(calls); i++) {
        expect_registers(calls[i], registers_call_int, true);
        expect_registers(calls[i], registers_call_page, false);
    }
}

static void registers_segment_setter(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (;;) {
        segments_load(0x1B, 0x20);
        (void)thread_yield();
    }
}

static void segment_registers_of_a_process_do_not_reach_another(void)
{
    process_id_t setter;

    EXPECT_OK(test_spawn(process_page()->class, "registers_segment_setter", &setter, NULL));
    for (uint32_t i = 0; i < SWITCHES; i++) {
        segments_load(0x23, 0x23);
        (void)thread_yield();
        uint32_t segments = segments_read();
        EXPECT((segments & 0xFFFF) == 0x23 || (segments & 0xFFFC) == 0);
        EXPECT(segments >> 16 == 0x23 || (segments >> 16 & 0xFFFC) == 0);
    }
    EXPECT_OK(process_terminate(setter, 0));
    (void)test_wait_exit(setter);
}

const struct test registers_tests[] = {
    TEST(CLASS_SERVER, new_process_finds_nothing_in_its_registers),
    TEST(CLASS_APPLICATION, new_thread_finds_nothing_but_its_argument_in_its_registers),
    TEST(CLASS_APPLICATION, system_call_leaves_nothing_of_the_kernel_in_registers),
    TEST(CLASS_SERVER, segment_registers_of_a_process_do_not_reach_another),
};
const uint32_t registers_test_count = COUNT(registers_tests);

const struct role registers_roles[] = {
    ROLE(registers_segment_setter),
};
const uint32_t registers_role_count = COUNT(registers_roles);
