/* d\vesa's modes with a linear framebuffer: who sees what in it. */
#include "vesa_tests.h"

#include <string.h>

#include <abi/panic_screen.h>
#include <ternion/clock.h>
#include <ternion/memory.h>

#include "modes.h"
#include "screen.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

static void a_linear_mode_is_set_and_shared(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x4115);      /* linear, cleared by the BIOS */
    CHECK(world.is_lent);
    CHECK_EQUAL(world.shared_physical, WORLD_FRAME);
    CHECK_EQUAL(driver_shown.width, 800);
    CHECK(driver_memory.id != 0);
    const struct panic_screen *panic = (const struct panic_screen *)world.panic_address;
    CHECK(panic != NULL);
    CHECK_EQUAL(panic->window, WORLD_FRAME);
    CHECK_EQUAL(panic->ink, 0xFFFFFF);
    CHECK_EQUAL(panic->font_height, 16);
    CHECK_EQUAL(panic->font['A' * 16 + 3], 3);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 800, 600 }), OK);
    CHECK_EQUAL(world.windows_set, 0);
    screen_set_text();
    CHECK_EQUAL(world.set, 3);
    driver_expect_text();
}

static void one_mode_follows_another(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(driver_set(0x102, false), OK);
    CHECK_EQUAL(world.shared_live, 1);
    CHECK_EQUAL(world.shared_physical, 0);
    CHECK_EQUAL(driver_set(0x112, true), OK);
    CHECK_EQUAL(world.set, 0xC112);
    CHECK_EQUAL(world.shared_live, 1);
    screen_set_text();
    driver_expect_text();
}

static void the_start_moves_and_the_panic_knows(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK((driver_shown.flags & DISPLAY_START) != 0);
    CHECK_EQUAL(screen_show(600), OK);
    CHECK_EQUAL(world.start_line, 600);
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->visible, 600 * 3200);
    world.answers[7].ax = 0x014F;
    CHECK_EQUAL(screen_show(0), FAULT);
}

static void a_bios_that_cannot_move_the_start_has_no_such_modes(void)
{
    driver_add_modes();
    world.answers[7].ax = 0x0100;
    driver_start();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK((driver_shown.flags & DISPLAY_START) == 0);
    CHECK_EQUAL(driver_shown.lines, 600);
    CHECK((modes_find(0x112)->shown.flags & DISPLAY_START) == 0);
}

static bool frame_is(uint8_t value, uint32_t first, uint32_t end)
{
    while (first < end && world_frame[first] == value) {
        first++;
    }
    return first == end;
}

static void a_client_sees_nothing_of_the_one_before(void)
{
    driver_begin();
    world.answers[2].is_lie = true;          /* clears nothing */
    CHECK_EQUAL(driver_set(0x112, false), OK);
    uint32_t small = driver_shown.pitch * driver_shown.lines;
    CHECK(driver_shown.lines == 960 && frame_is(0, 0, small));
    CHECK(frame_is(0xCC, small, small + 1));
    memset(world_frame, 0x11, small);        /* its picture */
    CHECK_EQUAL(driver_set(0x115, true), OK);       /* what lies behind is not its own */
    uint32_t large = driver_shown.pitch * driver_shown.lines;
    CHECK(large > small && frame_is(0x11, 0, small) && frame_is(0, small, large));
    memset(world_frame, 0x22, large);
    CHECK_EQUAL(driver_set(0x112, true), OK);
    CHECK_EQUAL(driver_set(0x115, true), OK);
    CHECK(frame_is(0x22, 0, large));
    screen_set_text();
    CHECK_EQUAL(driver_set(0x112, false), OK);      /* another one */
    CHECK_EQUAL(driver_set(0x115, true), OK);
    CHECK(frame_is(0, 0, large));
}

/* 800 by 600 with 24 bits ends within a page, which is shared to its end. */
static void a_client_sees_nothing_behind_the_last_line(void)
{
    driver_add_modes();
    (void)world_add_mode(0x143, 800, 599, 24);
    world_list_modes();
    driver_start();
    world.answers[2].is_lie = true;          /* clears nothing */
    CHECK_EQUAL(driver_set(0x143, false), OK);
    uint32_t bytes = driver_shown.pitch * driver_shown.lines, shared = PAGES(bytes) * PAGE_SIZE;
    CHECK(shared != bytes && frame_is(0, 0, shared));
    CHECK(frame_is(0xCC, shared, shared + 1));
}

/* ---- Who clears what ---- */

#define SEEN (640U * 4 * 480)            /* of mode 112h; as much lies below it */
#define TEXT 0x40000U

/* Text has been shown, and the framebuffer was cleared for the next client. */
static void begin_cleared(void)
{
    driver_begin();
    CHECK_EQUAL(driver_set(0x112, false), OK);
    memset(world_frame, 0x11, 2 * SEEN);
    screen_set_text();
    CHECK(frame_is(0, 0, 2 * SEEN));
}

/* What the driver clears, and what it looks at, is told from zeroes by the BIOS's doing nothing, and something else being there. */
static void what_the_bios_clears_is_not_cleared_again(void)
{
    begin_cleared();
    uint32_t made = world.shared_id;
    memset(world_frame, 0x07, TEXT);
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK_EQUAL(world.set, 0x4112);
    CHECK_EQUAL(driver_memory.id, made);     /* what was ready for it */
    CHECK(frame_is(0, 0, 2 * SEEN));
    screen_set_text();
    world.answers[2].is_lie = true;
    world_frame[60] = 0x11;                  /* where nobody looks, and the BIOS would have cleared */
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK_EQUAL(world_frame[60], 0x11);
}

static void a_bios_that_clears_nothing_is_found_out_and_not_asked_again(void)
{
    begin_cleared();
    world.answers[2].is_lie = true;
    memset(world_frame, 0x07, TEXT);
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK(frame_is(0, 0, 2 * SEEN));
    screen_set_text();
    memset(world_frame, 0x07, TEXT);
    world.answers[2].is_lie = false;
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK_EQUAL(world.set, 0xC112);
    CHECK(frame_is(0, 0, 2 * SEEN));
    memset(world_frame, 0x11, 2 * SEEN);     /* the client's own picture */
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK(frame_is(0, 0, SEEN));
}

static void a_bios_that_takes_long_is_not_asked_to_clear_again(void)
{
    driver_begin();
    world.call_ns = 200 * MILLISECOND;
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK_EQUAL(world.set, 0x4112);
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK_EQUAL(world.set, 0xC112);
}

/* Of a small mode text is also below what is seen: there the BIOS clears nothing. */
static void text_is_cleared_also_where_it_is_not_seen(void)
{
    driver_add_modes();
    (void)world_add_mode(0x153, 320, 200, 8);
    world_list_modes();
    driver_start();
    CHECK_EQUAL(driver_set(0x153, false), OK);
    screen_set_text();
    memset(world_frame, 0x07, TEXT);
    world.answers[2].is_lie = true;          /* and the BIOS has cleared what is seen */
    memset(world_frame, 0, 320 * 200);
    CHECK_EQUAL(driver_set(0x153, false), OK);
    CHECK(frame_is(0, 0, PAGES(2 * 320 * 200) * PAGE_SIZE));
}

/* The framebuffer need not be there then. */
static void nothing_is_cleared_behind_a_set_that_failed(void)
{
    begin_cleared();
    memset(world_frame, 0x44, sizeof world_frame);
    world.answers[2].ax = 0x014F;
    CHECK_EQUAL(driver_set(0x112, false), FAULT);
    CHECK(frame_is(0x44, 0, 2 * SEEN));
    world.answers[2] = (struct world_answer){ .is_lie = true };
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK(frame_is(0, 0, 2 * SEEN));
}

static void what_another_driver_left_is_cleared(void)
{
    begin_cleared();
    memset(world_frame, 0x33, sizeof world_frame);
    world.was_others = true;
    world.answers[2].is_lie = true;
    CHECK_EQUAL(driver_set(0x112, false), OK);
    CHECK(frame_is(0, 0, 2 * SEEN));
    CHECK_EQUAL(world.shared_live, 1);
}

static void memory_that_is_ready_is_left_where_another_is_needed(void)
{
    begin_cleared();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(world.shared_live, 1);
    CHECK_EQUAL(world.shared_pages, PAGES(driver_shown.pitch * driver_shown.lines));
    screen_set_text();
    CHECK_EQUAL(driver_set(0x102, false), OK);      /* planes */
    CHECK_EQUAL(world.shared_live, 1);
    screen_set_text();
    CHECK_EQUAL(world.shared_live, 0);
}

static void a_client_whose_driver_died_finds_its_picture(void)
{
    driver_add_modes();
    world.is_graphics = true;
    world.answers[2].is_lie = true;
    driver_start();
    CHECK_EQUAL(driver_set(0x115, true), OK);
    CHECK(frame_is(0xCC, 0, driver_shown.pitch * driver_shown.lines));
}

static void arguments_forbid_linear_modes(void)
{
    driver_add_modes();
    driver_options.no_linear = true;
    driver_start();
    driver_options.no_linear = false;
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x0115);
    CHECK_EQUAL(world.shared_physical, 0);
    CHECK((driver_shown.flags & DISPLAY_BANKED) != 0);
}

static void a_framebuffer_that_is_refused_is_told_once(void)
{
    driver_add_modes();
    world.frame_status = NOT_ALLOWED;
    driver_start();
    CHECK_EQUAL(driver_set(0x115, false), OK);
    CHECK((driver_shown.flags & DISPLAY_BANKED) != 0);
    const char *first = strstr(world.log, "no linear framebuffer");
    CHECK(first != NULL && strstr(first + 1, "no linear framebuffer") == NULL);
}

const struct test vesa_linear_tests[] = {
    TEST(a_linear_mode_is_set_and_shared),
    TEST(one_mode_follows_another),
    TEST(the_start_moves_and_the_panic_knows),
    TEST(a_bios_that_cannot_move_the_start_has_no_such_modes),
    TEST(a_client_sees_nothing_of_the_one_before),
    TEST(a_client_sees_nothing_behind_the_last_line),
    TEST(what_the_bios_clears_is_not_cleared_again),
    TEST(a_bios_that_clears_nothing_is_found_out_and_not_asked_again),
    TEST(a_bios_that_takes_long_is_not_asked_to_clear_again),
    TEST(text_is_cleared_also_where_it_is_not_seen),
    TEST(nothing_is_cleared_behind_a_set_that_failed),
    TEST(what_another_driver_left_is_cleared),
    TEST(memory_that_is_ready_is_left_where_another_is_needed),
    TEST(a_client_whose_driver_died_finds_its_picture),
    TEST(arguments_forbid_linear_modes),
    TEST(a_framebuffer_that_is_refused_is_told_once),
};
const size_t vesa_linear_test_count = sizeof vesa_linear_tests / sizeof vesa_linear_tests[0];
