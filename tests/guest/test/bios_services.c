/* BIOS calls: what the machine's own BIOS answers, by the library of drivers. All machines have SeaBIOS or Bochs' BIOS, and a VBE BIOS. */
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/vm86.h>

#include "files.h"
#include "real_code.h"

#define VBE_BLOCK 512U
#define VBE_OK 0x004FU

static void vbe_tells_what_card_there_is(void)
{
    struct bios_registers registers = { .eax = 0x4F00, .ebx = 0x12345678, .ds = 0x1234 };
    char text[16] = { 0 };

    real_open();
    uint8_t *block = bios_memory(VBE_BLOCK, &registers.es, &registers.edi);
    EXPECT(block != NULL);
    memcpy(block, "VBE2", 4);
    EXPECT_OK(bios_int(0x10, &registers));
    EXPECT_EQUAL(VBE_OK, registers.ax);
    EXPECT(memcmp(block, "VESA", 4) == 0);
    EXPECT(block[5] >= 2);
    EXPECT_OK(bios_read(*(uint16_t *)(block + 8), *(uint16_t *)(block + 6), text, sizeof text - 1));     /* the maker's name, in ROM */
    EXPECT(text[0] >= ' ' && text[0] <= '~');
    EXPECT_EQUAL(0x5678, registers.bx);
    EXPECT_EQUAL(0x1234, registers.ds);
    EXPECT_EQUAL(0, real_strikes());
}

static void equipment_memory_and_clock_are_told(void)
{
    struct bios_registers registers = { 0 };

    real_open();
    EXPECT_OK(bios_int(0x11, &registers));
    EXPECT(registers.ax != 0);
    registers = (struct bios_registers){ 0 };
    EXPECT_OK(bios_int(0x12, &registers));
    EXPECT(registers.ax >= 512 && registers.ax <= 640);
    registers = (struct bios_registers){ .eax = 0x8800 };
    EXPECT_OK(bios_int(0x15, &registers));
    EXPECT((registers.flags & BIOS_CARRY) == 0 && registers.ax > 0);
    registers = (struct bios_registers){ .eax = 0x0000 };
    EXPECT_OK(bios_int(0x1A, &registers));
    EXPECT(registers.cx <= 24);
}

/* int 15h E820h: the first range is memory from 0 on. */
static void map_of_memory_is_told(void)
{
    struct bios_registers registers = { .eax = 0xE820, .ecx = 20, .edx = 0x534D4150 };

    real_open();
    uint32_t *range = bios_memory(20, &registers.es, &registers.edi);
    EXPECT_OK(bios_int(0x15, &registers));
    EXPECT((registers.flags & BIOS_CARRY) == 0);
    EXPECT_EQUAL(0x534D4150, registers.eax);
    EXPECT(registers.ebx != 0);
    EXPECT(range[0] == 0 && range[1] == 0 && range[2] >= 0x80000 && range[3] == 0 && range[4] == 1);
}

static void expect_refused(uint32_t vector, uint32_t eax)
{
    struct bios_registers registers = { .eax = eax, .ebx = 1, .ecx = 1, .edx = 0x80, .es = 0x1000 };
    const uint8_t nested[] = { 0xF8, 0xCD, (uint8_t)vector, REAL_RETURN };       /* clc */

    EXPECT_OK(bios_int(vector, &registers));
    EXPECT_EQUAL((eax & ~0xFF00U) | 0x8600, registers.eax);
    EXPECT_EQUAL(BIOS_CARRY, registers.flags & BIOS_CARRY);
    EXPECT_EQUAL(0x80, registers.edx);
    EXPECT_EQUAL(0, bios_last_cost().traps);
    registers = (struct bios_registers){ .eax = eax };
    EXPECT_OK(real_run(nested, sizeof nested, 0, &registers));
    EXPECT_EQUAL((eax & ~0xFF00U) | 0x8600, registers.eax);
    EXPECT_EQUAL(BIOS_CARRY, registers.flags & BIOS_CARRY);
    EXPECT_EQUAL(1, bios_last_cost().interrupts);
}

static void disks_and_what_moves_memory_are_refused(void)
{
    real_open();
    expect_refused(0x13, 0x0201);
    expect_refused(0x13, 0x4200);
    expect_refused(0x15, 0x2401);
    expect_refused(0x15, 0x8700);
    expect_refused(0x15, 0xABCD8755);
}

static void memory_of_the_first_megabyte_is_given_and_taken_back(void)
{
    uint16_t segment;
    uint32_t offset;

    real_open();
    uint8_t *first = bios_memory(100, &segment, &offset);
    EXPECT(first != NULL);
    EXPECT_EQUAL((uint32_t)first, segment * 16U + offset);
    memset(first, 0xAA, 100);
    uint8_t *second = bios_memory(0x10000, &segment, &offset);
    EXPECT(second >= first + 100 && (uint32_t)second + 0x10000 <= BIOS_MEMORY_END);
    EXPECT(bios_memory(0x10000, &segment, &offset) == NULL);
    EXPECT(bios_memory(0, &segment, &offset) == NULL);
    EXPECT(bios_memory(0xFFFFFFFF, &segment, &offset) == NULL);
    bios_memory_clear();
    EXPECT(bios_memory(100, &segment, &offset) == first);
    for (uint32_t i = 0; i < 100; i++) {
        EXPECT_EQUAL(0, first[i]);
    }
}

static void far_pointers_lead_nowhere_but_where_memory_is(void)
{
    uint8_t bytes[64];

    EXPECT_STATUS(BAD_ADDRESS, bios_read(0x1000, 0, bytes, 1));      /* before bios_open */
    EXPECT_STATUS(NOT_ALLOWED, bios_int(0x12, &(struct bios_registers){ 0 }));
    real_open();
    EXPECT_STATUS(EXISTS, bios_open(&(struct bios_options){ 0 }));
    EXPECT_STATUS(BAD_ARGUMENT, bios_int(0x100, &(struct bios_registers){ 0 }));
    EXPECT_OK(bios_read(0, 0, bytes, sizeof bytes));
    EXPECT_OK(bios_read(0xF000, 0xFFC0, bytes, 64));
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0xF000, 0xFFC1, bytes, 64));
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0xFFFF, 0x0010, bytes, 1));
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0xFFFF, 0xFFFF, bytes, 64));
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0x5000, 0, bytes, 1));
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0, 0x0FFF, bytes, 2));
    EXPECT_STATUS(BAD_ADDRESS, bios_write(0x5000, 0, bytes, 1));
    EXPECT_STATUS(BAD_ADDRESS, bios_write(0x3FFF, 0x000F, bytes, 2));
    bios_close();
    EXPECT_STATUS(BAD_ADDRESS, bios_read(0, 0, bytes, 1));
    real_open();
    real_expect_works();
}

/* What is written to ROM is a copy's: of the process alone, and gone with bios_close. */
static void rom_that_is_written_to_is_a_copy(void)
{
    uint8_t before, after;
    const uint8_t code[] = { 0xB8, 0x00, 0xF0, 0x8E, 0xD8, 0xF6, 0x16, 0x00, 0x40, REAL_RETURN };    /* mov ax, f000; mov ds, ax; not [4000] */

    real_open();
    EXPECT_OK(bios_read(0xF000, 0x4000, &before, 1));
    EXPECT_OK(real_run(code, sizeof code, 0, &(struct bios_registers){ 0 }));
    EXPECT_OK(bios_read(0xF000, 0x4000, &after, 1));
    EXPECT_EQUAL((uint8_t)~before, after);
    EXPECT_OK(bios_write(0xF000, 0x6000, &after, 1));
    bios_close();
    real_open();
    EXPECT_OK(bios_read(0xF000, 0x4000, &after, 1));
    EXPECT_EQUAL(before, after);
}

/* Text modes alone: who looks at the screen of the tests sees none of it. */
static void mode_sets_work_again_and_again(void)
{
    real_open();
    for (uint32_t i = 0; i < 3; i++) {
        struct bios_registers registers = { .eax = 0x0003 };

        EXPECT_OK(bios_int(0x10, &registers));
        registers.eax = 0x0F00;
        EXPECT_OK(bios_int(0x10, &registers));
        EXPECT_EQUAL(3, registers.al & 0x7F);
    }
    EXPECT_EQUAL(0, bios_all_cost().refused);
    EXPECT_EQUAL(0, real_strikes());
}

static void driver_without_the_right_or_the_memory_has_no_bios(void)
{
    static const struct access some[] = {
        { .partners = PARTNERS_ALL, .memory = { BIOS_MANIFEST_MEMORY } },
        { .partners = PARTNERS_ALL, .rights = RIGHT_VM86 },
        { .partners = PARTNERS_ALL, .rights = RIGHT_VM86, .memory = { { 0xA0000, 0xBEFFF } } },
    };
    process_id_t id;

    for (uint32_t i = 0; i < COUNT(some); i++) {
        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &some[i], "bios_opener", &id, NULL));
        EXPECT_EQUAL(NOT_ALLOWED, test_wait_exit(id));
    }
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "bios_opener", &id, NULL));
    EXPECT_EQUAL(OK, test_wait_exit(id));
    EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &real_access, "bios_opener", &id, NULL));
    EXPECT_EQUAL(NOT_ALLOWED, test_wait_exit(id));
}

static void bios_opener(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    process_exit((uint32_t)bios_open(&(struct bios_options){ 0 }));
}

static void bios_port_asker(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_EQUAL(BIOS_PORT_REFUSED, bios_port_kind(0x3C8, 1));           /* nothing is open */
    real_open();
    EXPECT_EQUAL(BIOS_PORT_OWN, bios_port_kind(0x3C8, 1));
    EXPECT_EQUAL(BIOS_PORT_EMULATED, bios_port_kind(0x43, 1));
    EXPECT_EQUAL(BIOS_PORT_REFUSED, bios_port_kind(0xB2, 1));
    EXPECT_EQUAL(0, real_strikes());
}

/* What a driver asks before it has called anything is true. */
static void ports_can_be_asked_about_before_the_first_call(void)
{
    struct access access = real_access;
    process_id_t id;

    memset(access.ports, 0, sizeof access.ports);
    access.ports[0] = (struct port_range){ 0x3C0, 0x3CF };
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "bios_port_asker", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

const struct test bios_services_tests[] = {
    TEST(CLASS_DRIVER, vbe_tells_what_card_there_is),
    TEST(CLASS_DRIVER, equipment_memory_and_clock_are_told),
    TEST(CLASS_DRIVER, map_of_memory_is_told),
    TEST(CLASS_DRIVER, disks_and_what_moves_memory_are_refused),
    TEST(CLASS_DRIVER, memory_of_the_first_megabyte_is_given_and_taken_back),
    TEST(CLASS_DRIVER, far_pointers_lead_nowhere_but_where_memory_is),
    TEST(CLASS_DRIVER, rom_that_is_written_to_is_a_copy),
    TEST(CLASS_DRIVER, mode_sets_work_again_and_again),
    TEST(CLASS_DRIVER, driver_without_the_right_or_the_memory_has_no_bios),
    TEST(CLASS_DRIVER, ports_can_be_asked_about_before_the_first_call),
};
const uint32_t bios_services_test_count = COUNT(bios_services_tests);
const struct role bios_services_roles[] = { ROLE(bios_opener), ROLE(bios_port_asker) };
const uint32_t bios_services_role_count = COUNT(bios_services_roles);
