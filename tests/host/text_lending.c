/* d\console lends its adapter, and takes it back: the screen as it is, and who may ask. */
#include "text_lending.h"

#include <string.h>

#include "drivers/console/lending.h"
#include "test.h"
#include "text_adapter.h"
#include "text_console.h"


static void a_lent_adapter_is_not_touched(void)
{
    console_begin();
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world_graphics_mode();
    console_expect_untouched();
}

static void what_was_written_meanwhile_is_there_afterwards(void)
{
    console_begin();
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world_graphics_mode();
    console_expect_untouched();
    world_text_mode();
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    console_expect(0, "before");
    console_expect(1, "one");
    console_expect(2, "two");
    CHECK_EQUAL(world.crtc[14] * 256U + world.crtc[15], 2 * CELL_COLUMNS + 3);
    CHECK_EQUAL(world.watched, 0);
    console_say(" three");
    console_expect(2, "two three");
}

static void the_adapter_is_set_up_as_at_the_start(void)
{
    console_begin();
    CHECK_EQUAL(world.attributes[0x10], 0x04);
    CHECK_EQUAL(world.crtc[10], 13);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world_text_mode();
    world.crtc[12] = 1;
    console_say("\033[?25l");
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    CHECK_EQUAL(world.attributes[0x10], 0x04);
    CHECK_EQUAL(world.crtc[11], 14);
    CHECK_EQUAL(world.crtc[12], 0);
    CHECK_EQUAL(world.crtc[10], 0x20);         /* hidden, as it was told meanwhile */
}

static void it_is_lent_to_one_driver(void)
{
    struct server_call application = console_call_of(OTHER, CLASS_APPLICATION);
    struct server_call server = console_call_of(OTHER, CLASS_SERVER);

    console_begin();
    CHECK_EQUAL(lending_lend(&application, &console_lent), NOT_ALLOWED);
    CHECK_EQUAL(lending_take_back(&server, &console_terminal), NOT_ALLOWED);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_lend(OTHER), BUSY);
    CHECK_EQUAL(console_take_back(OTHER), BUSY);
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    CHECK_EQUAL(console_lend(OTHER), OK);
    CHECK_EQUAL(world.watched, OTHER);
}

/* What the borrower had in the adapter's memory may be seen by the next one. */
static void a_borrower_knows_whether_another_had_it_since(void)
{
    console_begin();
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_lent.is_as_left, 1);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_lent.is_as_left, 1);
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    CHECK_EQUAL(console_lend(OTHER), OK);
    CHECK_EQUAL(console_lent.is_as_left, 0);
    CHECK_EQUAL(console_take_back(OTHER), OK);
    CHECK_EQUAL(console_lend(BORROWER), OK);
    CHECK_EQUAL(console_lent.is_as_left, 0);
}

static void it_is_lent_to_displays_alone_and_others_are_told_once(void)
{
    console_begin();
    world.asker_role = ROLE_AUDIO;
    CHECK_EQUAL(console_lend(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(console_take_back(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(console_lend(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(world.lines, 1);
    CHECK(strstr(world.log, "d\\borrower (another) wants to have the screen lent") != NULL);
    CHECK_EQUAL(world.watched, 0);
    CHECK_EQUAL(console_lend(OTHER + 1), NOT_ALLOWED);
    CHECK_EQUAL(world.lines, 2);
    console_say("here");
    console_expect(1, "here");
    world.asker_role = ROLE_DISPLAY;
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world.asker_role = ROLE_AUDIO;
    CHECK_EQUAL(console_take_back(OTHER), NOT_ALLOWED);
    CHECK_EQUAL(world.watched, BORROWER);
}

static void the_borrowers_end_takes_it_back(void)
{
    console_begin();
    CHECK_EQUAL(console_lend(BORROWER), OK);
    memset(world.cells, 0x55, sizeof world.cells);
    lending_forget(OTHER, &console_terminal);
    console_say("kept");
    CHECK_EQUAL(world.cells[0], 0x5555);
    world.watched = 0;
    lending_forget(BORROWER, &console_terminal);
    console_expect(0, "before");
    console_expect(1, "kept");
}

static void after_an_end_in_graphics_mode_the_next_life_gives_it_back(void)
{
    console_begin();
    CHECK_EQUAL(console_lend(BORROWER), OK);
    world_graphics_mode();
    world.watched = 0;
    lending_forget(BORROWER, &console_terminal);
    console_expect_untouched();
    CHECK_EQUAL(console_lend(OTHER), OK);
    CHECK_EQUAL(console_take_back(OTHER), FAULT);
    console_expect_untouched();
    world_text_mode();
    CHECK_EQUAL(console_take_back(OTHER), OK);
    console_expect(1, "one");
}

static void a_console_that_starts_in_graphics_mode_waits(void)
{
    world_begin();
    world_graphics_mode();
    console_start();
    for (unsigned i = 0; i < sizeof world.cells / sizeof world.cells[0]; i++) {
        CHECK_EQUAL(world.cells[i], 0x5555);
    }
    console_expect_untouched();
    world_text_mode();
    CHECK_EQUAL(console_take_back(BORROWER), OK);
    console_expect(0, "one");
    console_expect(1, "two");
}

static const struct test tests[] = {
    TEST(a_lent_adapter_is_not_touched),
    TEST(what_was_written_meanwhile_is_there_afterwards),
    TEST(the_adapter_is_set_up_as_at_the_start),
    TEST(it_is_lent_to_one_driver),
    TEST(a_borrower_knows_whether_another_had_it_since),
    TEST(it_is_lent_to_displays_alone_and_others_are_told_once),
    TEST(the_borrowers_end_takes_it_back),
    TEST(after_an_end_in_graphics_mode_the_next_life_gives_it_back),
    TEST(a_console_that_starts_in_graphics_mode_waits),
};

int main(void)
{
    return tests_run(tests, sizeof tests / sizeof tests[0]) | tests_run(text_return_tests, text_return_test_count);
}
