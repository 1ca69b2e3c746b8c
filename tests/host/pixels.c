/* Modes, and colours as their pixels: against what they promise, in numbers of all sizes. */
#include <ternion/display.h>

#include "display_formats.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof (array)[0])

/* ---- Colours ---- */

static void colours_come_back_as_near_as_bits_allow(void)
{
    static const int most[COUNT(formats)][3] = { { 255, 255, 255 }, { 19, 19, 43 }, { 8, 8, 8 }, { 8, 4, 8 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } };

    for (uint32_t i = 0; i < COUNT(formats); i++) {
        const struct display_mode *mode = &formats[i];

        CHECK_EQUAL(display_colour(mode, display_pixel(mode, 0)), 0);
        CHECK_EQUAL(display_colour(mode, display_pixel(mode, 0xFFFFFF)), 0xFFFFFF);
        for (uint32_t turn = 0; turn < 20000; turn++) {
            uint32_t colour = random_colour();
            uint32_t pixel = display_pixel(mode, colour);
            uint32_t seen = display_colour(mode, pixel);

            CHECK(mode->bytes == 4 || pixel >> (8 * mode->bytes) == 0);
            CHECK_EQUAL(display_pixel(mode, seen), pixel);
            for (uint32_t channel = 0; channel < 3; channel++) {
                CHECK(distance(channel_of(colour, channel), channel_of(seen, channel)) <= most[i][channel]);
            }
        }
    }
}

static void colours_of_palettes_are_their_own_pixels(void)
{
    uint32_t colours[DISPLAY_COLOURS];

    for (uint32_t i = 0; i < COUNT(formats); i++) {
        uint32_t count = display_palette(&formats[i], colours);

        CHECK_EQUAL(count, i == 0 ? 16 : i == 1 ? 256 : 0);
        for (uint32_t index = 0; index < count; index++) {
            CHECK_EQUAL(display_pixel(&formats[i], colours[index]), index);
            CHECK_EQUAL(display_colour(&formats[i], index), colours[index]);
        }
    }
}

/* Whatever a driver says of its channels: the sanitizer sees shifts that cannot be. */
static void strange_channels_do_no_harm(void)
{
    for (uint32_t turn = 0; turn < 100000; turn++) {
        struct display_mode mode = {
            .flags = (uint16_t)random_edgy(), .bits = (uint16_t)random_edgy(), .red = { (uint8_t)random_edgy(), (uint8_t)random_edgy() },
            .green = { (uint8_t)random_edgy(), (uint8_t)random_edgy() }, .blue = { (uint8_t)random_edgy(), (uint8_t)random_edgy() },
        };

        (void)display_colour(&mode, display_pixel(&mode, random_next()));
        CHECK(display_colour(&mode, random_next()) <= 0xFFFFFF);
    }
}

static void pixels_are_stored_with_the_lowest_byte_first(void)
{
    uint8_t bytes[5] = { 0xEE, 0xEE, 0xEE, 0xEE, 0xEE };

    display_store(bytes, 3, 0x44332211);
    CHECK(bytes[0] == 0x11 && bytes[1] == 0x22 && bytes[2] == 0x33 && bytes[3] == 0xEE);
    display_store(bytes, 4, 0x44332211);
    CHECK(bytes[3] == 0x44 && bytes[4] == 0xEE);
}

/* ---- Modes ---- */

static void modes_that_can_be_fit_their_memory(void)
{
    uint32_t possible = 0;

    for (uint32_t turn = 0; turn < 300000; turn++) {
        struct display_mode mode = formats[random_below(COUNT(formats))];
        uint32_t pages = random_edgy() % 5000;

        mode.width = (uint16_t)random_edgy();
        mode.height = (uint16_t)random_edgy();
        mode.lines = random_one_in(2) ? mode.height : (uint16_t)random_edgy();
        mode.pitch = random_one_in(2) ? (uint32_t)mode.width * mode.bytes : random_edgy();
        mode.bytes = random_one_in(8) ? (uint16_t)random_edgy() : mode.bytes;
        bool fits = mode.width != 0 && mode.height != 0 && mode.lines >= mode.height && (uint64_t)mode.width * mode.bytes <= mode.pitch
                 && (uint64_t)mode.pitch * mode.lines <= (uint64_t)pages * 4096;
        if (display_mode_can_be(&mode, pages)) {
            CHECK(fits && mode.bytes >= 1 && mode.bytes <= 4);
            possible++;
        }
    }
    CHECK(possible > 1000);
}

static void formats_that_cannot_be_are_found(void)
{
    struct display_mode good = formats[3];
    good.width = good.height = good.lines = 10;
    good.pitch = 20;
    CHECK(display_mode_can_be(&good, 1));
    CHECK(!display_mode_can_be(&good, 0));

    struct display_mode bad = good;
    bad.red.shift = 12;
    CHECK(!display_mode_can_be(&bad, 1));
    bad = good;
    bad.green.bits = 0;
    CHECK(!display_mode_can_be(&bad, 1));
    bad = good;
    bad.flags = DISPLAY_PALETTE;
    CHECK(!display_mode_can_be(&bad, 1));
    bad = good;
    bad.bits = 17;
    CHECK(!display_mode_can_be(&bad, 1));
}

static const struct display_mode some[] = {
    { .mode = 0x100, .width = 640, .height = 400, .bits = 8 }, { .mode = 0x101, .width = 640, .height = 480, .bits = 8 },
    { .mode = 0x111, .width = 640, .height = 480, .bits = 16 }, { .mode = 0x112, .width = 640, .height = 480, .bits = 32 },
    { .mode = 0x114, .width = 800, .height = 600, .bits = 16, .flags = DISPLAY_PREFERRED }, { .mode = 300, .width = 1024, .height = 768, .bits = 24 },
};

static void nearest_mode_is_large_enough_and_no_larger(void)
{
    static const struct { uint32_t width, height, bits, mode; } cases[] = {
        { 640, 480, 32, 0x112 }, { 640, 480, 24, 0x111 }, { 640, 480, 16, 0x111 }, { 640, 480, 15, 0x101 }, { 640, 480, 1, 0x101 },
        { 320, 200, 32, 0x100 }, { 641, 1, 32, 0x114 }, { 1, 601, 8, 300 }, { 1025, 1, 8, 300 }, { 5000, 5000, 8, 300 }, { 0, 0, 0, 0x100 },
    };
    for (uint32_t i = 0; i < COUNT(cases); i++) {
        CHECK_EQUAL(display_nearest(some, COUNT(some), cases[i].width, cases[i].height, cases[i].bits)->mode, cases[i].mode);
    }
    CHECK(display_nearest(some, 0, 1, 1, 1) == NULL);
}

static void modes_are_found_by_what_people_type(void)
{
    static const struct { const char *words; uint32_t mode; } cases[] = {
        { "0x112", 0x112 }, { "0X112", 0 }, { "0x012C", 300 }, { "300", 300 }, { "274", 0x112 }, { "640x480", 0x112 }, { "640x480x16", 0x111 },
        { "640x480x24", 0 }, { "800x600", 0x114 }, { "preferred", 0x114 }, { "", 0 }, { "x", 0 }, { "0x", 0 }, { "640x", 0 }, { "640x480x", 0 },
        { "640x480x16x", 0 }, { "x480", 0 }, { "640 x480", 0 }, { "-1", 0 }, { "4294967596", 0 }, { "0x10000012C", 0 }, { "640x4294967776", 0 },
        { "preferred ", 0 }, { "0x112 ", 0 }, { "65536x480", 0 },
    };
    for (uint32_t i = 0; i < COUNT(cases); i++) {
        const struct display_mode *mode = display_choose(some, COUNT(some), cases[i].words);

        if (mode == NULL ? cases[i].mode != 0 : mode->mode != cases[i].mode) {
            FAIL("\"%s\" is %x", cases[i].words, mode == NULL ? 0 : mode->mode);
        }
    }
    CHECK(display_choose(some, 4, "preferred") == NULL);
}

static const struct test tests[] = {
    TEST(colours_come_back_as_near_as_bits_allow),
    TEST(colours_of_palettes_are_their_own_pixels),
    TEST(strange_channels_do_no_harm),
    TEST(pixels_are_stored_with_the_lowest_byte_first),
    TEST(modes_that_can_be_fit_their_memory),
    TEST(formats_that_cannot_be_are_found),
    TEST(nearest_mode_is_large_enough_and_no_larger),
    TEST(modes_are_found_by_what_people_type),
};
TEST_MAIN(tests)
