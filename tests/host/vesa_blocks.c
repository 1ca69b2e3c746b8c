/* What VBE BIOSes and monitors say: EDID, and modes made of the blocks of VBE 1.0 to 3.0. */
#include <string.h>

#include "edid.h"
#include "mode.h"
#include "planes.h"
#include "test.h"

#define FRAME 0xE0000000U

static struct mode_limits limits;
static struct vbe_mode_block block;
static struct mode mode;
static const char *no_linear;

static const char *frame_is_fine(physical_t first, uint32_t size)
{
    (void)first;
    (void)size;
    return NULL;
}

static const char *frame_is_one_screen(physical_t first, uint32_t size)
{
    (void)first;
    return size > 800 * 600 * 4 ? "too large" : NULL;
}

static const char *frame_is_bad(physical_t first, uint32_t size)
{
    (void)first;
    (void)size;
    return "elsewhere";
}

/* 800 by 600 of 32 bits, VBE 2.0. */
static void begin(void)
{
    limits = (struct mode_limits){ .version = 0x0200, .memory = 4 << 20, .frame_problem = frame_is_fine };
    block = (struct vbe_mode_block){
        .attributes = 0x00BB, .window_attributes = { 7, 0 }, .granularity = 32, .window_size = 64, .window_segment = { 0xA000, 0 },
        .window_function = 0xC0001234, .pitch = 3200, .width = 800, .height = 600, .planes = 1, .bits = 32, .model = VBE_DIRECT_COLOUR,
        .red = { 8, 16 }, .green = { 8, 8 }, .blue = { 8, 0 }, .spare = { 8, 24 }, .frame = FRAME,
    };
}

static const char *make(uint16_t number)
{
    memset(&mode, 0, sizeof mode);
    return mode_from_block(number, &block, &limits, &mode, &no_linear);
}

static void expect_no_mode(void)
{
    CHECK(make(0x118) != NULL);
    CHECK_EQUAL(mode.shown.width, 0);
}

static void expect_channels(uint32_t red, uint32_t green, uint32_t blue)
{
    CHECK_EQUAL(mode.shown.red.bits * 256U + mode.shown.red.shift, red);
    CHECK_EQUAL(mode.shown.green.bits * 256U + mode.shown.green.shift, green);
    CHECK_EQUAL(mode.shown.blue.bits * 256U + mode.shown.blue.shift, blue);
}

/* ---- Modes ---- */

static void a_linear_mode_is_its_framebuffer(void)
{
    begin();
    CHECK(make(0x115) == NULL && no_linear == NULL);
    CHECK_EQUAL(mode.kind, MODE_LINEAR);
    CHECK_EQUAL(mode.frame, FRAME);
    CHECK_EQUAL(mode.shown.flags, DISPLAY_DIRECT | DISPLAY_START);
    CHECK_EQUAL(mode.shown.pitch, 3200);
    CHECK_EQUAL(mode.shown.bytes, 4);
    CHECK_EQUAL(mode.shown.bits, 32);
    CHECK_EQUAL(mode.shown.lines, 1200);
    CHECK_EQUAL(mode.frame_size, mode.shown.lines * 3200U);
    expect_channels(0x810, 0x808, 0x800);
    limits.memory = 3 << 20;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.shown.lines, (3 << 20) / 3200);
}

static void without_the_attribute_there_are_banks(void)
{
    begin();
    block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    CHECK(make(0x115) == NULL && no_linear == NULL);
    CHECK_EQUAL(mode.kind, MODE_BANKED);
    CHECK_EQUAL(mode.shown.flags, DISPLAY_BANKED);
    CHECK_EQUAL(mode.shown.lines, 600);
    CHECK_EQUAL(mode.window.memory, 0xA0000);
    CHECK_EQUAL(mode.window.size, 0x10000);
    CHECK_EQUAL(mode.window.granularity, 0x8000);
    CHECK_EQUAL(mode.window.function, 0xC0001234);
}

static void a_framebuffer_that_is_none_leaves_banks(void)
{
    begin();
    block.frame = 0;
    CHECK(make(0x115) == NULL && no_linear != NULL);
    CHECK_EQUAL(mode.kind, MODE_BANKED);
    block.frame = FRAME + 1;
    CHECK(make(0x115) == NULL && no_linear != NULL);
    block.frame = 0xFFFFF000;
    CHECK(make(0x115) == NULL && no_linear != NULL);
    block.frame = FRAME;
    limits.frame_problem = frame_is_bad;
    CHECK(make(0x115) == NULL);
    CHECK(strcmp(no_linear, "elsewhere") == 0);
    CHECK_EQUAL(mode.kind, MODE_BANKED);
    block.attributes |= VBE_MODE_NO_WINDOW;
    expect_no_mode();
}

static void a_framebuffer_with_room_for_one_screen_is_one(void)
{
    begin();
    limits.frame_problem = frame_is_one_screen;
    CHECK(make(0x115) == NULL && no_linear == NULL);
    CHECK_EQUAL(mode.shown.flags, DISPLAY_DIRECT);
    CHECK_EQUAL(mode.shown.lines, 600);
    limits.memory = 0;               /* not known */
    CHECK(make(0x115) == NULL && no_linear == NULL);
    CHECK_EQUAL(mode.shown.lines, 600);
}

static void vbe_3_tells_of_linear_modes_apart(void)
{
    begin();
    limits.version = 0x0300;
    block.linear_pitch = 4096;
    block.linear_red.bits = 8;
    block.linear_green.bits = 8;
    block.linear_green.shift = 8;
    block.linear_blue.bits = 8;
    block.linear_blue.shift = 16;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.shown.pitch, 4096);
    expect_channels(0x800, 0x808, 0x810);
    limits.version = 0x0200;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.shown.pitch, 3200);
    expect_channels(0x810, 0x808, 0x800);
    limits.version = 0x0300;
    block.linear_pitch = 0;
    block.linear_red.bits = 0;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.shown.pitch, 3200);
}

static void masks_that_are_not_filled_in_are_the_usual_ones(void)
{
    static const struct { uint8_t bits; uint32_t red, green, blue; } usual[] = {
        { 15, 0x50A, 0x505, 0x500 }, { 16, 0x50B, 0x605, 0x500 }, { 24, 0x810, 0x808, 0x800 }, { 32, 0x810, 0x808, 0x800 },
    };

    begin();
    block.red.bits = block.red.shift = block.green.bits = block.green.shift = block.blue.bits = block.blue.shift = 0;
    for (uint32_t i = 0; i < 4; i++) {
        block.bits = usual[i].bits;
        CHECK(make(0x115) == NULL);
        CHECK_EQUAL(mode.shown.bits, usual[i].bits);
        CHECK_EQUAL(mode.shown.bytes, (usual[i].bits + 7) / 8);
        expect_channels(usual[i].red, usual[i].green, usual[i].blue);
    }
    block.bits = 16;
    block.model = VBE_PACKED;        /* as some before 1.2 call it */
    CHECK(make(0x115) == NULL);
}

static void sixteen_bits_of_which_one_is_spare_are_fifteen(void)
{
    begin();
    block.bits = 16;
    block.red.bits = 5;
    block.red.shift = 10;
    block.green.bits = 5;
    block.green.shift = 5;
    block.blue.bits = 5;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.shown.bits, 15);
    CHECK_EQUAL(mode.shown.bytes, 2);
}

static void masks_that_make_no_sense_are_no_mode(void)
{
    begin();
    block.red.shift = 8;             /* on the green */
    expect_no_mode();
    begin();
    block.red.bits = 9;
    expect_no_mode();
    begin();
    block.red.shift = 25;
    expect_no_mode();
    begin();
    block.red.shift = 255;
    expect_no_mode();
    begin();
    block.green.bits = 0;
    expect_no_mode();
    begin();
    block.bits = 24;
    block.red.shift = 17;
    expect_no_mode();
}

static void pixels_of_eight_and_four_bits_have_a_palette(void)
{
    begin();
    block.bits = 8;
    block.model = VBE_PACKED;
    block.pitch = 832;
    CHECK(make(0x103) == NULL);
    CHECK_EQUAL(mode.shown.flags, DISPLAY_DIRECT | DISPLAY_START | DISPLAY_PALETTE);
    CHECK_EQUAL(mode.shown.pitch, 832);
    block.bits = 4;
    block.model = VBE_PLANAR;
    block.pitch = 100;
    CHECK(make(0x102) == NULL);
    CHECK_EQUAL(mode.kind, MODE_PLANAR);
    CHECK_EQUAL(mode.shown.flags, DISPLAY_BANKED | DISPLAY_PALETTE);
    CHECK_EQUAL(mode.shown.pitch, 800);
    CHECK_EQUAL(mode.shown.bytes, 1);
    CHECK_EQUAL(mode.pitch, 100);
    block.width = 804;
    expect_no_mode();
    block.width = 800;
    limits.memory = 4 * 100 * 600 - 1;
    expect_no_mode();
}

static void modes_of_other_kinds_are_none(void)
{
    begin();
    block.attributes &= (uint16_t)~VBE_MODE_WORKS;
    expect_no_mode();
    begin();
    block.attributes &= (uint16_t)~VBE_MODE_GRAPHICS;
    expect_no_mode();
    for (uint32_t model = 0; model < 256; model++) {
        begin();
        block.model = (uint8_t)model;
        CHECK((make(0x115) == NULL) == (model == VBE_PACKED || model == VBE_DIRECT_COLOUR));
    }
    for (uint32_t bits = 0; bits < 256; bits++) {
        begin();
        block.bits = (uint8_t)bits;
        block.red.shift = 10, block.green.shift = 5;
        block.red.bits = block.green.bits = block.blue.bits = 5;
        CHECK((make(0x115) == NULL) == (bits == 15 || bits == 16 || bits == 24 || bits == 32));
    }
}

static void sizes_that_do_not_fit_are_no_mode(void)
{
    begin();
    block.width = 0;
    expect_no_mode();
    begin();
    block.height = 0;
    expect_no_mode();
    begin();
    block.height = 9000;
    expect_no_mode();
    begin();
    block.pitch = 3199;
    expect_no_mode();
    begin();
    limits.memory = 3200 * 600 - 1;
    expect_no_mode();
    limits.memory++;
    CHECK(make(0x115) == NULL);
    begin();
    limits.memory = 1 << 30;
    block.pitch = 0xFFFF;
    expect_no_mode();                /* more than can be shared */
}

static void windows_that_make_no_sense_are_no_mode(void)
{
    static const uint16_t segments[] = { 0, 0x9F00, 0xA001, 0xC000, 0xFFFF };

    for (uint32_t i = 0; i < 5; i++) {
        begin();
        block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
        block.window_segment[0] = segments[i];
        expect_no_mode();
    }
    begin();
    block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    block.window_size = 129;
    expect_no_mode();
    block.window_size = 0;
    expect_no_mode();
    block.window_size = 64;
    block.granularity = 65;
    expect_no_mode();
    block.granularity = 0;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.window.granularity, 0x10000);
}

static void the_window_that_can_be_written_is_taken(void)
{
    begin();
    block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    block.window_attributes[0] = 3;
    expect_no_mode();
    block.window_attributes[1] = 5;
    block.window_segment[1] = 0xB000;
    CHECK(make(0x115) == NULL);
    CHECK_EQUAL(mode.window.number, 1);
    CHECK_EQUAL(mode.window.memory, 0xB0000);
}

static void vbe_1_0_modes_have_the_sizes_of_the_standard(void)
{
    begin();
    limits.version = 0x0100;
    block = (struct vbe_mode_block){
        .attributes = 0x0019, .window_attributes = { 7, 0 }, .granularity = 64, .window_size = 64, .window_segment = { 0xA000, 0 }, .pitch = 1024,
    };
    CHECK(make(0x105) == NULL);
    CHECK_EQUAL(mode.shown.width, 1024);
    CHECK_EQUAL(mode.shown.height, 768);
    CHECK_EQUAL(mode.shown.bits, 8);
    CHECK(make(0x108) != NULL);      /* text */
    CHECK(make(0x11C) != NULL);
    CHECK(make(0x99) != NULL);
    block.pitch = 128;
    CHECK(make(0x104) == NULL);
    CHECK_EQUAL(mode.kind, MODE_PLANAR);
    block.pitch = 1600;
    CHECK(make(0x114) == NULL);
    expect_channels(0x50B, 0x605, 0x500);
}

/* ---- The preferred one ---- */

static struct mode some[6];

static void some_modes(void)
{
    static const uint16_t sizes[6][3] = { { 640, 480, 32 }, { 800, 600, 16 }, { 1024, 768, 8 }, { 1024, 768, 24 }, { 1024, 768, 24 }, { 1280, 1024, 16 } };

    memset(some, 0, sizeof some);
    for (uint32_t i = 0; i < 6; i++) {
        some[i].shown.width = sizes[i][0];
        some[i].shown.height = sizes[i][1];
        some[i].shown.bits = sizes[i][2];
    }
    some[4].shown.flags = DISPLAY_DIRECT;
}

static void the_preferred_mode_is_the_monitors(void)
{
    some_modes();
    CHECK_EQUAL(mode_preferred(some, 6, 1280, 1024), 5);
    CHECK_EQUAL(mode_preferred(some, 6, 0, 0), 4);
    CHECK_EQUAL(mode_preferred(some, 6, 1366, 768), 4);
    CHECK_EQUAL(mode_preferred(some, 6, 800, 480), 0);       /* nothing fits: the first */
    CHECK_EQUAL(mode_preferred(some, 6, 999, 700), 1);
    CHECK_EQUAL(mode_preferred(some, 2, 0, 0), 1);
    CHECK_EQUAL(mode_preferred(&some[5], 1, 0, 0), 0);
}

/* ---- Monitors ---- */

static uint8_t bytes[EDID_SIZE];

static void seal(void)
{
    uint8_t sum = 0;

    for (uint32_t i = 0; i < EDID_SIZE - 1; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    bytes[EDID_SIZE - 1] = (uint8_t)-sum;
}

static void some_edid(void)
{
    static const uint8_t beginning[8] = { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0 };
    static const uint8_t timing[18] = { 0x64, 0x19, 0x00, 0x40, 0x41, 0x00, 0x26, 0x30, 0x18, 0x88, 0x36, 0x00, 0x54, 0x0E, 0x11, 0x00, 0x00, 0x18 };

    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, beginning, 8);
    bytes[18] = 1;
    bytes[21] = 34;
    bytes[22] = 27;
    memcpy(bytes + 54, timing, 18);
    seal();
}

static void a_monitor_says_its_size(void)
{
    struct edid edid;

    some_edid();
    CHECK(edid_read(bytes, &edid));
    CHECK_EQUAL(edid.width, 1024);
    CHECK_EQUAL(edid.height, 768);
    CHECK_EQUAL(edid.width_mm, 340);     /* the timing has none in its second half: 340 by 270 of centimetres */
    CHECK_EQUAL(edid.height_mm, 270);
    bytes[54 + 14] = 0x11;
    bytes[54 + 13] = 0x0F;
    bytes[54 + 17] |= 0x80;
    seal();
    CHECK(edid_read(bytes, &edid));
    CHECK_EQUAL(edid.height, 1536);
    CHECK_EQUAL(edid.width_mm, 0x154);
    CHECK_EQUAL(edid.height_mm, 0x10F);
}

static void what_does_not_begin_or_add_up_is_no_edid(void)
{
    for (uint32_t i = 0; i < EDID_SIZE; i++) {
        struct edid edid = { .width = 77 };

        some_edid();
        bytes[i]++;
        CHECK(!edid_read(bytes, &edid));
        if (i < 8 || i == 18) {
            seal();
            CHECK(!edid_read(bytes, &edid));
        }
        CHECK_EQUAL(edid.width, 77);
    }
    memset(bytes, 0, sizeof bytes);
    struct edid edid;
    CHECK(!edid_read(bytes, &edid));
}

static void a_monitor_without_a_timing_has_no_size(void)
{
    struct edid edid;

    some_edid();
    bytes[54] = bytes[55] = 0;
    bytes[21] = 0;
    seal();
    CHECK(edid_read(bytes, &edid));
    CHECK_EQUAL(edid.width, 0);
    CHECK_EQUAL(edid.width_mm, 0);
    CHECK_EQUAL(edid.height_mm, 0);
}

/* ---- Planes ---- */

static void planes_are_the_bits_of_pixels(void)
{
    uint8_t pixels[64 * 8], planes[64];

    for (uint32_t round = 0; round < 100; round++) {
        for (uint32_t i = 0; i < sizeof pixels; i++) {
            pixels[i] = (uint8_t)random_next();
        }
        for (uint32_t plane = 0; plane < 4; plane++) {
            planes_convert(pixels, plane, planes, 64);
            for (uint32_t i = 0; i < sizeof pixels; i++) {
                CHECK_EQUAL(planes[i / 8] >> (7 - i % 8) & 1, pixels[i] >> plane & 1);
            }
        }
    }
}

static const struct test tests[] = {
    TEST(a_linear_mode_is_its_framebuffer),
    TEST(without_the_attribute_there_are_banks),
    TEST(a_framebuffer_that_is_none_leaves_banks),
    TEST(a_framebuffer_with_room_for_one_screen_is_one),
    TEST(vbe_3_tells_of_linear_modes_apart),
    TEST(masks_that_are_not_filled_in_are_the_usual_ones),
    TEST(sixteen_bits_of_which_one_is_spare_are_fifteen),
    TEST(masks_that_make_no_sense_are_no_mode),
    TEST(pixels_of_eight_and_four_bits_have_a_palette),
    TEST(modes_of_other_kinds_are_none),
    TEST(sizes_that_do_not_fit_are_no_mode),
    TEST(windows_that_make_no_sense_are_no_mode),
    TEST(the_window_that_can_be_written_is_taken),
    TEST(vbe_1_0_modes_have_the_sizes_of_the_standard),
    TEST(the_preferred_mode_is_the_monitors),
    TEST(a_monitor_says_its_size),
    TEST(what_does_not_begin_or_add_up_is_no_edid),
    TEST(a_monitor_without_a_timing_has_no_size),
    TEST(planes_are_the_bits_of_pixels),
};
TEST_MAIN(tests)
