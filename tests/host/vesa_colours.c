/* Colours of d\vesa's modes with a palette. */
#include "vesa_tests.h"

#include <string.h>

#include <abi/panic_screen.h>

#include "screen.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void colours_go_to_the_dac_with_six_bits(void)
{
    const uint32_t colours[] = { 0xFF8004, 0x010203 };

    driver_begin();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    CHECK_EQUAL(world_dac[15][1], 0x3F);
    CHECK_EQUAL(screen_set_colours(254, 2, colours), OK);
    CHECK_EQUAL(world_dac[254][0], 0x3F);
    CHECK_EQUAL(world_dac[254][1], 0x20);
    CHECK_EQUAL(world_dac[254][2], 0x01);
    CHECK_EQUAL(world_dac[255][0], 0);
}

static void colours_go_to_the_dac_with_eight_bits_if_it_has_them(void)
{
    const uint32_t colour = 0xFF8004;

    driver_add_modes();
    world.controller.capabilities = VBE_CAN_DAC_8_BITS;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    CHECK_EQUAL(world.dac_bits, 8);
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0xFF);
    CHECK_EQUAL(world_dac[0][2], 0x04);
    screen_set_text();
    CHECK_EQUAL(driver_set(0x13, false), OK);       /* has six again */
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0x3F);
}

static void expect_six_bits(uint8_t said, uint16_t answer)
{
    const uint32_t colour = 0xFFFFFF;

    driver_add_modes();
    world.controller.capabilities = VBE_CAN_DAC_8_BITS;
    world.answers[8].ax = answer;
    world.dac_says = said;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0x3F);
}

static void a_dac_that_fails_or_says_nonsense_has_six_bits(void)
{
    expect_six_bits(0, 0x014F);
    expect_six_bits(1, 0);
    expect_six_bits(5, 0);
    expect_six_bits(9, 0);
    expect_six_bits(0xFF, 0);
}

static void an_adapter_without_a_dac_of_a_vga_is_given_colours_by_its_bios(void)
{
    const uint32_t colour = 0xFFFFFF;

    driver_add_modes();
    world.controller.capabilities = VBE_IS_NOT_VGA;
    driver_start();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    memset(world_dac, 1, sizeof world_dac);
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 1);
    world.answers[9].ax = 0x0100;
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), FAULT);
}

static void a_panic_is_written_in_the_brightest_colour(void)
{
    const uint32_t colours[] = { 0x808080, 0x00FF00, 0xFFFFFF, 0x000001 };
    const struct panic_screen *panic;

    driver_begin();
    CHECK_EQUAL(driver_set(0x101, false), OK);
    panic = (const struct panic_screen *)world.panic_address;
    CHECK_EQUAL(panic->ink, 15);
    CHECK_EQUAL(screen_set_colours(0, 4, colours), OK);
    CHECK_EQUAL(panic->ink, 2);
    CHECK_EQUAL(panic->paper, 16);           /* black since the mode was set */
}

const struct test vesa_colours_tests[] = {
    TEST(colours_go_to_the_dac_with_six_bits),
    TEST(colours_go_to_the_dac_with_eight_bits_if_it_has_them),
    TEST(a_dac_that_fails_or_says_nonsense_has_six_bits),
    TEST(an_adapter_without_a_dac_of_a_vga_is_given_colours_by_its_bios),
    TEST(a_panic_is_written_in_the_brightest_colour),
};
const size_t vesa_colours_test_count = sizeof vesa_colours_tests / sizeof vesa_colours_tests[0];
