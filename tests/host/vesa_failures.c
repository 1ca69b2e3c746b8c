/* d\vesa's mode sets that go wrong: text is there again. */
#include "vesa_tests.h"

#include <string.h>

#include "modes.h"
#include "screen.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void expect_failure(void)
{
    CHECK_EQUAL(driver_set(0x115, false), FAULT);
    driver_expect_text();
    CHECK_EQUAL(world.set, 3);
    world.answers[2] = (struct world_answer){ OK };
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x4115);      /* linear, cleared by the BIOS */
}

static void a_mode_set_that_is_refused_leaves_text(void)
{
    driver_begin();
    world.answers[2].ax = 0x014F;
    expect_failure();
    CHECK(world_log_says("mode 115h cannot be set: 4F02: the BIOS answered 014F"));
}

static void a_mode_set_that_is_not_known_leaves_text(void)
{
    driver_begin();
    world.answers[2].ax = 0x4F02;
    expect_failure();
}

static void a_mode_set_that_hangs_leaves_text(void)
{
    driver_begin();
    world.answers[2].status = TIMED_OUT;
    world.is_graphics = true;                /* half-way */
    expect_failure();
    CHECK(world_log_says("4F02: a test's problem"));
}

static void ports_that_were_refused_are_told_before_what_went_wrong(void)
{
    driver_begin();
    CHECK(!world_log_says("was refused"));
    world.refused_ports[0] = 0x3C3;
    world.refused_ports[1] = 0x46E8;
    world.answers[2].ax = 0x014F;
    expect_failure();
    const char *first = strstr(world.log, "the BIOS was refused port 0x3c3");
    CHECK(first != NULL && strstr(first, "the BIOS was refused port 0x46e8") != NULL);
    CHECK(strstr(first, "mode 115h cannot be set") != NULL);
}

static void a_mode_set_that_faults_or_halts_leaves_text(void)
{
    driver_begin();
    world.answers[2].status = FAULT;
    expect_failure();
    screen_set_text();
    world.answers[2].status = DEADLOCK;
    expect_failure();
}

static void planes_that_forget_leave_text(void)
{
    driver_begin();
    world.planes_are_broken = true;
    CHECK_EQUAL(driver_set(0x102, false), FAULT);
    driver_expect_text();
    CHECK(world_log_says("planes"));
}

static void memory_that_cannot_be_shared_leaves_text(void)
{
    driver_begin();
    world.shared_status = OVER_QUOTA;
    CHECK_EQUAL(driver_set(0x115, false), OVER_QUOTA);
    driver_expect_text();
    CHECK_EQUAL(driver_set(0x102, false), OVER_QUOTA);
    driver_expect_text();
    world.shared_status = NOT_ALLOWED;
    CHECK_EQUAL(driver_set(0x115, false), FAULT);
    driver_expect_text();
}

static void text_that_the_bios_does_not_bring_back_comes_by_registers(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.vga_modes.status = TIMED_OUT;
    world.answers[2].ax = 0x014F;
    screen_set_text();
    driver_expect_text();
    CHECK(world_log_says("by registers"));
    CHECK(world_log_says("switch the machine off and on"));
}

static void what_lies_beyond_a_vga_is_switched_off_before_registers(void)
{
    driver_add_modes();
    world.has_dispi = true;
    driver_start();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK(world.dispi_is_on);
    world.vga_modes.status = TIMED_OUT;
    world.answers[2].status = TIMED_OUT;
    screen_set_text();
    driver_expect_text();
    CHECK(world_log_says("by registers"));
    CHECK(!world_log_says("switch the machine off and on"));
    world.answers[2].status = OK;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(driver_set(0x12, false), OK);       /* by registers, too */
    CHECK(!world.dispi_is_on);
}

static void text_that_the_bios_says_it_brought_back_is_looked_at(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.vga_modes.is_lie = true;
    screen_set_text();                       /* by 4F02 */
    driver_expect_text();
    CHECK(!world_log_says("by registers"));
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.answers[2].is_lie = true;
    screen_set_text();
    driver_expect_text();
    CHECK(world_log_says("by registers"));
}

/* ---- A BIOS that hangs in a mode does so once ---- */

/* The mode is there; what hung is told, and nothing is tried again until the next one. */
static void expect_one_hang(uint16_t mode)
{
    const uint32_t colour = 0xFFFFFF;
    uint32_t hangs = world.hangs;

    for (uint32_t turn = 0; turn < 2; turn++) {
        CHECK_EQUAL(driver_set(mode, false), OK);
        for (uint32_t i = 0; i < 5; i++) {
            (void)screen_show(0);
            (void)screen_set_colours(0, 1, &colour);
            (void)screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 8, 8 });
        }
        CHECK_EQUAL(world.hangs, hangs + turn + 1);
    }
}

static void a_bios_that_hangs_at_the_start_of_the_screen_does_so_once_in_a_mode(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x112, false), OK);      /* the start is known to move */
    world.answers[7].status = TIMED_OUT;
    expect_one_hang(0x115);
    CHECK(world_log_says("4F07: a test's problem"));
    CHECK(world_log_says("4F07: it is not called: the BIOS has hung in this mode"));
    world.answers[7].status = OK;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(screen_show(1), OK);
}

static void a_bios_that_hangs_at_the_dac_does_so_once_in_a_mode(void)
{
    driver_add_modes();
    world.controller.capabilities = VBE_CAN_DAC_8_BITS;
    driver_start();
    world.answers[8].status = world.answers[7].status = world.fonts.status = TIMED_OUT;
    expect_one_hang(0x101);
    world.answers[7].status = OK;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK((driver_shown.flags & DISPLAY_START) != 0);       /* that is not known to fail */
}

static void a_bios_that_hangs_at_its_fonts_does_so_once_in_a_mode(void)
{
    driver_begin();
    world.fonts.status = TIMED_OUT;
    CHECK_EQUAL(driver_set(0x13, false), OK);       /* two fonts, one for each height of lines, and the first in two parts */
    CHECK_EQUAL(world.hangs, 1);
}

static void a_bios_that_hangs_at_colours_does_so_once_in_a_mode(void)
{
    const uint32_t colour = 0xFFFFFF;

    driver_add_modes();
    world.controller.capabilities = VBE_IS_NOT_VGA;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    world.answers[9].status = TIMED_OUT;
    for (uint32_t i = 0; i < 5; i++) {
        CHECK_EQUAL(screen_set_colours(0, 1, &colour), FAULT);
    }
    CHECK_EQUAL(world.hangs, 1);
}

/* The mode, and the three ways to text. */
static void a_mode_set_hangs_four_times_at_worst(void)
{
    driver_begin();
    CHECK(modes_count() != 0);
    world.is_graphics = true;
    world.vga_modes.status = TIMED_OUT;
    for (uint32_t i = 1; i < WORLD_FUNCTIONS; i++) {
        world.answers[i].status = i == 1 ? OK : TIMED_OUT;
    }
    world.fonts.status = TIMED_OUT;
    CHECK_EQUAL(driver_set(0x115, false), FAULT);
    CHECK_EQUAL(world.hangs, 4);
}

const struct test vesa_failures_tests[] = {
    TEST(a_mode_set_that_is_refused_leaves_text),
    TEST(a_mode_set_that_is_not_known_leaves_text),
    TEST(a_mode_set_that_hangs_leaves_text),
    TEST(ports_that_were_refused_are_told_before_what_went_wrong),
    TEST(a_mode_set_that_faults_or_halts_leaves_text),
    TEST(planes_that_forget_leave_text),
    TEST(memory_that_cannot_be_shared_leaves_text),
    TEST(text_that_the_bios_does_not_bring_back_comes_by_registers),
    TEST(what_lies_beyond_a_vga_is_switched_off_before_registers),
    TEST(text_that_the_bios_says_it_brought_back_is_looked_at),
    TEST(a_bios_that_hangs_at_the_start_of_the_screen_does_so_once_in_a_mode),
    TEST(a_bios_that_hangs_at_the_dac_does_so_once_in_a_mode),
    TEST(a_bios_that_hangs_at_its_fonts_does_so_once_in_a_mode),
    TEST(a_bios_that_hangs_at_colours_does_so_once_in_a_mode),
    TEST(a_mode_set_hangs_four_times_at_worst),
};
const size_t vesa_failures_test_count = sizeof vesa_failures_tests / sizeof vesa_failures_tests[0];
