/* The system calls of VM86 mode, with every wrong argument, and states that say anything. */
#include <ternion/string.h>
#include <ternion/system.h>

#include <abi/vm86.h>

#include "dice.h"
#include "files.h"
#include "peer.h"
#include "real_code.h"

#define KERNEL 0x80000000U
#define SEGMENT 0x2000U

status_t vm86_cross(uint32_t *return_to);

static struct vm86_state state __attribute__((aligned(128)));

static void states_lie_in_memory_of_ones_own(void)
{
    uint32_t page, read_only, device;

    EXPECT_OK(memory_allocate(1, 0, &page));
    EXPECT_OK(memory_allocate(1, MEMORY_READ_ONLY, &read_only));
    EXPECT_OK(physical_map(0xB8000, 1, 0, &device));
    EXPECT_STATUS(NOT_FOUND, vm86_enter());
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up(page + 1));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up(page + 2));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up(page + PAGE_SIZE - 4));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_set_up(page + PAGE_SIZE - sizeof(struct vm86_state) + 4));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(read_only));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(device));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(SYSTEM_PAGE));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(PROCESS_PAGE));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(KERNEL));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(0xFFFFF000));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(4));                  /* nothing is mapped there */
    EXPECT_STATUS(NOT_FOUND, vm86_enter());
    EXPECT_OK(vm86_set_up(page + PAGE_SIZE - sizeof(struct vm86_state)));
    EXPECT_OK(vm86_set_up(page));
    EXPECT_OK(vm86_set_up(page));
    EXPECT_OK(vm86_set_up(0));
    EXPECT_STATUS(NOT_FOUND, vm86_enter());
    EXPECT_OK(memory_free(page, 1));
    EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(page));
}

static void pages_are_put_below_a_megabyte_alone(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 1, 0));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 1, VM86_MAP_READ_ONLY));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 1, VM86_MAP_ZEROES | VM86_MAP_COPY));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 1, VM86_MAP_ZEROES | 16));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 0, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(1, 1, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 0xFFFFFFFF, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 0x111, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0, 0x101, VM86_MAP_COPY));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0x100000, 1, VM86_MAP_COPY));   /* that is the kernel */
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0x100000, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(VM86_MEMORY_END, 1, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(PROGRAM_BASE, 1, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(KERNEL, 1, VM86_MAP_ZEROES));
    EXPECT_STATUS(BAD_ARGUMENT, vm86_map(0xFFFFF000, 1, VM86_MAP_PHYSICAL));
    EXPECT_OK(vm86_map(0x10F000, 1, VM86_MAP_ZEROES));
    EXPECT_OK(memory_free(0x10F000, 1));
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_COPY));
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_ZEROES));                  /* in place of it */
    EXPECT_OK(memory_free(0, 1));
}

/* A page of physical memory that is not in the grant is a strike, and not there. */
static void vm86_poor_mapper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0, 1, VM86_MAP_PHYSICAL));
    EXPECT_STATUS(NOT_ALLOWED, vm86_map(0x9F000, 2, VM86_MAP_PHYSICAL));
    EXPECT_EQUAL(2, real_strikes());
    EXPECT_OK(vm86_map(0xA0000, 0x60, VM86_MAP_PHYSICAL));
    EXPECT_OK(vm86_map(0, 1, VM86_MAP_COPY));
    EXPECT_EQUAL(2, real_strikes());
}

static void memory_outside_the_grant_is_copied_but_not_mapped(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "vm86_poor_mapper", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

/* ---- States that say anything ---- */

static void vm86_place_code(void)
{
    const uint8_t code[] = { 0xF4 };     /* hlt */

    EXPECT_OK(vm86_map(SEGMENT * 16, 0x10, VM86_MAP_ZEROES));
    memcpy((void *)(SEGMENT * 16), code, sizeof code);
    EXPECT_OK(vm86_set_up((uint32_t)&state));
}

static void registers_with_anything_in_them_are_16_bit_ones(void)
{
    static const uint32_t flags[] = { 0xFFFFFFFF & ~0x100U, 0x00020000, 0x00003000, 0x00004000, 0x00040000, 0x00200000, 0x00180000, 0x8000, 0 };

    vm86_place_code();
    for (uint32_t i = 0; i < COUNT(flags); i++) {
        state = (struct vm86_state){
            .eax = 1, .ecx = 0xFFFFFFFF, .eip = 0xABCD0000, .cs = 0xFFFF0000 | SEGMENT, .eflags = flags[i], .esp = 0xFFFFFFFF, .ss = 0xFFFFFFFF,
            .ds = 0xFFFF0018, .es = 0x0023, .fs = 0x0010, .gs = 0xFFFFFFFB,
        };
        EXPECT_OK(vm86_cross(&state.return_eip));
        EXPECT_EQUAL(13, state.reason);
        EXPECT_EQUAL(0, state.eip & 0xFFFF);
        EXPECT_EQUAL(SEGMENT, state.cs & 0xFFFF);
        EXPECT_EQUAL(0xFFFFFFFF, state.ecx);
        EXPECT_EQUAL(0x18, state.ds & 0xFFFF);
        EXPECT_EQUAL(flags[i] & 0xCD5, state.eflags & 0xCD5);
    }
}

static void ticks_end_the_mode(void)
{
    vm86_place_code();
    memcpy((void *)(SEGMENT * 16), (const uint8_t[]){ 0xEB, 0xFE }, 2);
    for (uint32_t ticks = 1; ticks < 20; ticks += 6) {
        nanoseconds_t begin_ns = clock_now();

        state = (struct vm86_state){ .cs = SEGMENT, .ss = SEGMENT, .esp = 0x8000, .ticks = ticks };
        EXPECT_OK(vm86_cross(&state.return_eip));
        EXPECT_EQUAL(VM86_TICKS_OVER, state.reason);
        EXPECT_EQUAL(0, state.ticks);
        EXPECT(clock_now() - begin_ns >= (ticks - 1) * system_page()->tick_ns);
    }
}

/* The place outside is the thread's to say, and as good as any jump. Argument: where it goes on. */
static void vm86_bad_return(int argc, char **argv)
{
    static const uint32_t places[] = { 0x00000000, KERNEL, 0xFFFFFFFF, 0x00150000 };

    (void)argc;
    vm86_place_code();
    state = (struct vm86_state){ .cs = SEGMENT, .ss = SEGMENT, .return_eip = places[test_number(argv[1])], .return_esp = KERNEL };
    (void)vm86_enter();
    EXPECT_NOT("it came back");
}

static void who_goes_on_at_a_bad_place_falls_there(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_bad_return", &id, test_digits(i).text, NULL));
        EXPECT_EQUAL(EXIT_FAULT, test_wait_exit(id) & ~EXIT_OWN_MASK);
    }
}

/* The kernel keeps the frame, whoever has the address now; its last thread's end gives it back, as the ledger says. */
static void state_outlives_its_page(void)
{
    uint32_t page, other;

    EXPECT_OK(memory_allocate(1, 0, &page));
    EXPECT_OK(vm86_set_up(page));
    EXPECT_OK(memory_free(page, 1));
    EXPECT_OK(memory_allocate(8, 0, &other));
    memset((void *)other, 0xEE, 8 * PAGE_SIZE);
    EXPECT_OK(vm86_set_up(other));
    EXPECT_OK(memory_free(other, 8));
}

const struct test vm86_calls_tests[] = {
    TEST(CLASS_DRIVER, states_lie_in_memory_of_ones_own),
    TEST(CLASS_DRIVER, pages_are_put_below_a_megabyte_alone),
    TEST(CLASS_DRIVER, memory_outside_the_grant_is_copied_but_not_mapped),
    TEST(CLASS_DRIVER, registers_with_anything_in_them_are_16_bit_ones),
    TEST(CLASS_DRIVER, ticks_end_the_mode),
    TEST(CLASS_DRIVER, state_outlives_its_page),
    TEST(CLASS_DRIVER, who_goes_on_at_a_bad_place_falls_there),
};
const uint32_t vm86_calls_test_count = COUNT(vm86_calls_tests);
const struct role vm86_calls_roles[] = { ROLE(vm86_poor_mapper), ROLE(vm86_bad_return) };
const uint32_t vm86_calls_role_count = COUNT(vm86_calls_roles);
