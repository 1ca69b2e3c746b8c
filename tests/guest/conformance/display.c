/* Screens of pixels. What is drawn here is seen for a moment where people sit; text comes back each time. */
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "screen.h"

#define NO_MODES "it has no mode"
#define SAMPLES_MAX 12U              /* modes that are set, one of each format first */

static const struct operation_shape *const operations[] = { DISPLAY_PROTOCOL(SHAPE, SHAPE, display_call) };

static void check_mode(const struct display_mode *mode)
{
    uint32_t pages = PAGES(mode->pitch * mode->lines);

    EXPECT(mode->mode != DISPLAY_NO_MODE);
    EXPECT(mode->pitch <= SHARED_PAGES_MAX * PAGE_SIZE / mode->lines);
    EXPECT(display_mode_can_be(mode, pages));
    EXPECT((mode->flags & ~(DISPLAY_DIRECT | DISPLAY_PALETTE | DISPLAY_PREFERRED | DISPLAY_FALLBACK | DISPLAY_BANKED | DISPLAY_START)) == 0);
    EXPECT((mode->flags & (DISPLAY_DIRECT | DISPLAY_BANKED)) != (DISPLAY_DIRECT | DISPLAY_BANKED));
    EXPECT((mode->flags & DISPLAY_START) == 0 || mode->lines > mode->height);
}

static void its_modes_can_be(struct device *device)
{
    struct display_information information = screen_information(device);
    uint32_t preferred = DISPLAY_NO_MODE;

    screen_read_modes(device);
    EXPECT_EQUAL(information.modes, mode_count);
    EXPECT_EQUAL(DISPLAY_NO_MODE, information.current);
    EXPECT_EQUAL(0, information.owner);
    for (uint32_t i = 0; i < mode_count; i++) {
        check_mode(&modes[i]);
        for (uint32_t other = 0; other < i; other++) {
            EXPECT(modes[other].mode != modes[i].mode);
        }
        if ((modes[i].flags & DISPLAY_PREFERRED) != 0) {
            EXPECT_EQUAL(DISPLAY_NO_MODE, preferred);
            preferred = modes[i].mode;
        }
    }
    EXPECT_EQUAL(preferred, information.preferred);
    EXPECT((preferred == DISPLAY_NO_MODE) == (mode_count == 0));
}

static void modes_are_the_same_from_any_index_on(struct device *device)
{
    static const uint32_t far[] = { DISPLAY_MODES_MAX, 0x7FFFFFFF, 0x80000000, 0xAAAAAAAA, UINT32_MAX };
    uint32_t count;

    screen_read_modes(device);
    for (uint32_t first = 0; first < mode_count; first++) {
        const struct display_mode *part = screen_modes_from(device, first, &count);

        EXPECT(count != 0 && memcmp(part, modes + first, count * sizeof part[0]) == 0);
    }
    for (uint32_t i = 0; i < COUNT(far); i++) {
        (void)screen_modes_from(device, far[i], &count);
        EXPECT_EQUAL(0, count);
    }
}

/* VESA Enhanced EDID Standard, release A2, section 3.1: how it begins, and that its bytes add up to 0. */
static void its_monitor_is_described_or_is_not(struct device *device)
{
    static const uint8_t beginning[] = { 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 };
    struct device_call_number request = { device->number };
    uint32_t size;
    uint8_t sum = 0;

    status_t status = ask(device, &display_call_edid_shape, &request, NULL, 0);
    if (status != BAD_OPERATION) {
        EXPECT_OK(status);
        const uint8_t *edid = answer_string(&size);
        EXPECT_EQUAL(128, size);
        EXPECT(memcmp(edid, beginning, sizeof beginning) == 0);
        for (uint32_t i = 0; i < size; i++) {
            sum = (uint8_t)(sum + edid[i]);
        }
        EXPECT_EQUAL(0, sum);
    }
}

static void modes_that_it_has_not_are_refused(struct device *device)
{
    struct display_call_set_reply reply;
    uint32_t refused = 0;

    screen_read_modes(device);
    for (uint32_t number = 0; number <= UINT16_MAX; number += number < 0x200 ? 1 : 509) {
        bool is_there = false;

        for (uint32_t i = 0; i < mode_count; i++) {
            is_there = is_there || modes[i].mode == number;
        }
        if (!is_there) {
            EXPECT_STATUS(BAD_ARGUMENT, screen_set(device, number, 0, &reply));
            refused++;
        }
    }
    EXPECT(refused > 0x100);
    EXPECT_STATUS(BAD_ARGUMENT, screen_set(device, DISPLAY_NO_MODE, 0, &reply));
    if (mode_count != 0) {
        EXPECT_STATUS(BAD_ARGUMENT, screen_set(device, modes[0].mode, 2, &reply));
        EXPECT_STATUS(BAD_ARGUMENT, screen_set(device, modes[0].mode, 0x8000, &reply));
    }
    EXPECT_EQUAL(DISPLAY_NO_MODE, screen_information(device).current);
}

static void without_a_mode_nothing_is_drawn(struct device *device)
{
    EXPECT_STATUS(NOT_ALLOWED, screen_flush(device, 0, 0, 1, 1));
    EXPECT_STATUS(NOT_ALLOWED, screen_flush(device, 0, 0, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, screen_show(device, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, screen_set_colours(device, 0, 1, 4));
    EXPECT_STATUS(NOT_ALLOWED, screen_release(device));
}

/* What a mode that is set must be. */
static void check_taken(struct device *device, const struct display_mode *mode)
{
    EXPECT(memcmp(&current.mode, mode, sizeof *mode) == 0);
    EXPECT(display_mode_can_be(mode, pixel_pages));
    EXPECT_EQUAL(mode->mode, screen_information(device).current);
    EXPECT_EQUAL(process_page()->id, screen_information(device).owner);
    EXPECT(screen_is_black());
    screen_draw(mode->width, mode->height);
    EXPECT_OK(screen_flush(device, 0, 0, mode->width, mode->height));
    EXPECT(screen_is_drawn(mode->width, mode->height));
}

static void check_one(struct device *device, const struct display_mode *mode)
{
    screen_take(device, mode);
    check_taken(device, mode);
}

/* Has none before it the same format? */
static bool is_first_of_its_format(uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (modes[i].bits == modes[index].bits && modes[i].bytes == modes[index].bytes
            && ((modes[i].flags ^ modes[index].flags) & (DISPLAY_DIRECT | DISPLAY_BANKED | DISPLAY_START)) == 0) {
            return false;
        }
    }
    return true;
}

/* Its memory would reach nobody. */
static void mode_that_nobody_waits_for_is_not_set(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    EXPECT_OK(display_call_set_send(device->process, &(struct display_call_set){ device->number, modes[0].mode, 0 }));
    EXPECT_EQUAL(DISPLAY_NO_MODE, screen_information(device).current);       /* requests of one process come in their order */
    EXPECT_EQUAL(0, screen_information(device).owner);
}

static void each_mode_begins_black_and_keeps_what_is_drawn(struct device *device)
{
    uint32_t samples = 0;

    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t i = 0; i < mode_count && samples < SAMPLES_MAX; i++) {
        if ((is_first_of_its_format(i) || (modes[i].flags & DISPLAY_PREFERRED) != 0) && screen_try(device, &modes[i])) {
            check_taken(device, &modes[i]);
            screen_give_back(device);
            samples++;
        }
    }
    EXPECT(samples != 0);
    EXPECT_EQUAL(DISPLAY_NO_MODE, screen_information(device).current);
    EXPECT_EQUAL(0, screen_information(device).owner);
}

/* One mode behind the other, without text between them. */
static void mode_follows_mode(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t turn = 0; turn < 4; turn++) {
        check_one(device, turn % 2 == 0 ? screen_mode_with(0, 0) : &modes[mode_count - 1]);
        EXPECT_STATUS(BAD_ARGUMENT, screen_set(device, DISPLAY_NO_MODE, 0, &current));
        EXPECT_OK(screen_flush(device, 0, 0, 1, 1));
        if (turn != 3) {
            screen_unmap();
        }
    }
    screen_give_back(device);
}

static void picture_is_kept_where_that_is_wanted(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    const struct display_mode *mode = screen_mode_with(0, 0);
    check_one(device, mode);
    screen_unmap();
    EXPECT_OK(screen_set(device, mode->mode, DISPLAY_KEEP, &current));
    screen_map();
    EXPECT_EQUAL(mode->mode, current.mode.mode);
    EXPECT((mode->flags & DISPLAY_DIRECT) == 0 || screen_is_drawn(mode->width, mode->height));
    EXPECT_OK(screen_flush(device, 0, 0, mode->width, mode->height));
    screen_give_back(device);
}

/* The first whose last page is not full; else any. */
static const struct display_mode *mode_that_ends_within_a_page(void)
{
    for (uint32_t i = 0; i < mode_count; i++) {
        if (modes[i].pitch * modes[i].lines % PAGE_SIZE != 0) {
            return &modes[i];
        }
    }
    return &modes[0];
}

static void wait_until_free(struct device *device)
{
    nanoseconds_t deadline_ns = clock_after(TAKE_NS);

    while (screen_information(device).owner != 0) {
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(LOOK_AGAIN_NS);
    }
}

/* Whatever it asks for, and whether the other gave the display back or died with it. */
static void nobody_sees_the_picture_of_another(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    const struct display_mode *looked_at[] = { screen_mode_with(0, 0), mode_that_ends_within_a_page(), screen_largest_mode() };

    for (uint32_t turn = 0; turn < COUNT(looked_at); turn++) {
        EXPECT_EQUAL(0, client_wait(client_use(device, PAINTER, 1 + turn % 2)));
        wait_until_free(device);
        EXPECT_OK(screen_set(device, looked_at[turn]->mode, turn == 0 ? 0 : DISPLAY_KEEP, &current));
        screen_map();
        EXPECT(screen_is_empty());
        screen_give_back(device);
    }
}

static void rectangles_outside_are_refused(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    const struct display_mode *mode = screen_mode_with(0, 0);
    uint32_t width = mode->width, lines = mode->lines;
    const struct { uint32_t x, y, width, height; bool is_inside; } rectangles[] = {
        { 0, 0, width, mode->height, true }, { 0, 0, width, lines, true }, { 0, 0, 0, 0, true }, { width, lines, 0, 0, true },
        { width - 1, lines - 1, 1, 1, true }, { 3, 5, 1, 7, true },
        { 0, 0, width + 1, 1, false }, { 0, 0, 1, lines + 1, false }, { width, 0, 1, 1, false }, { 0, lines, 1, 1, false },
        { width + 1, 0, 0, 0, false }, { 0, lines + 1, 0, 0, false }, { 1, 0, width, 1, false }, { 0, 1, 1, lines, false },
        { 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, false }, { 1, 0, 0xFFFF, 1, false }, { 0, 1, 1, 0xFFFF, false }, { 0xFFFF, 0, 1, 1, false },
        { 0, 0xFFFF, 1, 1, false }, { 0x8000, 0x8000, 0x8000, 0x8000, false },
    };
    screen_take(device, mode);
    for (uint32_t i = 0; i < COUNT(rectangles); i++) {
        EXPECT_STATUS(rectangles[i].is_inside ? OK : BAD_ARGUMENT,
                      screen_flush(device, rectangles[i].x, rectangles[i].y, rectangles[i].width, rectangles[i].height));
    }
    screen_give_back(device);
}

static void its_start_moves_as_far_as_there_are_lines(struct device *device)
{
    screen_read_modes(device);
    const struct display_mode *mode = screen_mode_with(DISPLAY_START, DISPLAY_START);
    SKIP_UNLESS(mode != NULL, "no mode has a start that moves");
    uint32_t last = (uint32_t)mode->lines - mode->height;

    screen_take(device, mode);
    for (uint32_t line = 0; line <= last; line += line == 0 ? 1 : last < 2 ? 1 : last / 2) {
        EXPECT_OK(screen_show(device, line, 0));
    }
    EXPECT_OK(screen_show(device, last, 0));
    EXPECT_OK(screen_show(device, 0, 1));
    EXPECT_STATUS(BAD_ARGUMENT, screen_show(device, last + 1, 0));
    EXPECT_STATUS(BAD_ARGUMENT, screen_show(device, mode->lines, 0));
    EXPECT_STATUS(BAD_ARGUMENT, screen_show(device, 0xFFFF, 0));
    EXPECT_OK(screen_show(device, 0, 0));
    screen_give_back(device);
}

static void other_starts_stay(struct device *device)
{
    screen_read_modes(device);
    const struct display_mode *mode = screen_mode_with(DISPLAY_START, 0);
    SKIP_UNLESS(mode != NULL, "all starts move");

    screen_take(device, mode);
    EXPECT_STATUS(BAD_OPERATION, screen_show(device, 0, 0));
    EXPECT_STATUS(BAD_OPERATION, screen_show(device, 0, 1));
    EXPECT_STATUS(BAD_OPERATION, screen_show(device, 1, 0));
    screen_give_back(device);
}

static void palettes_have_as_many_colours_as_bits_say(struct device *device)
{
    screen_read_modes(device);
    const struct display_mode *mode = screen_mode_with(DISPLAY_PALETTE, DISPLAY_PALETTE);
    SKIP_UNLESS(mode != NULL, "no mode has a palette");
    uint32_t colours = 1U << mode->bits;

    screen_take(device, mode);
    EXPECT_OK(screen_set_colours(device, 0, colours, 4 * colours));
    EXPECT_OK(screen_set_colours(device, colours - 1, 1, 4));
    EXPECT_OK(screen_set_colours(device, 0, 0, 0));
    EXPECT_OK(screen_set_colours(device, colours, 0, 0));
    EXPECT_STATUS(BAD_ARGUMENT, screen_set_colours(device, colours, 1, 4));
    EXPECT_STATUS(BAD_ARGUMENT, screen_set_colours(device, 1, colours, 4 * colours));
    EXPECT_STATUS(BAD_ARGUMENT, screen_set_colours(device, 0xFFFF, 1, 4));
    EXPECT_STATUS(BAD_ARGUMENT, screen_set_colours(device, 0xFFFF, 0xFFFF, 4));
    EXPECT_STATUS(BAD_SIZE, screen_set_colours(device, 0, 2, 4));
    EXPECT_STATUS(BAD_SIZE, screen_set_colours(device, 0, 1, 8));
    EXPECT_STATUS(BAD_SIZE, screen_set_colours(device, 0, 1, 3));
    EXPECT_STATUS(BAD_SIZE, screen_set_colours(device, 0, 1, 0));
    screen_give_back(device);
}

static void modes_of_channels_have_no_palette(struct device *device)
{
    screen_read_modes(device);
    const struct display_mode *mode = screen_mode_with(DISPLAY_PALETTE, 0);
    SKIP_UNLESS(mode != NULL, "all modes have palettes");

    screen_take(device, mode);
    EXPECT_STATUS(BAD_OPERATION, screen_set_colours(device, 0, 1, 4));
    screen_give_back(device);
}

static void another_process_is_refused(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    check_one(device, screen_mode_with(0, 0));
    EXPECT_EQUAL(0, client_wait(client_use(device, REFUSED, 3)));
    EXPECT(screen_is_drawn(current.mode.width, current.mode.height));
    EXPECT_OK(screen_flush(device, 0, 0, 1, 1));
    screen_give_back(device);
}

static void death_of_a_client_gives_it_back(struct device *device)
{
    screen_read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t turn = 0; turn < 3; turn++) {
        process_id_t holder = screen_start_holder(device);

        EXPECT_EQUAL(0, client_wait(client_use(device, REFUSED, 1)));
        client_end(holder);
        check_one(device, screen_mode_with(0, 0));      /* at once */
        screen_give_back(device);
    }
    client_end(screen_start_holder(device));
    nanoseconds_t deadline_ns = clock_after(TAKE_NS);
    while (screen_information(device).current != DISPLAY_NO_MODE) {
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(LOOK_AGAIN_NS);
    }
    EXPECT_EQUAL(0, screen_information(device).owner);
}

static const struct check checks[] = {
    CHECK(its_modes_can_be),
    CHECK(modes_are_the_same_from_any_index_on),
    CHECK(its_monitor_is_described_or_is_not),
    CHECK(modes_that_it_has_not_are_refused),
    CHECK(without_a_mode_nothing_is_drawn),
    CHECK(mode_that_nobody_waits_for_is_not_set),
    CHECK(each_mode_begins_black_and_keeps_what_is_drawn),
    CHECK(mode_follows_mode),
    CHECK(picture_is_kept_where_that_is_wanted),
    CHECK(nobody_sees_the_picture_of_another),
    CHECK(rectangles_outside_are_refused),
    CHECK(its_start_moves_as_far_as_there_are_lines),
    CHECK(other_starts_stay),
    CHECK(palettes_have_as_many_colours_as_bits_say),
    CHECK(modes_of_channels_have_no_palette),
    CHECK(another_process_is_refused),
    CHECK(death_of_a_client_gives_it_back),
};

const struct kind display_kind = {
    .type = DEVICE_DISPLAY,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = screen_use,
};
