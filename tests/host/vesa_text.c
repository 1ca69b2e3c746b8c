/* d\vesa goes back to text; and what it has where there is no VESA BIOS. */
#include "vesa_tests.h"

#include <string.h>

#include <ternion/clock.h>

#include "adapter.h"
#include "modes.h"
#include "screen.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void fonts_and_colours_come_back_with_text(void)
{
    driver_begin();
    memset(world_planes, 0, sizeof world_planes);
    memset(world_dac, 0x2A, sizeof world_dac);
    for (uint32_t i = 0; i < 8192; i++) {
        world_planes[2][i] = driver_pattern(i);
    }
    for (uint32_t i = 0; i < 16; i++) {
        world_attributes[i] = (uint8_t)(40 + i);
    }
    /* The fake's window is planar in a mode of its own: what is kept is read through it. */
    CHECK_EQUAL(driver_set(0x12, false), OK);
    screen_set_text();
    memset(world_dac, 0, sizeof world_dac);
    memset(world_attributes, 0, sizeof world_attributes);
    CHECK_EQUAL(driver_set(0x12, false), OK);
    screen_set_text();
    CHECK_EQUAL(world_dac[77][1], 0x2A);
    CHECK_EQUAL(world_attributes[9], 49);
}

static void a_driver_that_died_in_graphics_mode_gives_its_client_time(void)
{
    driver_add_modes();
    world.is_graphics = true;
    driver_start();
    CHECK(world.is_lent);
    CHECK(screen_grace_end() != FOREVER);
    CHECK_EQUAL(world.sets, 0);
    CHECK_EQUAL(driver_set(0x115, true), OK);
    CHECK_EQUAL(world.set, 0xC115);
    CHECK(screen_grace_end() == FOREVER);
    screen_set_text();
    driver_expect_text();
}

/* The kernel keeps what a driver has told of the screen when that dies: nobody would see a panic on a text screen. */
static void what_a_dead_driver_told_of_panics_is_taken_back_with_text(void)
{
    driver_add_modes();
    world.is_graphics = true;
    world.panic_address = 0x1000;
    driver_start();
    CHECK_EQUAL(world.panic_address, 0x1000);       /* graphics, as it was told */
    screen_set_text();
    driver_expect_text();
    driver_add_modes();
    world.panic_address = 0x1000;            /* text was set meanwhile, by registers */
    driver_start();
    driver_expect_text();
}

/* Before the first mode, and behind each. */
static void state_is_saved_and_restored_where_the_arguments_say_so(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    screen_set_text();
    CHECK_EQUAL(world.state_call, 0xFF);
    driver_add_modes();
    driver_options.save_state = true;
    driver_start();
    driver_options.save_state = false;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(world.state_call, 1);
    for (uint32_t turn = 0; turn < 2; turn++) {
        world.state_call = 0xFF;
        screen_set_text();
        CHECK_EQUAL(world.state_call, 2);
        world.state_call = 0xFF;
        CHECK_EQUAL(driver_set(0x115, false), OK);
        CHECK_EQUAL(world.state_call, 0xFF);
    }
}

/* ---- Another driver ---- */

static void an_adapter_that_another_driver_has_is_not_touched(void)
{
    driver_begin();
    CHECK(modes_count() != 0);
    world.is_others = true;
    CHECK_EQUAL(driver_set(0x115, false), BUSY);
    CHECK_EQUAL(world.sets, 0);
    CHECK(world_log_says("mode 115h is not set: another driver has the adapter"));
    world.is_others = false;
    CHECK_EQUAL(driver_set(0x115, false), OK);
}

static void an_adapter_that_was_lent_to_another_driver_is_left_as_it_is(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.is_others = true;
    screen_forget();
    CHECK(screen_mode() == NULL);
    CHECK(world.is_graphics);
    CHECK_EQUAL(world.panic_address, 0);
    CHECK_EQUAL(world.shared_live, 0);
    CHECK_EQUAL(driver_set(0x115, false), BUSY);
}

/* ---- A plain VGA ---- */

static void without_vbe_there_are_modes_of_a_vga(void)
{
    world_begin();
    world.answers[0].ax = 0x0100;
    driver_start();
    CHECK(adapter_controller() == NULL);
    CHECK(world_log_says("no VBE BIOS"));
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(modes_preferred(), 0x12);
    CHECK_EQUAL(driver_set(0x12, false), OK);
    CHECK_EQUAL(world.set, 0x12);
    CHECK((driver_shown.flags & (DISPLAY_FALLBACK | DISPLAY_PALETTE | DISPLAY_BANKED)) == (DISPLAY_FALLBACK | DISPLAY_PALETTE | DISPLAY_BANKED));
    driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    driver_expect_planes(0, 0, 640, 480, 80);
    CHECK_EQUAL(world.windows_set, 0);
    screen_set_text();
    driver_expect_text();
}

static void an_answer_without_a_signature_is_no_vbe(void)
{
    world_begin();
    world.controller.signature[0] = 'W';
    driver_start();
    CHECK(adapter_controller() == NULL);
}

static void without_a_bios_a_vga_is_set_by_registers(void)
{
    world_begin();
    world.has_bios = false;
    driver_start();
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(driver_set(0x13, false), OK);
    CHECK(world.is_graphics);
    CHECK(world_log_says("mode 13h is set by registers"));
    screen_set_text();
    driver_expect_text();
    CHECK_EQUAL(driver_set(0x12, false), OK);
    CHECK_EQUAL(world.calls, 0);
    screen_set_text();
    driver_expect_text();
}

static void without_a_vga_there_is_nothing(void)
{
    world_begin();
    world.has_vga = false;
    CHECK(!adapter_open(&driver_options));
}

const struct test vesa_text_tests[] = {
    TEST(fonts_and_colours_come_back_with_text),
    TEST(a_driver_that_died_in_graphics_mode_gives_its_client_time),
    TEST(state_is_saved_and_restored_where_the_arguments_say_so),
    TEST(what_a_dead_driver_told_of_panics_is_taken_back_with_text),
    TEST(an_adapter_that_another_driver_has_is_not_touched),
    TEST(an_adapter_that_was_lent_to_another_driver_is_left_as_it_is),
    TEST(without_vbe_there_are_modes_of_a_vga),
    TEST(an_answer_without_a_signature_is_no_vbe),
    TEST(without_a_bios_a_vga_is_set_by_registers),
    TEST(without_a_vga_there_is_nothing),
};
const size_t vesa_text_test_count = sizeof vesa_text_tests / sizeof vesa_text_tests[0];
