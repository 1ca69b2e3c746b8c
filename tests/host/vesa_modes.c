/* What d\vesa knows of modes and monitor: of a BIOS that tells it, and of such that do not. */
#include "vesa_tests.h"

#include <string.h>

#include <ternion/clock.h>

#include "adapter.h"
#include "modes.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void the_bios_is_asked_for_itself_alone_at_the_start(void)
{
    driver_begin();
    CHECK_EQUAL(world.calls, 1);
    CHECK_EQUAL(world.sets, 0);
    CHECK(strcmp(adapter_controller()->name, "A test's BIOS") == 0);
    CHECK_EQUAL(adapter_controller()->memory, WORLD_FRAME_SIZE);
    driver_expect_text();
}

static void its_modes_come_first_and_those_of_a_vga_behind_them(void)
{
    driver_begin();
    CHECK_EQUAL(modes_count(), 6);
    CHECK_EQUAL(modes_at(0)->shown.mode, 0x101);
    CHECK_EQUAL(modes_at(4)->shown.mode, 0x12);
    CHECK_EQUAL(modes_at(5)->shown.mode, 0x13);
    CHECK(modes_at(6) == NULL);
    CHECK_EQUAL(modes_preferred(), 0x115);
    CHECK(modes_edid() == NULL);
    CHECK(modes_monitor() == NULL);
}

static void the_monitor_chooses(void)
{
    driver_add_modes();
    world_add_edid(640, 480);
    driver_start();
    CHECK_EQUAL(modes_preferred(), 0x112);
    CHECK_EQUAL(modes_monitor()->width_mm, 400);
    CHECK((modes_find(0x112)->shown.flags & DISPLAY_PREFERRED) != 0);
}

static void an_edid_that_is_none_chooses_nothing(void)
{
    driver_add_modes();
    world_add_edid(640, 480);
    world.edid[127]++;
    driver_start();
    CHECK_EQUAL(modes_preferred(), 0x115);
    CHECK(modes_edid() == NULL);
}

static void a_list_in_rom_is_read_there(void)
{
    static const uint16_t list[] = { 0x115, 0x115, 0x13, 0x8115, 0x112, 0xFFFF, 0x101 };

    driver_add_modes();
    memcpy(world_memory + 0xC2000, list, sizeof list);
    world.controller.modes = 0xC0002000;
    driver_start();
    CHECK_EQUAL(modes_count(), 4);
    CHECK_EQUAL(modes_at(0)->shown.mode, 0x115);
    CHECK_EQUAL(modes_at(1)->shown.mode, 0x112);
}

static void without_a_list_the_standards_modes_are_tried(void)
{
    driver_add_modes();
    world.controller.modes = 0xC0002000;
    memset(world_memory + 0xC2000, 0xFF, 2);
    driver_start();
    CHECK_EQUAL(modes_count(), 6);
    world.controller.modes = 0xFFFFFFFF;     /* nowhere */
}

static void a_list_without_an_end_is_one_of_256(void)
{
    driver_add_modes();
    for (uint32_t i = 0; i < 0x8000; i++) {
        uint16_t number = (uint16_t)(0x100 + i % 600);
        memcpy(world_memory + 0xD0000 + 2 * i, &number, 2);
    }
    world.controller.modes = 0xD0000000;
    driver_start();
    CHECK_EQUAL(adapter_controller()->mode_count, VBE_MODES_MAX);
    CHECK_EQUAL(modes_count(), 6);
}

static void a_bios_that_hangs_when_asked_for_modes_is_asked_once(void)
{
    driver_add_modes();
    world.answers[1].status = TIMED_OUT;
    driver_start();
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(world.calls, 2);             /* and not for the monitor */
    CHECK(world_log_says("hangs"));
}

static void a_bios_that_is_slow_when_asked_for_modes_is_asked_for_a_while(void)
{
    driver_add_modes();
    world.call_ns = 9 * SECOND;
    driver_start();
    CHECK_EQUAL(modes_count(), 4);           /* two of its own */
    CHECK(world_log_says("slow"));
}

static void modes_with_a_known_flaw_are_left_out(void)
{
    driver_add_modes();
    strcpy((char *)world_memory + 0xC0100, "SeaBIOS VBE Adapter");
    driver_start();
    CHECK_EQUAL(modes_count(), 5);
    CHECK(modes_find(0x102) == NULL);
    CHECK(modes_find(0x101) != NULL);
}

static void a_report_tells_what_is_refused(void)
{
    driver_add_modes();
    world.modes[0].block.pitch = 1;
    driver_options.report = true;
    driver_start();
    driver_options.report = false;
    CHECK(world_log_says("mode 101h: no mode"));
    CHECK(world_log_says("VBE 3.00"));
}

static void a_report_compares_what_is_set_with_what_was_said(void)
{
    driver_add_modes();
    world.pitch = 3200;
    driver_options.report = true;
    driver_start();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK(!world_log_says("the BIOS says"));
    world.pitch = 4096;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK(world_log_says("mode 115h has lines of 3200 bytes, and the BIOS says now 4096"));
    driver_options.report = false;
}

const struct test vesa_information_tests[] = {
    TEST(the_bios_is_asked_for_itself_alone_at_the_start),
    TEST(its_modes_come_first_and_those_of_a_vga_behind_them),
    TEST(the_monitor_chooses),
    TEST(an_edid_that_is_none_chooses_nothing),
    TEST(a_list_in_rom_is_read_there),
    TEST(without_a_list_the_standards_modes_are_tried),
    TEST(a_list_without_an_end_is_one_of_256),
    TEST(a_bios_that_hangs_when_asked_for_modes_is_asked_once),
    TEST(a_bios_that_is_slow_when_asked_for_modes_is_asked_for_a_while),
    TEST(modes_with_a_known_flaw_are_left_out),
    TEST(a_report_tells_what_is_refused),
    TEST(a_report_compares_what_is_set_with_what_was_said),
};
const size_t vesa_information_test_count = sizeof vesa_information_tests / sizeof vesa_information_tests[0];
