/*
 * Random bytes as 16-bit code, and ports that give the machine away: whatever it is, the machine, the witnesses and the ledgers are
 * none the worse. A driver that runs it may fall with it: on QEMU, which does not look at the ends of segments, code reaches all of the
 * driver's own memory.
 */
#include <ternion/process.h>
#include <ternion/string.h>

#include "dice.h"
#include "files.h"
#include "real_code.h"

#define CODE_SIZE 96U
#define ROUNDS 8U                    /* drivers, one after the other */
#define RUNS 250U                    /* of each */
#define RUN_TRAPS 60U

/* What finds its way into the kernel, or into the monitor: more often than by chance. */
static const uint8_t likely[] = {
    0xFA, 0xFB, 0x9C, 0x9D, 0xCD, 0xCF, 0xCC, 0xCE, 0xF4, 0xE4, 0xE5, 0xE6, 0xE7, 0xEC, 0xED, 0xEE, 0xEF, 0x6C, 0x6D, 0x6E, 0x6F,
    0x66, 0x66, 0xF2, 0xF3, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x0F, 0x0F, 0x8E, 0x17, 0x1F, 0x07, 0xCB, 0xC8, 0xC9, 0xEA, 0x9A,
};

static void fill(struct dice *dice, uint8_t *code)
{
    for (uint32_t i = 0; i < CODE_SIZE; i++) {
        code[i] = (uint8_t)(dice_throw(dice, 3) == 0 ? likely[dice_throw(dice, COUNT(likely))] : dice_throw(dice, 256));
    }
}

static uint32_t some(struct dice *dice)
{
    return dice_throw(dice, 2) == 0 ? dice_throw(dice, 0xFFFFFFFF) : dice_throw(dice, 0x10000);
}

/*
 * What runs on behind its end, or jumps away, halts there: zeroes are instructions, too. And in place of the adapter's memory there is plain
 * memory: QEMU takes a millisecond for an access of a device where it counts instructions, and QEMU 7.2 ends itself where code runs on from
 * memory into a device's.
 */
static void prepare(void)
{
    static uint8_t halts[PAGE_SIZE];

    real_open();
    memset(halts, 0xF4, sizeof halts);
    for (uint32_t address = BIOS_MEMORY_FIRST; address < 0x3F000; address += PAGE_SIZE) {
        EXPECT_OK(bios_write((uint16_t)(address / 16), 0, halts, sizeof halts));
    }
    EXPECT_OK(vm86_map(0xA0000, 0x20, VM86_MAP_ZEROES));
}

/* Arguments: seed, runs. */
static void real_random_driver(int argc, char **argv)
{
    struct dice dice = { test_number(argv[argc - 2]) * 2654435761U | 1 };
    uint8_t code[CODE_SIZE];

    prepare();
    for (uint32_t runs = test_number(argv[argc - 1]); runs > 0; runs--) {
        struct bios_registers registers = {
            .eax = some(&dice), .ebx = some(&dice), .ecx = some(&dice), .edx = some(&dice), .esi = some(&dice), .edi = some(&dice),
            .ebp = some(&dice), .ds = (uint16_t)some(&dice), .es = (uint16_t)some(&dice),
        };

        bios_set_options(&(struct bios_options){ .ms = 1, .traps = RUN_TRAPS, .flags = dice_throw(&dice, 8) == 0 ? BIOS_ALL_PORTS_TRAP : 0 });
        fill(&dice, code);
        EXPECT_OK(bios_write(REAL_SEGMENT, 0, code, sizeof code));
        status_t status = bios_call(REAL_SEGMENT, (uint16_t)dice_throw(&dice, 16), &registers);
        EXPECT(status == OK || status == TIMED_OUT || status == FAULT || status == DEADLOCK);
        if (status != OK) {
            EXPECT(bios_problem()[0] != '\0');
        }
    }
    EXPECT_EQUAL(0, real_strikes());
    real_expect_works();
}

static void random_code_costs_its_call_alone(void)
{
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        process_id_t id;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_random_driver", &id, test_digits(seed).text, test_digits(RUNS).text, NULL));
        uint32_t code = test_wait_exit(id);
        EXPECT(code == 0 || (code & ~EXIT_OWN_MASK) == EXIT_FAULT);
    }
}

static void random_code_by_the_ten_thousands_costs_its_call_alone(void)
{
    struct dice seeds = dice_take(1);

    for (uint32_t round = 0; round < 40; round++) {
        process_id_t id;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_random_driver", &id, test_digits(dice_throw(&seeds, 1000000)).text,
                                  test_digits(1000).text, NULL));
        struct event event;
        EXPECT_OK(event_wait(&event, clock_after(60 * SECOND)));
        EXPECT(event.kind == EVENT_PROCESS_EXITED && (event.count == 0 || (event.count & ~EXIT_OWN_MASK) == EXIT_FAULT));
    }
}

/* ---- Ports ---- */

/* Controllers of interrupts, timer, DMA, keyboard, clock chip; A20, SMI, PCI and reset; a disk, a line. */
static const uint16_t dangerous[] = {
    0x00, 0x08, 0x0F, 0x20, 0x21, 0x60, 0x64, 0x70, 0x71, 0x81, 0x92, 0xA0, 0xA1, 0xB2, 0xB3, 0xC0, 0xD4, 0xDF, 0x1F7, 0x3F2, 0x3F8,
    0x4D0, 0x4D1, 0xCF9, 0x604, 0xB004, 0xFFFF,
};

static void expect_port_refused(uint16_t port, uint32_t width)
{
    struct bios_registers registers = { .eax = 0x12345678, .edx = port, .ecx = 3, .esi = 0x100, .edi = 0x200, .ds = REAL_SEGMENT, .es = REAL_SEGMENT };
    uint32_t ones = width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
    uint8_t size = width == 4 ? 0x66 : 0x90;
    uint8_t wide = width != 1;
    const uint8_t code[] = {             /* out, in, rep outs, rep ins */
        size, (uint8_t)(0xEE | wide), size, (uint8_t)(0xEC | wide), 0x51, 0xF3, size == 0x66 ? 0x66 : 0x2E, (uint8_t)(0x6E | wide), 0x59,
        0xF3, size == 0x66 ? 0x66 : 0x2E, (uint8_t)(0x6C | wide), REAL_RETURN,
    };
    uint32_t there;

    EXPECT_EQUAL(BIOS_PORT_REFUSED, bios_port_kind(port, width));
    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL((0x12345678 & ~ones) | ones, registers.eax);
    EXPECT_EQUAL(8, bios_last_cost().refused);
    EXPECT_EQUAL(0x200 + 3 * width, registers.edi);
    EXPECT_OK(bios_read(REAL_SEGMENT, (uint16_t)(0x200 + 2 * width), &there, width));
    EXPECT_EQUAL(ones, there & ones);
}

static void real_ports_driver(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    real_open();
    for (uint32_t i = 0; i < COUNT(dangerous); i++) {
        for (uint32_t width = 1; width <= 4; width *= 2) {
            expect_port_refused(dangerous[i], width);
        }
    }
    EXPECT_EQUAL(0, real_strikes());
}

static void ports_that_give_the_machine_away_never_pass(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_ports_driver", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
    nanoseconds_t begin_ns = clock_now();
    clock_sleep(5 * MILLISECOND);        /* the timer is the kernel's still */
    EXPECT(clock_now() - begin_ns >= 5 * MILLISECOND);
}

/* Each port, with a grant of 3B0h to 3DFh: an access that reaches out of it is none. */
static void real_ports_sweeper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    real_open();
    (void)REAL_RUN(0, REAL_RETURN);
    for (uint32_t port = 0; port < 0x10000; port += port > 0x500 ? 251 : 1) {
        for (uint32_t width = 1; width <= 4; width *= 2) {
            bool is_own = port >= 0x3B0 && port + width - 1 <= 0x3DF;

            EXPECT_EQUAL(is_own, bios_port_kind((uint16_t)port, width) == BIOS_PORT_OWN);
        }
    }
    EXPECT_EQUAL(0, real_strikes());
}

static void ports_of_the_grant_are_known_without_a_strike(void)
{
    struct access access = real_access;
    process_id_t id;

    access.ports[0] = (struct port_range){ 0x3B0, 0x3DF };
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "real_ports_sweeper", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

/* ---- What the library answers for ---- */

static bool read_configuration(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    *value_out = bus << 24 | device << 16 | function << 12 | offset << 4 | size;
    return bus == 1;
}

static void real_emulated_driver(int argc, char **argv)
{
    struct bios_registers registers = { .eax = 0x80012AFC, .edx = 0xCF8 };
    const uint8_t configuration[] = {    /* out dx, eax; add dl, 6; in ax, dx: at CFE; out dx, ax */
        0x66, 0xEF, 0x80, 0xC2, 0x06, 0xED, 0xEF, REAL_RETURN,
    };
    const uint8_t timer[] = {            /* mov al, 0; out 43, al; in al, 40; mov bl, al; in al, 40; mov bh, al; in al, 61; mov cl, al; again while 61 is the same */
        0xB0, 0x00, 0xE6, 0x43, 0xE4, 0x40, 0x88, 0xC3, 0xE4, 0x40, 0x88, 0xC7, 0xE4, 0x61, 0x24, 0x10, 0x88, 0xC1, 0xE4, 0x61, 0x24, 0x10,
        0x38, 0xC8, 0x74, 0xF8, REAL_RETURN,
    };
    uint16_t last = 0;
    uint32_t changes = 0;
    (void)argc;
    (void)argv;

    real_open();
    EXPECT_OK(bios_write(REAL_SEGMENT, 0, configuration, sizeof configuration));
    bios_set_options(&(struct bios_options){ .pci_read = read_configuration });
    EXPECT_OK(bios_call(REAL_SEGMENT, 0, &registers));
    EXPECT_EQUAL(0x05U << 16 | 2U << 12 | 0xFE << 4 | 2, registers.ax | 0x050000U);
    EXPECT_EQUAL(1, bios_last_cost().refused);                   /* the write */
    registers = (struct bios_registers){ .eax = 0x80012AFC, .edx = 0xCF8 };
    EXPECT_OK(real_run(configuration, sizeof configuration, 0, &registers));
    EXPECT_EQUAL(0xFFFF, registers.ax);                          /* there is no bus */
    for (uint32_t i = 0; i < 10; i++) {
        EXPECT_OK(real_run(timer, sizeof timer, 0, &registers));
        changes += registers.bx != last;
        last = registers.bx;
        clock_sleep(MILLISECOND);
    }
    EXPECT(changes >= 9);
    EXPECT_EQUAL(0, real_strikes());
}

static void timer_refresh_and_configuration_are_the_librarys(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "real_emulated_driver", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

const struct test real_random_tests[] = {
    TEST_WITHIN(40, CLASS_DRIVER, random_code_costs_its_call_alone),
    TEST_SOAK(300, CLASS_DRIVER, random_code_by_the_ten_thousands_costs_its_call_alone),
    TEST(CLASS_DRIVER, ports_that_give_the_machine_away_never_pass),
    TEST(CLASS_DRIVER, ports_of_the_grant_are_known_without_a_strike),
    TEST(CLASS_DRIVER, timer_refresh_and_configuration_are_the_librarys),
};
const uint32_t real_random_test_count = COUNT(real_random_tests);
const struct role real_random_roles[] = {
    ROLE(real_random_driver), ROLE(real_ports_driver), ROLE(real_ports_sweeper), ROLE(real_emulated_driver),
};
const uint32_t real_random_role_count = COUNT(real_random_roles);
