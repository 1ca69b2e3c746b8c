/* The driver that d\console has lent the adapter to has died in a graphics mode, and does not come back: text mode by registers. */
#include "text_lending.h"

#include <string.h>

#include <ternion/clock.h>
#include <ternion/init_client.h>

#include "drivers/console/lending.h"
#include "test.h"
#include "text_adapter.h"
#include "text_console.h"


/* Time passes, and the timer is heard of as often as it is due. */
static void look_after(nanoseconds_t passed_ns)
{
    nanoseconds_t end_ns = world.now_ns + passed_ns;

    while (world.timer_ns <= end_ns) {
        world.now_ns = world.timer_ns;
        CHECK(world.timer_period_ns != 0);
        world.timer_ns += world.timer_period_ns;
        lending_look(&console_terminal);
    }
    world.now_ns = end_ns;
}

static void die_in_graphics_mode(void)
{
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world_graphics_mode();
    world.watched = 0;
    lending_forget(BORROWER, &console_terminal);
    console_say("kept");
    CHECK(!world_shows_text());
    CHECK_EQUAL(world.timer_ns, world.now_ns + 100 * MILLISECOND);
}

/* What was there when the adapter was lent first, but for what this driver has set. */
static void expect_text_as_before(void)
{
    CHECK(world_shows_text());
    CHECK_EQUAL(world.timer_ns, FOREVER);
    console_expect(0, "before");
    console_expect(1, "kept");
    for (uint32_t i = 0; i < VGA_FONT_SIZE; i++) {
        CHECK_EQUAL(world.plane2[i], world_glyph(i / VGA_FONT_LINES, i % VGA_FONT_LINES));
    }
    for (uint32_t i = 0; i < 256 * 3; i++) {
        CHECK_EQUAL(world.colours[i / 3][i % 3], i & 0x3F);
    }
    for (uint32_t i = 0; i < 16; i++) {
        CHECK_EQUAL(world.attributes[i], i + 32);
    }
    CHECK_EQUAL(world.attributes[0x10], 0x04);
    CHECK_EQUAL(world.miscellaneous, 0x67);
    CHECK_EQUAL(world.crtc[6], 0xBF);
    CHECK_EQUAL(world.graphics[6], 0x0E);
    CHECK_EQUAL(world.sequencer[4], 0x02);
    CHECK_EQUAL(world.lines, 1);
}

static void text_comes_back_when_the_borrower_does_not(void)
{
    console_begin();
    die_in_graphics_mode();
    look_after(9999 * MILLISECOND);
    CHECK(!world_shows_text());
    look_after(MILLISECOND);
    expect_text_as_before();
    CHECK(strstr(world.log, "d\\borrower is dead, and not back in time: text mode was set by the registers of a VGA") != NULL);
    console_say(" again");
    console_expect(1, "kept again");
}

static void text_comes_back_at_once_when_the_borrower_is_given_up(void)
{
    static const uint32_t states[] = { SUPERVISED_GIVEN_UP, SUPERVISED_ENDED, SUPERVISED_ABSENT };

    for (uint32_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        console_begin();
        die_in_graphics_mode();
        look_after(300 * MILLISECOND);
        CHECK(!world_shows_text());
        world.supervised_state = states[i];
        look_after(99 * MILLISECOND);
        CHECK(!world_shows_text());
        look_after(MILLISECOND);
        expect_text_as_before();
        CHECK(strstr(world.log, "d\\borrower is dead, and not started again") != NULL);
    }
}

static void what_lies_beyond_a_vga_is_switched_off(void)
{
    console_begin();
    world.has_dispi = true;
    die_in_graphics_mode();
    look_after(10 * SECOND);
    expect_text_as_before();
}

static void a_borrower_that_comes_back_is_left_alone(void)
{
    console_begin();
    die_in_graphics_mode();
    look_after(9 * SECOND);
    CHECK_EQUAL(console_lend(OTHER), OK);
    CHECK_EQUAL(world.timer_ns, FOREVER);
    look_after(20 * SECOND);
    CHECK(!world_shows_text());
    CHECK_EQUAL(world.lines, 0);
    CHECK_EQUAL(console_take_back(OTHER), FAULT);        /* it did not do what it should */
    look_after(10 * SECOND);
    expect_text_as_before();
}

static void whom_the_supervisor_does_not_know_is_awaited(void)
{
    console_begin();
    world.supervised_state = SUPERVISED_STATE_COUNT;
    die_in_graphics_mode();
    look_after(9 * SECOND);
    CHECK(!world_shows_text());
    look_after(SECOND);
    expect_text_as_before();
}

static void begin_in_graphics_mode(void)
{
    world_begin();
    world_graphics_mode();
    console_start();
    console_say("before\nkept");
}

static void a_console_that_starts_in_graphics_mode_has_the_font_of_the_rom(void)
{
    begin_in_graphics_mode();
    world_add_rom(0x40 * 512 + 0x1235);
    world.rom[2] = 0x6F;
    look_after(10 * SECOND);
    CHECK(world_shows_text());
    console_expect(1, "kept");
    for (uint32_t i = 0; i < VGA_FONT_SIZE; i++) {
        uint32_t line = i % VGA_FONT_LINES;

        CHECK_EQUAL(world.plane2[i], line < 16 ? world_rom_glyph(i / VGA_FONT_LINES, line) : 0);
    }
    CHECK_EQUAL(world.attributes[6], 0x14);      /* the mode's own colours */
    CHECK_EQUAL(world.colours[0x14][0], 42);
    CHECK_EQUAL(world.colours[0x14][1], 21);
    CHECK(strstr(world.log, "the driver that set a graphics mode is dead, and not back in time") != NULL);
}

static void a_rom_without_a_font_is_looked_through_and_no_further(void)
{
    begin_in_graphics_mode();
    world_add_rom(0x2000);
    world.rom[2] = 0x17;                         /* the font ends behind it */
    look_after(10 * SECOND);
    CHECK(!world_shows_text());
    CHECK(strstr(world.log, "text mode cannot be set") != NULL);
    CHECK_EQUAL(world.timer_ns, FOREVER);
    console_expect_untouched();
    world_text_mode();
    CHECK_EQUAL(console_take_back(BORROWER), OK);        /* all the same */
    console_expect(1, "keptone");
}

static void without_memory_in_the_grant_nothing_is_touched(void)
{
    console_begin();
    world.memory_is_granted = false;
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    die_in_graphics_mode();
    uint32_t before = world.accesses;
    look_after(10 * SECOND);
    CHECK(!world_shows_text());
    CHECK_EQUAL(world.accesses, before);
    CHECK(strstr(world.log, "text mode cannot be set") != NULL);
}

static void an_adapter_that_obeys_no_registers_is_told_of(void)
{
    console_begin();
    die_in_graphics_mode();
    world.is_deaf = true;
    look_after(10 * SECOND);
    CHECK(strstr(world.log, "does not obey the registers of a VGA") != NULL);
    CHECK_EQUAL(world.timer_ns, FOREVER);
    CHECK_EQUAL(console_lend(OTHER), OK);
}

const struct test text_return_tests[] = {
    TEST(text_comes_back_when_the_borrower_does_not),
    TEST(text_comes_back_at_once_when_the_borrower_is_given_up),
    TEST(what_lies_beyond_a_vga_is_switched_off),
    TEST(a_borrower_that_comes_back_is_left_alone),
    TEST(whom_the_supervisor_does_not_know_is_awaited),
    TEST(a_console_that_starts_in_graphics_mode_has_the_font_of_the_rom),
    TEST(a_rom_without_a_font_is_looked_through_and_no_further),
    TEST(without_memory_in_the_grant_nothing_is_touched),
    TEST(an_adapter_that_obeys_no_registers_is_told_of),
};
const size_t text_return_test_count = sizeof text_return_tests / sizeof text_return_tests[0];
