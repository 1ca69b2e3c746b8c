/* d\vesa's modes with banks and planes: what was drawn is brought behind the window. */
#include "vesa_tests.h"

#include <string.h>

#include <abi/panic_screen.h>

#include "screen.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void expect_banked_screen(uint16_t number, uint16_t granularity)
{
    driver_begin_with_banks(granularity);
    CHECK_EQUAL(driver_set(number, false), OK);
    uint8_t *pixels = driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, driver_shown.width, driver_shown.height }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, driver_shown.pitch * driver_shown.height) == 0);
    CHECK_EQUAL(world.windows_set, (driver_shown.pitch * driver_shown.height + WORLD_WINDOW - 1) / WORLD_WINDOW + 1);    /* and back to the first */
    screen_set_text();
    driver_expect_text();
}

static void banks_of_64_kb_show_all(void)
{
    expect_banked_screen(0x115, 64);
}

static void banks_that_begin_at_each_4_kb_show_all(void)
{
    expect_banked_screen(0x101, 4);
}

static void banks_that_begin_at_each_32_kb_show_all(void)
{
    expect_banked_screen(0x112, 32);
}

static void a_rectangle_is_all_that_is_brought(void)
{
    const struct display_call_rectangle rectangle = { 0, 13, 17, 701, 399 };

    driver_begin_with_banks(32);
    CHECK_EQUAL(driver_set(0x115, false), OK);
    driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 800, 600, 0, 0 }), OK);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 800, 0, 0, 600 }), OK);
    CHECK_EQUAL(world.windows_set, 1);       /* where it is is not known before */
    CHECK_EQUAL(screen_flush(&rectangle), OK);
    world_settle();
    for (uint32_t i = 0; i < 3200 * 600; i++) {
        uint32_t x = i % 3200 / 4, y = i / 3200;
        bool is_inside = x >= 13 && x < 714 && y >= 17 && y < 416;

        CHECK_EQUAL(world_frame[i], is_inside ? driver_pattern(i) : 0);
    }
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->window_offset, world.windows[0] * 0x8000);
}

static void a_bank_that_is_there_is_not_switched(void)
{
    driver_begin_with_banks(64);
    CHECK_EQUAL(driver_set(0x101, false), OK);
    for (uint32_t i = 0; i < 10; i++) {
        CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, (uint16_t)(60 * i), 2, 50, 50 }), OK);
    }
    CHECK_EQUAL(world.windows_set, 1);
}

static void a_window_function_that_works_is_called(void)
{
    driver_add_modes();
    world.modes[0].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    world.modes[0].block.window_function = 0xC0001234;
    world.has_window_function = true;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    uint8_t *pixels = driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, 640 * 480) == 0);
    CHECK_EQUAL(world.windows_set, 0);
    CHECK_EQUAL(world.window_calls, 6);
}

static void one_that_does_not_is_called_once(void)
{
    driver_add_modes();
    world.modes[0].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    world.modes[0].block.window_function = 0xC0001234;
    world.windows[0] = 9;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    world.windows[0] = 9;                    /* else the first position would be right by chance */
    uint8_t *pixels = driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, 640 * 480) == 0);
    CHECK_EQUAL(world.window_calls, 1);
    CHECK_EQUAL(world.windows_set, 6);
}

static void a_window_that_does_not_move_is_a_fault_and_no_more(void)
{
    driver_begin_with_banks(64);
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.answers[5].ax = 0x014F;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    CHECK(world_log_says("window"));
    world.answers[5].ax = 0;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), OK);
}

static void a_window_that_hangs_is_not_tried_again(void)
{
    driver_begin_with_banks(64);
    CHECK_EQUAL(driver_set(0x115, false), OK);
    world.answers[5].status = TIMED_OUT;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    uint32_t calls = world.calls;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    CHECK_EQUAL(world.calls, calls);
    world.answers[5].status = OK;
    CHECK_EQUAL(driver_set(0x115, true), OK);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), OK);
}

static void planes_show_what_was_drawn(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x102, false), OK);
    CHECK_EQUAL(driver_shown.pitch, 800);
    driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 101, 50, 333, 222 }), OK);
    world_settle();
    driver_expect_planes(101, 50, 434, 272, 100);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 800, 600 }), OK);
    world_settle();
    driver_expect_planes(0, 0, 800, 600, 100);
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->bytes, 0);
    for (uint32_t i = 0; i < 16; i++) {
        CHECK_EQUAL(world_attributes[i], i);
    }
}

static void planes_beyond_64_kb_have_banks(void)
{
    driver_add_modes();
    (void)world_add_mode(0x104, 1024, 768, 4);
    world_list_modes();
    driver_start();
    CHECK_EQUAL(driver_set(0x104, false), OK);
    driver_draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 1024, 768 }), OK);
    world_settle();
    driver_expect_planes(0, 0, 1024, 768, 128);
    CHECK_EQUAL(world.windows_set, 3);
}

const struct test vesa_banks_tests[] = {
    TEST(banks_of_64_kb_show_all),
    TEST(banks_that_begin_at_each_4_kb_show_all),
    TEST(banks_that_begin_at_each_32_kb_show_all),
    TEST(a_rectangle_is_all_that_is_brought),
    TEST(a_bank_that_is_there_is_not_switched),
    TEST(a_window_function_that_works_is_called),
    TEST(one_that_does_not_is_called_once),
    TEST(a_window_that_does_not_move_is_a_fault_and_no_more),
    TEST(a_window_that_hangs_is_not_tried_again),
    TEST(planes_show_what_was_drawn),
    TEST(planes_beyond_64_kb_have_banks),
};
const size_t vesa_banks_test_count = sizeof vesa_banks_tests / sizeof vesa_banks_tests[0];
