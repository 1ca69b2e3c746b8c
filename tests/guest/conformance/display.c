/* Screens of pixels. What is drawn here is seen for a moment where people sit; text comes back each time. */
#include <ternion/display.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "check.h"

#define NO_MODES "it has no mode"
#define TAKE_NS (10 * SECOND)        /* a mode set by a BIOS in an emulator takes a second at most */
#define LOOK_AGAIN_NS (2 * MILLISECOND)
#define SAMPLES_MAX 12U              /* modes that are set, one of each format first */

/* Clients that do something else than to use it: client_use says which by the number of the client. */
#define HOLDER 100U                  /* takes the display, and sleeps */
#define REFUSED 101U                 /* finds it taken */

static const struct operation_shape *const operations[] = { DISPLAY_PROTOCOL(SHAPE, SHAPE, display_call) };

/* ---- Requests ---- */

static struct device_call_number number_of(const struct device *device)
{
    return (struct device_call_number){ device->number };
}

static struct display_information information_of(struct device *device)
{
    struct device_call_number request = number_of(device);
    struct display_information information;

    EXPECT_OK(display_call_information(device->process, &request, &information));
    return information;
}

/* Modes from an index on, as one request gives them; they stay until the next request. */
static const struct display_mode *modes_from(struct device *device, uint32_t first, uint32_t *count_out)
{
    struct display_call_first request = { device->number, first };
    uint32_t size;

    EXPECT_OK(ask(device, &display_call_modes_shape, &request, NULL, 0));
    const struct display_mode *modes = answer_string(&size);
    EXPECT_EQUAL(0, size % sizeof modes[0]);
    *count_out = size / sizeof modes[0];
    EXPECT(*count_out <= DISPLAY_MODES_PER_CALL);
    return modes;
}

static struct display_mode modes[DISPLAY_MODES_MAX];
static uint32_t mode_count;

static void read_modes(struct device *device)
{
    uint32_t count;

    mode_count = 0;
    do {
        const struct display_mode *part = modes_from(device, mode_count, &count);

        EXPECT(count <= DISPLAY_MODES_MAX - mode_count);
        memcpy(modes + mode_count, part, count * sizeof part[0]);
        mode_count += count;
    } while (count != 0);
}

static status_t set(struct device *device, uint32_t mode, uint32_t flags, struct display_call_set_reply *reply_out)
{
    return display_call_set(device->process, &(struct display_call_set){ device->number, (uint16_t)mode, (uint16_t)flags }, reply_out);
}

static status_t flush(struct device *device, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    struct display_call_rectangle rectangle = { device->number, (uint16_t)x, (uint16_t)y, (uint16_t)width, (uint16_t)height };

    return display_call_flush(device->process, &rectangle, NULL);
}

static status_t show(struct device *device, uint32_t line, uint32_t wait)
{
    return display_call_show(device->process, &(struct display_call_line){ device->number, (uint16_t)line, (uint16_t)wait }, NULL);
}

static status_t set_colours(struct device *device, uint32_t first, uint32_t count, uint32_t bytes)
{
    struct display_call_colours request = { device->number, (uint16_t)first, (uint16_t)count };

    return ask(device, &display_call_palette_shape, &request, scratch(SCRATCH_FIRST), bytes);
}

static status_t release(struct device *device)
{
    struct device_call_number request = number_of(device);

    return display_call_release(device->process, &request, NULL);
}

/* ---- Pixels ---- */

static struct display_call_set_reply current;
static uint8_t *pixels;
static uint32_t pixel_pages;

static void map(void)
{
    uint32_t address;

    EXPECT_OK(shared_join(current.memory, current.key, 0, &address, &pixel_pages));
    pixels = (uint8_t *)address;
}

/* A driver's framebuffer may have been taken back by now. */
static void unmap(void)
{
    (void)memory_free((uint32_t)pixels, pixel_pages);
    (void)shared_leave(current.memory);
}

static void take(struct device *device, const struct display_mode *mode)
{
    EXPECT_OK(set(device, mode->mode, 0, &current));
    map();
}

static void give_back(struct device *device)
{
    EXPECT_OK(release(device));
    unmap();
}

/* As many pixels in the corners as make a word, and no pixel twice. */
static uint8_t pattern(uint32_t x, uint32_t y)
{
    return (uint8_t)(x * 7 + y * 13 + 1);
}

static void draw(uint32_t width, uint32_t height)
{
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width * current.mode.bytes; x++) {
            pixels[y * current.mode.pitch + x] = pattern(x, y);
        }
    }
}

/* Bits that are none of a pixel's may be lost; 16 colours have four. */
static bool is_drawn(uint32_t width, uint32_t height)
{
    uint8_t mask = current.mode.bits == 4 ? 0x0F : 0xFF;

    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width * current.mode.bytes; x++) {
            if (((pixels[y * current.mode.pitch + x] ^ pattern(x, y)) & mask) != 0) {
                return false;
            }
        }
    }
    return true;
}

static bool is_black(void)
{
    for (uint32_t y = 0; y < current.mode.height; y++) {
        const uint8_t *line = pixels + y * current.mode.pitch;

        if (line[0] != 0 || memcmp(line, line + 1, (uint32_t)current.mode.width * current.mode.bytes - 1) != 0) {
            return false;
        }
    }
    return true;
}

/* ---- What there is ---- */

/* The smallest mode, or with a palette, or without, or with a start that moves. NULL: there is none. */
static const struct display_mode *mode_with(uint32_t mask, uint32_t flags)
{
    const struct display_mode *best = NULL;

    for (uint32_t i = 0; i < mode_count; i++) {
        if ((modes[i].flags & mask) == flags && (best == NULL || modes[i].width * modes[i].height < best->width * best->height)) {
            best = &modes[i];
        }
    }
    return best;
}

static void use_normally(struct device *device, uint32_t client, uint32_t turn)
{
    (void)information_of(device);
    read_modes(device);
    if (mode_count == 0 || turn % CLIENTS != client % CLIENTS) {
        return;                      /* modes of a BIOS take their time */
    }
    status_t status = set(device, mode_with(0, 0)->mode, 0, &current);
    if (status == BUSY) {
        return;
    }
    EXPECT_OK(status);
    map();
    draw(16, 16);
    EXPECT_OK(flush(device, 0, 0, 16, 16));
    give_back(device);
}

static void hold(struct device *device)
{
    read_modes(device);
    take(device, mode_with(0, 0));
    draw(16, 16);
    EXPECT_OK(flush(device, 0, 0, 16, 16));
    clock_sleep(FOREVER);
}

static void be_refused(struct device *device)
{
    struct display_call_set_reply reply;

    read_modes(device);
    EXPECT_STATUS(BUSY, set(device, mode_with(0, 0)->mode, 0, &reply));
    EXPECT_STATUS(NOT_ALLOWED, flush(device, 0, 0, 1, 1));
    EXPECT_STATUS(NOT_ALLOWED, show(device, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, set_colours(device, 0, 1, 4));
    EXPECT_STATUS(NOT_ALLOWED, release(device));
    EXPECT(information_of(device).owner != process_page()->id);
}

static void use_display(struct device *device, uint32_t client, uint32_t turn)
{
    switch (client) {
    case HOLDER:
        hold(device);
        break;
    case REFUSED:
        be_refused(device);
        break;
    default:
        use_normally(device, client, turn);
    }
}

/* Starts a client that has the display when this comes back. */
static process_id_t start_holder(struct device *device)
{
    nanoseconds_t deadline_ns = clock_after(TAKE_NS);
    process_id_t holder = client_use(device, HOLDER, 1);

    while (information_of(device).owner != holder) {
        EXPECT(clock_now() < deadline_ns && !client_is_gone(holder));
        clock_sleep(LOOK_AGAIN_NS);
    }
    return holder;
}

/* ---- Checks ---- */

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
    struct display_information information = information_of(device);
    uint32_t preferred = DISPLAY_NO_MODE;

    read_modes(device);
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

    read_modes(device);
    for (uint32_t first = 0; first < mode_count; first++) {
        const struct display_mode *part = modes_from(device, first, &count);

        EXPECT(count != 0 && memcmp(part, modes + first, count * sizeof part[0]) == 0);
    }
    for (uint32_t i = 0; i < COUNT(far); i++) {
        (void)modes_from(device, far[i], &count);
        EXPECT_EQUAL(0, count);
    }
}

/* VESA Enhanced EDID Standard, release A2, section 3.1: how it begins, and that its bytes add up to 0. */
static void its_monitor_is_described_or_is_not(struct device *device)
{
    static const uint8_t beginning[] = { 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 };
    struct device_call_number request = number_of(device);
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

    read_modes(device);
    for (uint32_t number = 0; number <= UINT16_MAX; number += number < 0x200 ? 1 : 509) {
        bool is_there = false;

        for (uint32_t i = 0; i < mode_count; i++) {
            is_there = is_there || modes[i].mode == number;
        }
        if (!is_there) {
            EXPECT_STATUS(BAD_ARGUMENT, set(device, number, 0, &reply));
            refused++;
        }
    }
    EXPECT(refused > 0x100);
    EXPECT_STATUS(BAD_ARGUMENT, set(device, DISPLAY_NO_MODE, 0, &reply));
    if (mode_count != 0) {
        EXPECT_STATUS(BAD_ARGUMENT, set(device, modes[0].mode, 2, &reply));
        EXPECT_STATUS(BAD_ARGUMENT, set(device, modes[0].mode, 0x8000, &reply));
    }
    EXPECT_EQUAL(DISPLAY_NO_MODE, information_of(device).current);
}

static void without_a_mode_nothing_is_drawn(struct device *device)
{
    EXPECT_STATUS(NOT_ALLOWED, flush(device, 0, 0, 1, 1));
    EXPECT_STATUS(NOT_ALLOWED, flush(device, 0, 0, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, show(device, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, set_colours(device, 0, 1, 4));
    EXPECT_STATUS(NOT_ALLOWED, release(device));
}

static void check_one(struct device *device, const struct display_mode *mode)
{
    take(device, mode);
    EXPECT(memcmp(&current.mode, mode, sizeof *mode) == 0);
    EXPECT(display_mode_can_be(mode, pixel_pages));
    EXPECT_EQUAL(mode->mode, information_of(device).current);
    EXPECT_EQUAL(process_page()->id, information_of(device).owner);
    EXPECT(is_black());
    draw(mode->width, mode->height);
    EXPECT_OK(flush(device, 0, 0, mode->width, mode->height));
    EXPECT(is_drawn(mode->width, mode->height));
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

static void each_mode_begins_black_and_keeps_what_is_drawn(struct device *device)
{
    uint32_t samples = 0;

    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t i = 0; i < mode_count && samples < SAMPLES_MAX; i++) {
        if (is_first_of_its_format(i) || (modes[i].flags & DISPLAY_PREFERRED) != 0) {
            check_one(device, &modes[i]);
            give_back(device);
            samples++;
        }
    }
    EXPECT_EQUAL(DISPLAY_NO_MODE, information_of(device).current);
    EXPECT_EQUAL(0, information_of(device).owner);
}

/* One mode behind the other, without text between them. */
static void mode_follows_mode(struct device *device)
{
    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t turn = 0; turn < 4; turn++) {
        check_one(device, turn % 2 == 0 ? mode_with(0, 0) : &modes[mode_count - 1]);
        EXPECT_STATUS(BAD_ARGUMENT, set(device, DISPLAY_NO_MODE, 0, &current));
        EXPECT_OK(flush(device, 0, 0, 1, 1));
        if (turn != 3) {
            unmap();
        }
    }
    give_back(device);
}

static void picture_is_kept_where_that_is_wanted(struct device *device)
{
    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    const struct display_mode *mode = mode_with(0, 0);
    check_one(device, mode);
    unmap();
    EXPECT_OK(set(device, mode->mode, DISPLAY_KEEP, &current));
    map();
    EXPECT_EQUAL(mode->mode, current.mode.mode);
    EXPECT_OK(flush(device, 0, 0, mode->width, mode->height));
    give_back(device);
}

static void rectangles_outside_are_refused(struct device *device)
{
    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    const struct display_mode *mode = mode_with(0, 0);
    uint32_t width = mode->width, lines = mode->lines;
    const struct { uint32_t x, y, width, height; bool is_inside; } rectangles[] = {
        { 0, 0, width, mode->height, true }, { 0, 0, width, lines, true }, { 0, 0, 0, 0, true }, { width, lines, 0, 0, true },
        { width - 1, lines - 1, 1, 1, true }, { 3, 5, 1, 7, true },
        { 0, 0, width + 1, 1, false }, { 0, 0, 1, lines + 1, false }, { width, 0, 1, 1, false }, { 0, lines, 1, 1, false },
        { width + 1, 0, 0, 0, false }, { 0, lines + 1, 0, 0, false }, { 1, 0, width, 1, false }, { 0, 1, 1, lines, false },
        { 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, false }, { 1, 0, 0xFFFF, 1, false }, { 0, 1, 1, 0xFFFF, false }, { 0xFFFF, 0, 1, 1, false },
        { 0, 0xFFFF, 1, 1, false }, { 0x8000, 0x8000, 0x8000, 0x8000, false },
    };
    take(device, mode);
    for (uint32_t i = 0; i < COUNT(rectangles); i++) {
        EXPECT_STATUS(rectangles[i].is_inside ? OK : BAD_ARGUMENT,
                      flush(device, rectangles[i].x, rectangles[i].y, rectangles[i].width, rectangles[i].height));
    }
    give_back(device);
}

static void its_start_moves_as_far_as_there_are_lines(struct device *device)
{
    read_modes(device);
    const struct display_mode *mode = mode_with(DISPLAY_START, DISPLAY_START);
    SKIP_UNLESS(mode != NULL, "no mode has a start that moves");
    uint32_t last = (uint32_t)mode->lines - mode->height;

    take(device, mode);
    for (uint32_t line = 0; line <= last; line += line == 0 ? 1 : last < 2 ? 1 : last / 2) {
        EXPECT_OK(show(device, line, 0));
    }
    EXPECT_OK(show(device, last, 0));
    EXPECT_OK(show(device, 0, 1));
    EXPECT_STATUS(BAD_ARGUMENT, show(device, last + 1, 0));
    EXPECT_STATUS(BAD_ARGUMENT, show(device, mode->lines, 0));
    EXPECT_STATUS(BAD_ARGUMENT, show(device, 0xFFFF, 0));
    EXPECT_OK(show(device, 0, 0));
    give_back(device);
}

static void other_starts_stay(struct device *device)
{
    read_modes(device);
    const struct display_mode *mode = mode_with(DISPLAY_START, 0);
    SKIP_UNLESS(mode != NULL, "all starts move");

    take(device, mode);
    EXPECT_OK(show(device, 0, 0));
    EXPECT_OK(show(device, 0, 1));
    EXPECT_STATUS(BAD_OPERATION, show(device, 1, 0));
    give_back(device);
}

static void palettes_have_as_many_colours_as_bits_say(struct device *device)
{
    read_modes(device);
    const struct display_mode *mode = mode_with(DISPLAY_PALETTE, DISPLAY_PALETTE);
    SKIP_UNLESS(mode != NULL, "no mode has a palette");
    uint32_t colours = 1U << mode->bits;

    take(device, mode);
    EXPECT_OK(set_colours(device, 0, colours, 4 * colours));
    EXPECT_OK(set_colours(device, colours - 1, 1, 4));
    EXPECT_OK(set_colours(device, 0, 0, 0));
    EXPECT_OK(set_colours(device, colours, 0, 0));
    EXPECT_STATUS(BAD_ARGUMENT, set_colours(device, colours, 1, 4));
    EXPECT_STATUS(BAD_ARGUMENT, set_colours(device, 1, colours, 4 * colours));
    EXPECT_STATUS(BAD_ARGUMENT, set_colours(device, 0xFFFF, 1, 4));
    EXPECT_STATUS(BAD_ARGUMENT, set_colours(device, 0xFFFF, 0xFFFF, 4));
    EXPECT_STATUS(BAD_SIZE, set_colours(device, 0, 2, 4));
    EXPECT_STATUS(BAD_SIZE, set_colours(device, 0, 1, 8));
    EXPECT_STATUS(BAD_SIZE, set_colours(device, 0, 1, 3));
    EXPECT_STATUS(BAD_SIZE, set_colours(device, 0, 1, 0));
    give_back(device);
}

static void modes_of_channels_have_no_palette(struct device *device)
{
    read_modes(device);
    const struct display_mode *mode = mode_with(DISPLAY_PALETTE, 0);
    SKIP_UNLESS(mode != NULL, "all modes have palettes");

    take(device, mode);
    EXPECT_STATUS(BAD_OPERATION, set_colours(device, 0, 1, 4));
    give_back(device);
}

static void another_process_is_refused(struct device *device)
{
    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    check_one(device, mode_with(0, 0));
    EXPECT_EQUAL(0, client_wait(client_use(device, REFUSED, 3)));
    EXPECT(is_drawn(current.mode.width, current.mode.height));
    EXPECT_OK(flush(device, 0, 0, 1, 1));
    give_back(device);
}

static void death_of_a_client_gives_it_back(struct device *device)
{
    read_modes(device);
    SKIP_UNLESS(mode_count != 0, NO_MODES);
    for (uint32_t turn = 0; turn < 3; turn++) {
        process_id_t holder = start_holder(device);

        EXPECT_EQUAL(0, client_wait(client_use(device, REFUSED, 1)));
        client_end(holder);
        check_one(device, mode_with(0, 0));      /* at once */
        give_back(device);
    }
    client_end(start_holder(device));
    nanoseconds_t deadline_ns = clock_after(TAKE_NS);
    while (information_of(device).current != DISPLAY_NO_MODE) {
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(LOOK_AGAIN_NS);
    }
    EXPECT_EQUAL(0, information_of(device).owner);
}

static const struct check checks[] = {
    CHECK(its_modes_can_be),
    CHECK(modes_are_the_same_from_any_index_on),
    CHECK(its_monitor_is_described_or_is_not),
    CHECK(modes_that_it_has_not_are_refused),
    CHECK(without_a_mode_nothing_is_drawn),
    CHECK(each_mode_begins_black_and_keeps_what_is_drawn),
    CHECK(mode_follows_mode),
    CHECK(picture_is_kept_where_that_is_wanted),
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
    .use = use_display,
};
