/* The test card, pictures made larger and smaller, and dithering: against what they promise, in numbers of all sizes. */
#include <ternion/display.h>

#include "card.h"
#include "display_formats.h"
#include "dither.h"
#include "scale.h"
#include "test.h"

void *malloc(size_t size);
void free(void *memory);
void *memset(void *memory, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

#define COUNT(array) (sizeof(array) / sizeof (array)[0])

/* ---- The card ---- */

static void card_of_any_size_has_white_corners(void)
{
    for (uint32_t turn = 0; turn < 3000; turn++) {
        uint32_t width = 1 + random_edgy() % 0xFFFF, height = 1 + random_edgy() % 0xFFFF;

        CHECK_EQUAL(card_pixel(0, 0, width, height), 0xFFFFFF);
        CHECK_EQUAL(card_pixel(width - 1, height - 1, width, height), 0xFFFFFF);
        CHECK(card_pixel(random_below(width), random_below(height), width, height) <= 0xFFFFFF);
        CHECK_EQUAL(card_pixel(width - 1, 0, width, height), 0xFFFFFF);
    }
}

static void card_has_what_its_header_says(void)
{
    CHECK_EQUAL(card_pixel(1, 100, 640, 480), 0x000000);
    CHECK_EQUAL(card_pixel(2, 100, 640, 480), 0xFFFFFF);
    CHECK_EQUAL(card_pixel(7, 100, 640, 480), 0x000000);
    CHECK_EQUAL(card_pixel(8, 60, 640, 480), 0xFFFFFF);
    CHECK_EQUAL(card_pixel(631, 60, 640, 480), 0x000000);
    CHECK_EQUAL(card_pixel(8, 8 + 58 * 2 + 5, 640, 480), 0x000000);
    CHECK_EQUAL(card_pixel(631, 8 + 58 * 2 + 5, 640, 480), 0xFFFFFF);
    CHECK_EQUAL(card_pixel(631, 8 + 58 * 4 + 5, 640, 480), 0xFF0000);
    CHECK_EQUAL(card_pixel(631, 8 + 58 * 5 + 5, 640, 480), 0x00FF00);
    CHECK_EQUAL(card_pixel(631, 8 + 58 * 6 + 5, 640, 480), 0x0000FF);
    CHECK_EQUAL(card_pixel(319, 48, 640, 480), 0xFFFFFF);        /* the circle's highest point: 2/5 of 480 above the middle */
    CHECK_EQUAL(card_pixel(127, 239, 640, 480), 0xFFFFFF);
}

/* ---- Sizes ---- */

static struct picture picture_of(uint32_t width, uint32_t height)
{
    struct picture picture = { width, height, malloc(width * height * sizeof(uint32_t)) };

    for (uint32_t i = 0; i < width * height; i++) {
        picture.colours[i] = random_colour();
    }
    return picture;
}

/* All lines of a picture in another size. */
static uint32_t *scaled(const struct picture *picture, uint32_t width, uint32_t height)
{
    uint32_t *colours = malloc(width * height * sizeof *colours);
    struct scale scale;

    CHECK(scale_begin(&scale, picture, width, height));
    for (uint32_t y = 0; y < height; y++) {
        scale_line(&scale, y, colours + y * width);
    }
    scale_end(&scale);
    return colours;
}

static void picture_of_the_same_size_is_the_same(void)
{
    struct picture picture = picture_of(37, 23);
    uint32_t *colours = scaled(&picture, 37, 23);

    CHECK(memcmp(colours, picture.colours, 37 * 23 * sizeof *colours) == 0);
    free(colours);
    free(picture.colours);
}

static void one_colour_stays_one_in_any_size(void)
{
    for (uint32_t turn = 0; turn < 200; turn++) {
        struct picture picture = picture_of(1 + random_below(40), 1 + random_below(40));
        uint32_t colour = random_colour();
        uint32_t width, height;

        for (uint32_t i = 0; i < picture.width * picture.height; i++) {
            picture.colours[i] = colour;
        }
        scale_fit(&picture, 1 + random_below(80), 1 + random_below(80), &width, &height);
        uint32_t *colours = scaled(&picture, width, height);
        for (uint32_t i = 0; i < width * height; i++) {
            CHECK_EQUAL(colours[i], colour);
        }
        free(colours);
        free(picture.colours);
    }
}

/* Shares of pixels add up: with no size a multiple of the other the mean of all is still the same, but for rounding. */
static void smaller_picture_has_the_same_mean(void)
{
    for (uint32_t turn = 0; turn < 100; turn++) {
        struct picture picture = picture_of(20 + random_below(60), 20 + random_below(60));
        uint32_t width = 1 + random_below(picture.width), height = 1 + random_below(picture.height);
        uint32_t *colours = scaled(&picture, width, height);

        for (uint32_t channel = 0; channel < 3; channel++) {
            uint64_t before = 0, after = 0;

            for (uint32_t i = 0; i < picture.width * picture.height; i++) {
                before += (uint32_t)channel_of(picture.colours[i], channel);
            }
            for (uint32_t i = 0; i < width * height; i++) {
                after += (uint32_t)channel_of(colours[i], channel);
            }
            int mean_before = (int)(before * 16 / (picture.width * picture.height)), mean_after = (int)(after * 16 / (width * height));
            CHECK(distance(mean_before, mean_after) <= 9);
        }
        free(colours);
        free(picture.colours);
    }
}

static void larger_picture_goes_from_pixel_to_pixel(void)
{
    uint32_t colours_of_two[] = { 0x000000, 0x0000FF };
    struct picture two = { 2, 1, colours_of_two };
    uint32_t *colours = scaled(&two, 64, 32);

    CHECK(colours[0] == 0x000000 && colours[63] == 0x0000FF);
    for (uint32_t x = 1; x < 64; x++) {
        CHECK(colours[x] >= colours[x - 1] && colours[x] - colours[x - 1] <= 9);
        CHECK_EQUAL(colours[31 * 64 + x], colours[x]);
    }
    free(colours);
}

static void picture_fits_with_its_sides_in_proportion(void)
{
    uint32_t width, height;

    scale_fit(&(struct picture){ 640, 480, NULL }, 1024, 768, &width, &height);
    CHECK(width == 1024 && height == 768);
    scale_fit(&(struct picture){ 100, 400, NULL }, 640, 480, &width, &height);
    CHECK(width == 120 && height == 480);
    scale_fit(&(struct picture){ 8192, 1, NULL }, 640, 480, &width, &height);
    CHECK(width == 640 && height == 1);
    for (uint32_t turn = 0; turn < 10000; turn++) {
        struct picture picture = { 1 + random_edgy() % PICTURE_SIDE_MAX, 1 + random_edgy() % PICTURE_SIDE_MAX, NULL };
        uint32_t room_width = 1 + random_edgy() % 0xFFFF, room_height = 1 + random_edgy() % 0xFFFF;

        scale_fit(&picture, room_width, room_height, &width, &height);
        CHECK(width >= 1 && width <= room_width && height >= 1 && height <= room_height);
        CHECK(width == room_width || height == room_height);
    }
}

/* Of the largest picture that is taken, and the widest screen: the sanitizer sees what overflows. */
static void largest_sizes_are_counted_right(void)
{
    struct picture picture = { PICTURE_SIDE_MAX, 3, malloc(PICTURE_SIDE_MAX * 3 * sizeof(uint32_t)) };

    memset(picture.colours, 0xFF, PICTURE_SIDE_MAX * 3 * sizeof(uint32_t));
    for (uint32_t width = 1; width <= PICTURE_SIDE_MAX; width = width * 3 + 1) {
        uint32_t *colours = scaled(&picture, width, 1);

        CHECK(colours[0] == 0xFFFFFF && colours[width - 1] == 0xFFFFFF);
        free(colours);
    }
    uint32_t *colours = scaled(&picture, 65535, 24);
    CHECK(colours[65535 * 24 - 1] << 8 == 0xFFFFFF00);
    free(colours);
    free(picture.colours);
}

/* ---- Dithering ---- */

#define SIDE 64U

/* The mean of a square of one colour, dithered, in sixteenths of each channel's steps. */
static void dither_square(const struct display_mode *mode, uint32_t colour, int means_out[3])
{
    uint32_t colours[SIDE];
    uint8_t pixels[SIDE * 4];
    struct dither dither;
    uint64_t sums[3] = { 0 };

    for (uint32_t x = 0; x < SIDE; x++) {
        colours[x] = colour;
    }
    CHECK(dither_begin(&dither, mode, SIDE));
    for (uint32_t y = 0; y < SIDE; y++) {
        dither_line(&dither, colours, pixels);
        for (uint32_t x = 0; x < SIDE; x++) {
            uint32_t pixel = 0;

            for (uint32_t byte = mode->bytes; byte > 0; byte--) {
                pixel = pixel << 8 | pixels[x * mode->bytes + byte - 1];
            }
            for (uint32_t channel = 0; channel < 3; channel++) {
                sums[channel] += (uint32_t)channel_of(display_colour(mode, pixel), channel);
            }
        }
    }
    dither_end(&dither);
    for (uint32_t channel = 0; channel < 3; channel++) {
        means_out[channel] = (int)(sums[channel] / (SIDE * SIDE));
    }
}

static void dithered_colours_are_right_in_the_mean(void)
{
    for (uint32_t i = 0; i < COUNT(formats); i++) {
        for (uint32_t turn = 0; turn < 20; turn++) {
            uint32_t colour = i == 0 ? 0x010101 * (16 + random_below(224)) : random_colour();
            int means[3];

            dither_square(&formats[i], colour, means);
            for (uint32_t channel = 0; channel < 3; channel++) {
                CHECK(distance(means[channel], channel_of(colour, channel)) <= (i == 0 ? 8 : i == 1 ? 4 : 1));
            }
        }
    }
}

static void where_a_mode_has_all_colours_none_changes(void)
{
    uint32_t colours[SIDE];
    uint8_t pixels[SIDE * 4];
    struct dither dither;

    CHECK(dither_begin(&dither, &formats[5], SIDE));
    for (uint32_t y = 0; y < 20; y++) {
        for (uint32_t x = 0; x < SIDE; x++) {
            colours[x] = random_colour();
        }
        dither_line(&dither, colours, pixels);
        for (uint32_t x = 0; x < SIDE; x++) {
            CHECK_EQUAL(pixels[4 * x] << 16 | pixels[4 * x + 1] << 8 | pixels[4 * x + 2], colours[x]);
        }
    }
    dither_end(&dither);
}

static const struct test tests[] = {
    TEST(card_of_any_size_has_white_corners),
    TEST(card_has_what_its_header_says),
    TEST(picture_of_the_same_size_is_the_same),
    TEST(one_colour_stays_one_in_any_size),
    TEST(smaller_picture_has_the_same_mean),
    TEST(larger_picture_goes_from_pixel_to_pixel),
    TEST(picture_fits_with_its_sides_in_proportion),
    TEST(largest_sizes_are_counted_right),
    TEST(dithered_colours_are_right_in_the_mean),
    TEST(where_a_mode_has_all_colours_none_changes),
};
TEST_MAIN(tests)
