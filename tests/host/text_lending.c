/* d\console lends its adapter, and takes it back: the screen as it is, who may ask, and what if the borrower does not come back. */
#include "drivers/console/lending.h"
#include "drivers/console/screen.h"

#include <string.h>

#include <ternion/clock.h>
#include <ternion/init_client.h>

#include "test.h"
#include "text_adapter.h"

#define BORROWER 7U
#define OTHER 8U

static struct terminal terminal;
static struct screen_information screen;

/* ---- The console ---- */

static void start(void)
{
    CHECK(screen_open(&screen));
    terminal_reset(&terminal, screen.palette);
    screen_take_over(&terminal);
    screen_show(&terminal);
    lending_open();
}

static void say(const char *text)
{
    screen_resume(&terminal);
    terminal_write(&terminal, text, strlen(text));
    screen_show(&terminal);
}

static void expect(unsigned row, const char *text)
{
    for (unsigned i = 0; text[i] != '\0'; i++) {
        CHECK_EQUAL((uint8_t)world.cells[row * CELL_COLUMNS + i], (uint8_t)text[i]);
    }
}

static struct server_call of(process_id_t sender, process_class_t class)
{
    return (struct server_call){ .sender = sender, .sender_class = class };
}

static status_t lend(process_id_t sender)
{
    struct server_call call = of(sender, CLASS_DRIVER);

    return lending_lend(&call);
}

static status_t take_back(process_id_t sender)
{
    struct server_call call = of(sender, CLASS_DRIVER);

    return lending_take_back(&call, &terminal);
}

static void expect_untouched(void)
{
    uint32_t before = world.accesses;

    say("one\ntwo");
    CHECK_EQUAL(world.accesses, before);
    for (unsigned i = 0; i < sizeof world.cells / sizeof world.cells[0]; i++) {
        CHECK_EQUAL(world.cells[i], 0x5555);
    }
}

static void begin(void)
{
    world_begin();
    start();
    say("before\n");
    expect(0, "before");
}

/* ---- Tests ---- */

static void a_lent_adapter_is_not_touched(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    world_graphics_mode();
    expect_untouched();
}

static void what_was_written_meanwhile_is_there_afterwards(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    world_graphics_mode();
    expect_untouched();
    world_text_mode();
    CHECK_EQUAL(take_back(BORROWER), OK);
    expect(0, "before");
    expect(1, "one");
    expect(2, "two");
    CHECK_EQUAL(world.crtc[14] * 256U + world.crtc[15], 2 * CELL_COLUMNS + 3);
    CHECK_EQUAL(world.watched, 0);
    say(" three");
    expect(2, "two three");
}

static void the_adapter_is_set_up_as_at_the_start(void)
{
    begin();
    CHECK_EQUAL(world.attributes[0x10], 0x04);
    CHECK_EQUAL(world.crtc[10], 13);
    CHECK_EQUAL(lend(BORROWER), OK);
    world_text_mode();
    world.crtc[12] = 1;
    say("\033[?25l");
    CHECK_EQUAL(take_back(BORROWER), OK);
    CHECK_EQUAL(world.attributes[0x10], 0x04);
    CHECK_EQUAL(world.crtc[11], 14);
    CHECK_EQUAL(world.crtc[12], 0);
    CHECK_EQUAL(world.crtc[10], 0x20);         /* hidden, as it was told meanwhile */
}

static void it_is_lent_to_one_driver(void)
{
    struct server_call application = of(OTHER, CLASS_APPLICATION);
    struct server_call server = of(OTHER, CLASS_SERVER);

    begin();
    CHECK_EQUAL(lending_lend(&application), NOT_ALLOWED);
    CHECK_EQUAL(lending_take_back(&server, &terminal), NOT_ALLOWED);
    CHECK_EQUAL(lend(BORROWER), OK);
    CHECK_EQUAL(lend(BORROWER), OK);
    CHECK_EQUAL(lend(OTHER), BUSY);
    CHECK_EQUAL(take_back(OTHER), BUSY);
    CHECK_EQUAL(take_back(BORROWER), OK);
    CHECK_EQUAL(lend(OTHER), OK);
    CHECK_EQUAL(world.watched, OTHER);
}

static void it_is_lent_to_displays_alone_and_others_are_told_once(void)
{
    begin();
    world.asker_role = ROLE_AUDIO;
    CHECK_EQUAL(lend(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(take_back(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(lend(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(world.lines, 1);
    CHECK(strstr(world.log, "d\\borrower (another) wants to have the screen lent") != NULL);
    CHECK_EQUAL(world.watched, 0);
    CHECK_EQUAL(lend(OTHER + 1), NOT_ALLOWED);
    CHECK_EQUAL(world.lines, 2);
    say("here");
    expect(1, "here");
    world.asker_role = ROLE_DISPLAY;
    CHECK_EQUAL(lend(BORROWER), OK);
    world.asker_role = ROLE_AUDIO;
    CHECK_EQUAL(take_back(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(world.watched, BORROWER);
}

static void the_borrowers_end_takes_it_back(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    memset(world.cells, 0x55, sizeof world.cells);
    lending_forget(OTHER, &terminal);
    say("kept");
    CHECK_EQUAL(world.cells[0], 0x5555);
    world.watched = 0;
    lending_forget(BORROWER, &terminal);
    expect(0, "before");
    expect(1, "kept");
}

static void after_an_end_in_graphics_mode_the_next_life_gives_it_back(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    world_graphics_mode();
    world.watched = 0;
    lending_forget(BORROWER, &terminal);
    expect_untouched();
    CHECK_EQUAL(lend(OTHER), OK);
    CHECK_EQUAL(take_back(OTHER), FAULT);
    expect_untouched();
    world_text_mode();
    CHECK_EQUAL(take_back(OTHER), OK);
    expect(1, "one");
}

static void a_console_that_starts_in_graphics_mode_waits(void)
{
    world_begin();
    world_graphics_mode();
    start();
    for (unsigned i = 0; i < sizeof world.cells / sizeof world.cells[0]; i++) {
        CHECK_EQUAL(world.cells[i], 0x5555);
    }
    expect_untouched();
    world_text_mode();
    CHECK_EQUAL(take_back(BORROWER), OK);
    expect(0, "one");
    expect(1, "two");
}

/* ---- Who does not come back ---- */

static void look_after(nanoseconds_t passed_ns)
{
    world.now_ns += passed_ns;
    lending_look(&terminal);
}

static void die_in_graphics_mode(void)
{
    CHECK_EQUAL(lend(BORROWER), OK);
    world_graphics_mode();
    world.watched = 0;
    lending_forget(BORROWER, &terminal);
    say("kept");
    CHECK(!world_shows_text());
    CHECK_EQUAL(lending_look_time(), world.now_ns + 100 * MILLISECOND);
}

/* What was there when the adapter was lent first, but for what this driver has set. */
static void expect_text_as_before(void)
{
    CHECK(world_shows_text());
    CHECK_EQUAL(lending_look_time(), FOREVER);
    expect(0, "before");
    expect(1, "kept");
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
    begin();
    die_in_graphics_mode();
    look_after(9999 * MILLISECOND);
    CHECK(!world_shows_text());
    look_after(MILLISECOND);
    expect_text_as_before();
    CHECK(strstr(world.log, "d\\borrower is dead, and not back in time: text mode was set by the registers of a VGA") != NULL);
    say(" again");
    expect(1, "kept again");
}

static void text_comes_back_at_once_when_the_borrower_is_given_up(void)
{
    static const uint32_t states[] = { SUPERVISED_GIVEN_UP, SUPERVISED_ENDED, SUPERVISED_ABSENT };

    for (uint32_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        begin();
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
    begin();
    world.has_dispi = true;
    die_in_graphics_mode();
    look_after(10 * SECOND);
    expect_text_as_before();
}

static void a_borrower_that_comes_back_is_left_alone(void)
{
    begin();
    die_in_graphics_mode();
    look_after(9 * SECOND);
    CHECK_EQUAL(lend(OTHER), OK);
    CHECK_EQUAL(lending_look_time(), FOREVER);
    look_after(20 * SECOND);
    CHECK(!world_shows_text());
    CHECK_EQUAL(world.lines, 0);
    CHECK_EQUAL(take_back(OTHER), FAULT);        /* it did not do what it should */
    look_after(10 * SECOND);
    expect_text_as_before();
}

static void whom_the_supervisor_does_not_know_is_awaited(void)
{
    begin();
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
    start();
    say("before\nkept");
}

static void a_console_that_starts_in_graphics_mode_has_the_font_of_the_rom(void)
{
    begin_in_graphics_mode();
    world_add_rom(0x40 * 512 + 0x1235);
    world.rom[2] = 0x6F;
    look_after(10 * SECOND);
    CHECK(world_shows_text());
    expect(1, "kept");
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
    CHECK_EQUAL(lending_look_time(), FOREVER);
    expect_untouched();
    world_text_mode();
    CHECK_EQUAL(take_back(BORROWER), OK);        /* all the same */
    expect(1, "keptone");
}

static void without_memory_in_the_grant_nothing_is_touched(void)
{
    begin();
    world.memory_is_granted = false;
    CHECK_EQUAL(lend(BORROWER), OK);
    CHECK_EQUAL(take_back(BORROWER), OK);
    die_in_graphics_mode();
    uint32_t before = world.accesses;
    look_after(10 * SECOND);
    CHECK(!world_shows_text());
    CHECK_EQUAL(world.accesses, before);
    CHECK(strstr(world.log, "text mode cannot be set") != NULL);
}

static void an_adapter_that_obeys_no_registers_is_told_of(void)
{
    begin();
    die_in_graphics_mode();
    world.is_deaf = true;
    look_after(10 * SECOND);
    CHECK(strstr(world.log, "does not obey the registers of a VGA") != NULL);
    CHECK_EQUAL(lending_look_time(), FOREVER);
    CHECK_EQUAL(lend(OTHER), OK);
}

static const struct test tests[] = {
    TEST(a_lent_adapter_is_not_touched),
    TEST(what_was_written_meanwhile_is_there_afterwards),
    TEST(the_adapter_is_set_up_as_at_the_start),
    TEST(it_is_lent_to_one_driver),
    TEST(it_is_lent_to_displays_alone_and_others_are_told_once),
    TEST(the_borrowers_end_takes_it_back),
    TEST(after_an_end_in_graphics_mode_the_next_life_gives_it_back),
    TEST(a_console_that_starts_in_graphics_mode_waits),
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
TEST_MAIN(tests)
