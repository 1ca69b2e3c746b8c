/* d\vesa sets modes and goes back to text: with a BIOS that does it, and with such that do not. */
#include "screen.h"

#include <string.h>

#include <abi/panic_screen.h>
#include <ternion/clock.h>
#include <ternion/string.h>

#include "adapter.h"
#include "modes.h"
#include "test.h"
#include "vesa_world.h"

static struct options options;
static struct display_mode shown;
static struct shared_handle handle;

static void start(void)
{
    CHECK(adapter_open(&options));
    screen_open();
    modes_open(options.no_linear, options.report);
}

/* 101h: 640 by 480 with 8 bits; 102h: 800 by 600 planar; 112h, 115h: 640 by 480 and 800 by 600 with 32. */
static void add_modes(void)
{
    world_begin();
    (void)world_add_mode(0x101, 640, 480, 8);
    (void)world_add_mode(0x102, 800, 600, 4);
    (void)world_add_mode(0x112, 640, 480, 32);
    (void)world_add_mode(0x115, 800, 600, 32);
    world_list_modes();
}

static void begin(void)
{
    add_modes();
    start();
}

static void begin_with_banks(uint16_t granularity)
{
    add_modes();
    for (uint32_t i = 0; i < world.mode_count; i++) {
        world.modes[i].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
        world.modes[i].block.granularity = granularity;
    }
    world.granularity = granularity * 1024U;
    start();
}

static status_t set(uint16_t number, bool keep)
{
    const struct mode *mode = modes_find(number);

    CHECK(mode != NULL);
    return screen_set(mode, keep, &shown, &handle);
}

static void expect_text(void)
{
    CHECK(screen_mode() == NULL);
    CHECK(!world.is_graphics);
    CHECK(!world.dispi_is_on);
    CHECK(!world.is_lent);
    CHECK_EQUAL(world.panic_address, 0);
    CHECK_EQUAL(world.shared_live, 0);
}

static bool log_says(const char *text)
{
    return strstr(world.log, text) != NULL;
}

/* ---- Information ---- */

static void the_bios_is_asked_for_itself_alone_at_the_start(void)
{
    begin();
    CHECK_EQUAL(world.calls, 1);
    CHECK_EQUAL(world.sets, 0);
    CHECK(strcmp(adapter_controller()->name, "A test's BIOS") == 0);
    CHECK_EQUAL(adapter_controller()->memory, WORLD_FRAME_SIZE);
    expect_text();
}

static void its_modes_come_first_and_those_of_a_vga_behind_them(void)
{
    begin();
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
    add_modes();
    world_add_edid(640, 480);
    start();
    CHECK_EQUAL(modes_preferred(), 0x112);
    CHECK_EQUAL(modes_monitor()->width_mm, 400);
    CHECK((modes_find(0x112)->shown.flags & DISPLAY_PREFERRED) != 0);
}

static void an_edid_that_is_none_chooses_nothing(void)
{
    add_modes();
    world_add_edid(640, 480);
    world.edid[127]++;
    start();
    CHECK_EQUAL(modes_preferred(), 0x115);
    CHECK(modes_edid() == NULL);
}

static void a_list_in_rom_is_read_there(void)
{
    static const uint16_t list[] = { 0x115, 0x115, 0x13, 0x8115, 0x112, 0xFFFF, 0x101 };

    add_modes();
    memcpy(world_memory + 0xC2000, list, sizeof list);
    world.controller.modes = 0xC0002000;
    start();
    CHECK_EQUAL(modes_count(), 4);
    CHECK_EQUAL(modes_at(0)->shown.mode, 0x115);
    CHECK_EQUAL(modes_at(1)->shown.mode, 0x112);
}

static void without_a_list_the_standards_modes_are_tried(void)
{
    add_modes();
    world.controller.modes = 0xC0002000;
    memset(world_memory + 0xC2000, 0xFF, 2);
    start();
    CHECK_EQUAL(modes_count(), 6);
    world.controller.modes = 0xFFFFFFFF;     /* nowhere */
}

static void a_list_without_an_end_is_one_of_256(void)
{
    add_modes();
    for (uint32_t i = 0; i < 0x8000; i++) {
        uint16_t number = (uint16_t)(0x100 + i % 600);
        memcpy(world_memory + 0xD0000 + 2 * i, &number, 2);
    }
    world.controller.modes = 0xD0000000;
    start();
    CHECK_EQUAL(adapter_controller()->mode_count, VBE_MODES_MAX);
    CHECK_EQUAL(modes_count(), 6);
}

static void a_bios_that_hangs_when_asked_for_modes_is_asked_once(void)
{
    add_modes();
    world.answers[1].status = TIMED_OUT;
    start();
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(world.calls, 3);             /* and once for the monitor */
    CHECK(log_says("hangs"));
}

static void a_bios_that_is_slow_when_asked_for_modes_is_asked_for_a_while(void)
{
    add_modes();
    world.call_ns = 9 * SECOND;
    start();
    CHECK_EQUAL(modes_count(), 4);           /* two of its own */
    CHECK(log_says("slow"));
}

static void modes_with_a_known_flaw_are_left_out(void)
{
    add_modes();
    strcpy((char *)world_memory + 0xC0100, "SeaBIOS VBE Adapter");
    start();
    CHECK_EQUAL(modes_count(), 5);
    CHECK(modes_find(0x102) == NULL);
    CHECK(modes_find(0x101) != NULL);
}

static void a_report_tells_what_is_refused(void)
{
    add_modes();
    world.modes[0].block.pitch = 1;
    options.report = true;
    start();
    options.report = false;
    CHECK(log_says("mode 101h: no mode"));
    CHECK(log_says("VBE 3.00"));
}

static void a_report_compares_what_is_set_with_what_was_said(void)
{
    add_modes();
    world.pitch = 3200;
    options.report = true;
    start();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK(!log_says("the BIOS says"));
    world.pitch = 4096;
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK(log_says("mode 115h has lines of 3200 bytes, and the BIOS says now 4096"));
    options.report = false;
}

/* ---- Linear modes ---- */

static void a_linear_mode_is_set_and_shared(void)
{
    begin();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x4115);
    CHECK(world.is_lent);
    CHECK_EQUAL(world.shared_physical, WORLD_FRAME);
    CHECK_EQUAL(shown.width, 800);
    CHECK(handle.id != 0);
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
    expect_text();
}

static void one_mode_follows_another(void)
{
    begin();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK_EQUAL(set(0x102, false), OK);
    CHECK_EQUAL(world.shared_live, 1);
    CHECK_EQUAL(world.shared_physical, 0);
    CHECK_EQUAL(set(0x112, true), OK);
    CHECK_EQUAL(world.set, 0xC112);
    CHECK_EQUAL(world.shared_live, 1);
    screen_set_text();
    expect_text();
}

static void the_start_moves_and_the_panic_knows(void)
{
    begin();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK((shown.flags & DISPLAY_START) != 0);
    CHECK_EQUAL(screen_show(600, true), OK);
    CHECK_EQUAL(world.start_line, 600);
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->visible, 600 * 3200);
    world.answers[7].ax = 0x014F;
    CHECK_EQUAL(screen_show(0, false), FAULT);
}

static void a_bios_that_cannot_move_the_start_has_no_such_modes(void)
{
    add_modes();
    world.answers[7].ax = 0x0100;
    start();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK((shown.flags & DISPLAY_START) == 0);
    CHECK_EQUAL(shown.lines, 600);
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
    begin();
    world.answers[2].is_lie = true;          /* clears nothing */
    CHECK_EQUAL(set(0x112, false), OK);
    uint32_t small = shown.pitch * shown.lines;
    CHECK(shown.lines == 960 && frame_is(0, 0, small));
    CHECK(frame_is(0xCC, small, small + 1));
    memset(world_frame, 0x11, small);        /* its picture */
    CHECK_EQUAL(set(0x115, true), OK);       /* what lies behind is not its own */
    uint32_t large = shown.pitch * shown.lines;
    CHECK(large > small && frame_is(0x11, 0, small) && frame_is(0, small, large));
    memset(world_frame, 0x22, large);
    CHECK_EQUAL(set(0x112, true), OK);
    CHECK_EQUAL(set(0x115, true), OK);
    CHECK(frame_is(0x22, 0, large));
    CHECK_EQUAL(set(0x112, false), OK);      /* another one */
    CHECK_EQUAL(set(0x115, true), OK);
    CHECK(frame_is(0, 0, large));
}

static void a_client_whose_driver_died_finds_its_picture(void)
{
    add_modes();
    world.is_graphics = true;
    world.answers[2].is_lie = true;
    start();
    CHECK_EQUAL(set(0x115, true), OK);
    CHECK(frame_is(0xCC, 0, shown.pitch * shown.lines));
}

static void arguments_forbid_linear_modes(void)
{
    add_modes();
    options.no_linear = true;
    start();
    options.no_linear = false;
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x0115);
    CHECK_EQUAL(world.shared_physical, 0);
    CHECK((shown.flags & DISPLAY_BANKED) != 0);
}

static void a_framebuffer_that_is_refused_is_told_once(void)
{
    add_modes();
    world.frame_status = NOT_ALLOWED;
    start();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK((shown.flags & DISPLAY_BANKED) != 0);
    const char *first = strstr(world.log, "no linear framebuffer");
    CHECK(first != NULL && strstr(first + 1, "no linear framebuffer") == NULL);
}

/* ---- Banks and planes ---- */

static uint8_t pattern(uint32_t i)
{
    return (uint8_t)(i * 7 + i / 251);
}

static uint8_t *draw(void)
{
    uint8_t *pixels = (uint8_t *)handle.address;

    for (uint32_t i = 0; i < shown.pitch * shown.height; i++) {
        pixels[i] = pattern(i);
    }
    return pixels;
}

static void expect_banked_screen(uint16_t number, uint16_t granularity)
{
    begin_with_banks(granularity);
    CHECK_EQUAL(set(number, false), OK);
    uint8_t *pixels = draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, shown.width, shown.height }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, shown.pitch * shown.height) == 0);
    CHECK_EQUAL(world.windows_set, (shown.pitch * shown.height + WORLD_WINDOW - 1) / WORLD_WINDOW + 1);    /* and back to the first */
    screen_set_text();
    expect_text();
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

    begin_with_banks(32);
    CHECK_EQUAL(set(0x115, false), OK);
    draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 800, 600, 0, 0 }), OK);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 800, 0, 0, 600 }), OK);
    CHECK_EQUAL(world.windows_set, 1);       /* where it is is not known before */
    CHECK_EQUAL(screen_flush(&rectangle), OK);
    world_settle();
    for (uint32_t i = 0; i < 3200 * 600; i++) {
        uint32_t x = i % 3200 / 4, y = i / 3200;
        bool is_inside = x >= 13 && x < 714 && y >= 17 && y < 416;

        CHECK_EQUAL(world_frame[i], is_inside ? pattern(i) : 0);
    }
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->window_offset, world.windows[0] * 0x8000);
}

static void a_bank_that_is_there_is_not_switched(void)
{
    begin_with_banks(64);
    CHECK_EQUAL(set(0x101, false), OK);
    for (uint32_t i = 0; i < 10; i++) {
        CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, (uint16_t)(60 * i), 2, 50, 50 }), OK);
    }
    CHECK_EQUAL(world.windows_set, 1);
}

static void a_window_function_that_works_is_called(void)
{
    add_modes();
    world.modes[0].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    world.modes[0].block.window_function = 0xC0001234;
    world.has_window_function = true;
    start();
    CHECK_EQUAL(set(0x101, false), OK);
    uint8_t *pixels = draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, 640 * 480) == 0);
    CHECK_EQUAL(world.windows_set, 0);
    CHECK_EQUAL(world.window_calls, 6);
}

static void one_that_does_not_is_called_once(void)
{
    add_modes();
    world.modes[0].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
    world.modes[0].block.window_function = 0xC0001234;
    world.windows[0] = 9;
    start();
    CHECK_EQUAL(set(0x101, false), OK);
    world.windows[0] = 9;                    /* else the first position would be right by chance */
    uint8_t *pixels = draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    CHECK(memcmp(world_frame, pixels, 640 * 480) == 0);
    CHECK_EQUAL(world.window_calls, 1);
    CHECK_EQUAL(world.windows_set, 6);
}

static void a_window_that_does_not_move_is_a_fault_and_no_more(void)
{
    begin_with_banks(64);
    CHECK_EQUAL(set(0x115, false), OK);
    world.answers[5].ax = 0x014F;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    CHECK(log_says("window"));
    world.answers[5].ax = 0;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), OK);
}

static void a_window_that_hangs_is_not_tried_again(void)
{
    begin_with_banks(64);
    CHECK_EQUAL(set(0x115, false), OK);
    world.answers[5].status = TIMED_OUT;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    uint32_t calls = world.calls;
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), FAULT);
    CHECK_EQUAL(world.calls, calls);
    world.answers[5].status = OK;
    CHECK_EQUAL(set(0x115, true), OK);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 300, 800, 300 }), OK);
}

static void expect_planes(uint32_t left, uint32_t top, uint32_t right, uint32_t bottom, uint32_t pitch)
{
    for (uint32_t y = 0; y < shown.height; y++) {
        for (uint32_t x = 0; x < shown.width; x++) {
            bool is_inside = x >= (left & ~7U) && x < ((right + 7) & ~7U) && y >= top && y < bottom;
            uint32_t colour = 0;

            for (uint32_t plane = 0; plane < 4; plane++) {
                colour |= (world_planes[plane][y * pitch + x / 8] >> (7 - x % 8) & 1U) << plane;
            }
            CHECK_EQUAL(colour, is_inside ? pattern(y * shown.pitch + x) & 15 : 0);
        }
    }
}

static void planes_show_what_was_drawn(void)
{
    begin();
    CHECK_EQUAL(set(0x102, false), OK);
    CHECK_EQUAL(shown.pitch, 800);
    draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 101, 50, 333, 222 }), OK);
    world_settle();
    expect_planes(101, 50, 434, 272, 100);
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 800, 600 }), OK);
    world_settle();
    expect_planes(0, 0, 800, 600, 100);
    CHECK_EQUAL(((const struct panic_screen *)world.panic_address)->bytes, 0);
    for (uint32_t i = 0; i < 16; i++) {
        CHECK_EQUAL(world_attributes[i], i);
    }
}

static void planes_beyond_64_kb_have_banks(void)
{
    add_modes();
    (void)world_add_mode(0x104, 1024, 768, 4);
    world_list_modes();
    start();
    CHECK_EQUAL(set(0x104, false), OK);
    draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 1024, 768 }), OK);
    world_settle();
    expect_planes(0, 0, 1024, 768, 128);
    CHECK_EQUAL(world.windows_set, 3);
}

/* ---- Colours ---- */

static void colours_go_to_the_dac_with_six_bits(void)
{
    const uint32_t colours[] = { 0xFF8004, 0x010203 };

    begin();
    CHECK_EQUAL(set(0x101, false), OK);
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

    add_modes();
    world.controller.capabilities = VBE_CAN_DAC_8_BITS;
    start();
    CHECK_EQUAL(set(0x101, false), OK);
    CHECK_EQUAL(world.dac_bits, 8);
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0xFF);
    CHECK_EQUAL(world_dac[0][2], 0x04);
    screen_set_text();
    CHECK_EQUAL(set(0x13, false), OK);       /* has six again */
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0x3F);
}

static void a_dac_that_says_nonsense_has_six_bits(void)
{
    const uint32_t colour = 0xFFFFFF;

    add_modes();
    world.controller.capabilities = VBE_CAN_DAC_8_BITS;
    world.answers[8].ax = 0x014F;
    start();
    CHECK_EQUAL(set(0x101, false), OK);
    CHECK_EQUAL(screen_set_colours(0, 1, &colour), OK);
    CHECK_EQUAL(world_dac[0][0], 0x3F);
}

static void an_adapter_without_a_dac_of_a_vga_is_given_colours_by_its_bios(void)
{
    const uint32_t colour = 0xFFFFFF;

    add_modes();
    world.controller.capabilities = VBE_IS_NOT_VGA;
    start();
    CHECK_EQUAL(set(0x101, false), OK);
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

    begin();
    CHECK_EQUAL(set(0x101, false), OK);
    panic = (const struct panic_screen *)world.panic_address;
    CHECK_EQUAL(panic->ink, 15);
    CHECK_EQUAL(screen_set_colours(0, 4, colours), OK);
    CHECK_EQUAL(panic->ink, 2);
    CHECK_EQUAL(panic->paper, 16);           /* black since the mode was set */
}

/* ---- What goes wrong ---- */

static void expect_failure(void)
{
    CHECK_EQUAL(set(0x115, false), FAULT);
    expect_text();
    CHECK_EQUAL(world.set, 3);
    world.answers[2] = (struct world_answer){ OK };
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK_EQUAL(world.set, 0x4115);
}

static void a_mode_set_that_is_refused_leaves_text(void)
{
    begin();
    world.answers[2].ax = 0x014F;
    expect_failure();
    CHECK(log_says("mode 115h cannot be set: 4F02: the BIOS answered 014F"));
}

static void a_mode_set_that_is_not_known_leaves_text(void)
{
    begin();
    world.answers[2].ax = 0x4F02;
    expect_failure();
}

static void a_mode_set_that_hangs_leaves_text(void)
{
    begin();
    world.answers[2].status = TIMED_OUT;
    world.is_graphics = true;                /* half-way */
    expect_failure();
    CHECK(log_says("4F02: a test's problem"));
}

static void ports_that_were_refused_are_told_before_what_went_wrong(void)
{
    begin();
    CHECK(!log_says("was refused"));
    world.refused_ports[0] = 0x3C3;
    world.refused_ports[1] = 0x46E8;
    world.answers[2].ax = 0x014F;
    expect_failure();
    const char *first = strstr(world.log, "the BIOS was refused port 0x3c3");
    CHECK(first != NULL && strstr(first, "the BIOS was refused port 0x46e8") != NULL);
    CHECK(strstr(first, "mode 115h cannot be set") != NULL);
}

static void a_mode_set_that_faults_or_halts_leaves_text(void)
{
    begin();
    world.answers[2].status = FAULT;
    expect_failure();
    screen_set_text();
    world.answers[2].status = DEADLOCK;
    expect_failure();
}

static void planes_that_forget_leave_text(void)
{
    begin();
    world.planes_are_broken = true;
    CHECK_EQUAL(set(0x102, false), FAULT);
    expect_text();
    CHECK(log_says("planes"));
}

static void memory_that_cannot_be_shared_leaves_text(void)
{
    begin();
    world.shared_status = OVER_QUOTA;
    CHECK_EQUAL(set(0x115, false), OVER_QUOTA);
    expect_text();
    CHECK_EQUAL(set(0x102, false), OVER_QUOTA);
    expect_text();
    world.shared_status = NOT_ALLOWED;
    CHECK_EQUAL(set(0x115, false), FAULT);
    expect_text();
}

static void text_that_the_bios_does_not_bring_back_comes_by_registers(void)
{
    begin();
    CHECK_EQUAL(set(0x115, false), OK);
    world.vga_modes.status = TIMED_OUT;
    world.answers[2].ax = 0x014F;
    screen_set_text();
    expect_text();
    CHECK(log_says("by registers"));
    CHECK(log_says("switch the machine off and on"));
}

static void what_lies_beyond_a_vga_is_switched_off_before_registers(void)
{
    add_modes();
    world.has_dispi = true;
    start();
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK(world.dispi_is_on);
    world.vga_modes.status = TIMED_OUT;
    world.answers[2].status = TIMED_OUT;
    screen_set_text();
    expect_text();
    CHECK(log_says("by registers"));
    CHECK(!log_says("switch the machine off and on"));
    world.answers[2].status = OK;
    CHECK_EQUAL(set(0x115, false), OK);
    CHECK_EQUAL(set(0x12, false), OK);       /* by registers, too */
    CHECK(!world.dispi_is_on);
}

static void text_that_the_bios_says_it_brought_back_is_looked_at(void)
{
    begin();
    CHECK_EQUAL(set(0x115, false), OK);
    world.vga_modes.is_lie = true;
    screen_set_text();                       /* by 4F02 */
    expect_text();
    CHECK(!log_says("by registers"));
    CHECK_EQUAL(set(0x115, false), OK);
    world.answers[2].is_lie = true;
    screen_set_text();
    expect_text();
    CHECK(log_says("by registers"));
}

/* ---- Text ---- */

static void fonts_and_colours_come_back_with_text(void)
{
    begin();
    memset(world_planes, 0, sizeof world_planes);
    memset(world_dac, 0x2A, sizeof world_dac);
    for (uint32_t i = 0; i < 8192; i++) {
        world_planes[2][i] = pattern(i);
    }
    for (uint32_t i = 0; i < 16; i++) {
        world_attributes[i] = (uint8_t)(40 + i);
    }
    /* The fake's window is planar in a mode of its own: what is kept is read through it. */
    CHECK_EQUAL(set(0x12, false), OK);
    screen_set_text();
    memset(world_dac, 0, sizeof world_dac);
    memset(world_attributes, 0, sizeof world_attributes);
    CHECK_EQUAL(set(0x12, false), OK);
    screen_set_text();
    CHECK_EQUAL(world_dac[77][1], 0x2A);
    CHECK_EQUAL(world_attributes[9], 49);
}

static void a_driver_that_died_in_graphics_mode_gives_its_client_time(void)
{
    add_modes();
    world.is_graphics = true;
    start();
    CHECK(world.is_lent);
    CHECK(screen_grace_end() != FOREVER);
    CHECK_EQUAL(world.sets, 0);
    CHECK_EQUAL(set(0x115, true), OK);
    CHECK_EQUAL(world.set, 0xC115);
    CHECK(screen_grace_end() == FOREVER);
    screen_set_text();
    expect_text();
}

/* ---- A plain VGA ---- */

static void without_vbe_there_are_modes_of_a_vga(void)
{
    world_begin();
    world.answers[0].ax = 0x0100;
    start();
    CHECK(adapter_controller() == NULL);
    CHECK(log_says("no VBE BIOS"));
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(modes_preferred(), 0x12);
    CHECK_EQUAL(set(0x12, false), OK);
    CHECK_EQUAL(world.set, 0x12);
    CHECK((shown.flags & (DISPLAY_FALLBACK | DISPLAY_PALETTE | DISPLAY_BANKED)) == (DISPLAY_FALLBACK | DISPLAY_PALETTE | DISPLAY_BANKED));
    draw();
    CHECK_EQUAL(screen_flush(&(struct display_call_rectangle){ 0, 0, 0, 640, 480 }), OK);
    world_settle();
    expect_planes(0, 0, 640, 480, 80);
    CHECK_EQUAL(world.windows_set, 0);
    screen_set_text();
    expect_text();
}

static void an_answer_without_a_signature_is_no_vbe(void)
{
    world_begin();
    world.controller.signature[0] = 'W';
    start();
    CHECK(adapter_controller() == NULL);
}

static void without_a_bios_a_vga_is_set_by_registers(void)
{
    world_begin();
    world.has_bios = false;
    start();
    CHECK_EQUAL(modes_count(), 2);
    CHECK_EQUAL(set(0x13, false), OK);
    CHECK(world.is_graphics);
    CHECK(log_says("mode 13h is set by registers"));
    screen_set_text();
    expect_text();
    CHECK_EQUAL(set(0x12, false), OK);
    CHECK_EQUAL(world.calls, 0);
    screen_set_text();
    expect_text();
}

static void without_a_vga_there_is_nothing(void)
{
    world_begin();
    world.has_vga = false;
    CHECK(!adapter_open(&options));
}

static const struct test tests[] = {
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
    TEST(a_linear_mode_is_set_and_shared),
    TEST(one_mode_follows_another),
    TEST(the_start_moves_and_the_panic_knows),
    TEST(a_bios_that_cannot_move_the_start_has_no_such_modes),
    TEST(a_client_sees_nothing_of_the_one_before),
    TEST(a_client_whose_driver_died_finds_its_picture),
    TEST(arguments_forbid_linear_modes),
    TEST(a_framebuffer_that_is_refused_is_told_once),
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
    TEST(colours_go_to_the_dac_with_six_bits),
    TEST(colours_go_to_the_dac_with_eight_bits_if_it_has_them),
    TEST(a_dac_that_says_nonsense_has_six_bits),
    TEST(an_adapter_without_a_dac_of_a_vga_is_given_colours_by_its_bios),
    TEST(a_panic_is_written_in_the_brightest_colour),
    TEST(a_mode_set_that_is_refused_leaves_text),
    TEST(a_mode_set_that_is_not_known_leaves_text),
    TEST(a_mode_set_that_hangs_leaves_text),
    TEST(ports_that_were_refused_are_told_before_what_went_wrong),
    TEST(a_mode_set_that_faults_or_halts_leaves_text),
    TEST(planes_that_forget_leave_text),
    TEST(memory_that_cannot_be_shared_leaves_text),
    TEST(text_that_the_bios_does_not_bring_back_comes_by_registers),
    TEST(what_lies_beyond_a_vga_is_switched_off_before_registers),
    TEST(text_that_the_bios_says_it_brought_back_is_looked_at),
    TEST(fonts_and_colours_come_back_with_text),
    TEST(a_driver_that_died_in_graphics_mode_gives_its_client_time),
    TEST(without_vbe_there_are_modes_of_a_vga),
    TEST(an_answer_without_a_signature_is_no_vbe),
    TEST(without_a_bios_a_vga_is_set_by_registers),
    TEST(without_a_vga_there_is_nothing),
};
TEST_MAIN(tests)
