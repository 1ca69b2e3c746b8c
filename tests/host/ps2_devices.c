/* d\ps2 without its ports: keyboards and mice that behave, that do not, that come and go. */
#include "ps2_device.h"

#include <ternion/keys.h>

#include "keyboard.h"
#include "mouse.h"
#include "test.h"

int memcmp(const void *left, const void *right, size_t size);
size_t strlen(const char *text);

#define ROUNDS 2000
#define STEPS_MAX 1000
#define MILLISECOND ((nanoseconds_t)1000000)

static nanoseconds_t now_ns;

/* Lets driver and device talk until both are done; time passes only if nothing else happens. */
static void talk(struct peripheral *peripheral)
{
    uint8_t byte;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (ps2_device_hear(&byte)) {
            peripheral_hear(peripheral, byte, now_ns);
        } else if (peripheral_deadline(peripheral) != FOREVER) {
            now_ns = peripheral_deadline(peripheral);
            peripheral_expire(peripheral, now_ns);
        } else {
            CHECK_EQUAL(peripheral->due | peripheral->running, 0);
            return;
        }
    }
    FAIL("it never comes to an end");
}

static void plug_in(enum ps2_kind kind)
{
    ps2_device = (struct ps2_device){ .kind = kind };
    ps2_device_plug_in();
    ps2_device.said_count = 0;           /* it was plugged in long ago */
}

static void open_keyboard(enum ps2_kind kind, enum scancode_set set)
{
    plug_in(kind);
    keyboard_open(ps2_device_send, set, now_ns);
    talk(&keyboard);
}

static void open_mouse(enum ps2_kind kind)
{
    plug_in(kind);
    mouse_open(ps2_device_send, now_ns);
    talk(&mouse);
}

#define SAY(...) ps2_device_say((const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })

/* The next event of the keyboard is this. */
static void expect_key(uint8_t key, enum key_action action)
{
    struct key_events events;

    key_queue_copy(&key_queue, &events);
    CHECK(events.count > 0);
    CHECK_EQUAL(events.events[0].key, key);
    CHECK_EQUAL(events.events[0].action, action);
    events.count = 1;
    key_queue_remove(&key_queue, &events);
}

/* As a keyboard has them. */
static uint8_t light_bits(uint32_t lights)
{
    return (lights & KEYBOARD_SCROLL_LOCK ? 1 : 0) | (lights & KEYBOARD_NUM_LOCK ? 2 : 0) | (lights & KEYBOARD_CAPS_LOCK ? 4 : 0);
}

static void check_keyboard(uint8_t lights, uint8_t repeat)
{
    CHECK(keyboard.is_present);
    CHECK(ps2_device.is_enabled);
    CHECK_EQUAL(ps2_device.set, 2);
    CHECK_EQUAL(ps2_device.lights, lights);
    CHECK_EQUAL(ps2_device.repeat, repeat);
}

static void check_mouse(bool has_wheel)
{
    CHECK(mouse.is_present);
    CHECK(ps2_device.is_enabled);
    CHECK_EQUAL(ps2_device.has_wheel_on, has_wheel);
    CHECK_EQUAL(ps2_device.rate, 100);
    CHECK_EQUAL(ps2_device.resolution, 3);
}

/* ---- Keyboards ---- */

static void a_keyboard_is_set_up(void)
{
    char text[200];

    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_1);
    check_keyboard(0, 0x24);
    CHECK_EQUAL(ps2_device.resets, 1);
    size_t size = keyboard_describe(text, sizeof text);
    CHECK_EQUAL(size, strlen(text));
    CHECK(memcmp(text, "PS/2 port 1: keyboard AB 83, ", 29) == 0);
    open_keyboard(PS2_AT_KEYBOARD, SCANCODE_SET_2);
    check_keyboard(0, 0x24);
    (void)keyboard_describe(text, sizeof text);
    CHECK(memcmp(text, "PS/2 port 1: AT keyboard, ", 26) == 0);
}

static void keys_are_pressed_repeated_and_released(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    SAY(0x1C, 0x1C, 0x1C, 0xF0, 0x1C, 0xF0, 0x1C, 0xE0, 0x75);
    talk(&keyboard);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_REPEATED);
    expect_key(KEY_A, KEY_REPEATED);
    expect_key(KEY_A, KEY_RELEASED);
    expect_key(KEY_UP, KEY_PRESSED);
    CHECK(!key_queue_has_news(&key_queue));
}

static void lights_and_repetition_reach_the_keyboard(void)
{
    static const struct { uint32_t delay_ms, per_second; uint8_t argument; } repeats[] = {
        { 250, 30, 0x00 }, { 0, 2, 0x1F }, { 251, 27, 0x20 }, { 500, 26, 0x21 }, { 750, 10, 0x4C }, { 1000, 15, 0x68 }, { 999, 0, 0x7F },
        { 500, 20, 0x24 },
    };

    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_1);
    for (uint32_t lights = 0; lights < 8; lights++) {
        CHECK(keyboard_change_lights(lights, now_ns));
        CHECK(!peripheral_has_done(&keyboard, STEP_BIT(KEYBOARD_LIGHTS)));
        talk(&keyboard);
        CHECK_EQUAL(ps2_device.lights, light_bits(lights));
        CHECK_EQUAL(keyboard_lights(), lights);
    }
    for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
        CHECK(keyboard_change_repeat(repeats[i].delay_ms, repeats[i].per_second, now_ns));
        talk(&keyboard);
        CHECK_EQUAL(ps2_device.repeat, repeats[i].argument);
    }
    CHECK(!keyboard_change_lights(8, now_ns));
    CHECK(!keyboard_change_repeat(1001, 10, now_ns));
    CHECK(!keyboard_change_repeat(500, 31, now_ns));
    CHECK(!keyboard_change_repeat(500, 1, now_ns));
    CHECK_EQUAL(ps2_device.resets, 1);
}

static void repetition_that_is_not_wanted_is_not_reported(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    CHECK(keyboard_change_repeat(500, 0, now_ns));
    SAY(0x1C, 0x1C, 0xF0, 0x1C);
    talk(&keyboard);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_RELEASED);
}

/* The keyboard goes on typing while it is asked to change its lights, and the newest lights win. */
static void commands_and_keys_go_side_by_side(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    SAY(0xE0);
    CHECK(keyboard_change_lights(KEYBOARD_CAPS_LOCK, now_ns));
    SAY(0x75, 0x1C);
    CHECK(keyboard_change_lights(KEYBOARD_NUM_LOCK, now_ns));
    SAY(0xF0);
    talk(&keyboard);
    SAY(0x1C);
    talk(&keyboard);
    expect_key(KEY_UP, KEY_PRESSED);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_RELEASED);
    check_keyboard(2, 0x24);
}

static void what_was_not_understood_is_sent_again(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    for (uint32_t lights = 0; lights < 8; lights++) {
        ps2_device.garbled = lights % 4;
        ps2_device.missed = lights / 4;
        CHECK(keyboard_change_lights(lights, now_ns));
        talk(&keyboard);
        CHECK_EQUAL(ps2_device.lights, light_bits(lights));
    }
    CHECK_EQUAL(ps2_device.resets, 1);
}

static void an_overrun_leaves_no_key_held(void)
{
    struct key_events events;

    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_1);
    SAY(0x2A, 0x1E, 0xE0, 0xFF, 0x48);
    talk(&keyboard);
    key_queue_copy(&key_queue, &events);
    CHECK_EQUAL(events.lost, 1);
    expect_key(KEY_LEFT_SHIFT, KEY_PRESSED);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_RELEASED);
    expect_key(KEY_LEFT_SHIFT, KEY_RELEASED);
    expect_key(KEY_KEYPAD_8, KEY_PRESSED);
}

static void a_keyboard_that_was_changed_is_set_up_again(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    CHECK(keyboard_change_lights(KEYBOARD_CAPS_LOCK, now_ns));
    SAY(0x1C);
    talk(&keyboard);
    ps2_device_plug_in();
    talk(&keyboard);
    check_keyboard(4, 0x24);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_RELEASED);
    SAY(0x1C);
    talk(&keyboard);
    expect_key(KEY_A, KEY_PRESSED);
}

/* In set 1 a keyboard says AA also when the left Shift is released. */
static void the_left_shift_is_no_new_keyboard(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_1);
    ps2_device.lights = 7;
    SAY(0x2A, 0xAA, 0xE0, 0x2A, 0xE0, 0xAA);
    talk(&keyboard);
    expect_key(KEY_LEFT_SHIFT, KEY_PRESSED);
    expect_key(KEY_LEFT_SHIFT, KEY_RELEASED);
    CHECK_EQUAL(ps2_device.lights, 7);           /* nothing was set */
    ps2_device_plug_in();
    talk(&keyboard);
    CHECK_EQUAL(ps2_device.lights, 0);
    CHECK(ps2_device.is_enabled);
}

/* Shift was pressed when an earlier driver lived: its release says AA, and what is typed behind it must not be lost. */
static void the_release_of_a_shift_that_is_not_known_costs_no_key(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_1);
    CHECK(keyboard_change_lights(KEYBOARD_CAPS_LOCK, now_ns));
    talk(&keyboard);
    SAY(0xAA, 0x1E);
    talk(&keyboard);
    expect_key(KEY_A, KEY_PRESSED);
    check_keyboard(4, 0x24);
}

static void a_keyboard_that_was_pulled_out_is_missed_and_found_again(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    SAY(0x1C);
    talk(&keyboard);
    ps2_device.is_plugged_in = false;
    CHECK(keyboard_change_lights(KEYBOARD_CAPS_LOCK, now_ns));
    talk(&keyboard);
    CHECK(!keyboard.is_present);
    expect_key(KEY_A, KEY_PRESSED);
    expect_key(KEY_A, KEY_RELEASED);
    ps2_device_plug_in();
    talk(&keyboard);
    check_keyboard(4, 0x24);
}

static void where_nothing_is_plugged_in_nothing_is_found(void)
{
    ps2_device = (struct ps2_device){ .kind = PS2_KEYBOARD };
    keyboard_open(ps2_device_send, SCANCODE_SET_2, now_ns);
    mouse_open(ps2_device_send, now_ns);
    nanoseconds_t begin_ns = now_ns;
    talk(&keyboard);
    talk(&mouse);
    CHECK(!keyboard.is_present);
    CHECK(!mouse.is_present);
    CHECK(now_ns - begin_ns < 3000 * MILLISECOND);
}

static void initialising_puts_everything_back(void)
{
    open_keyboard(PS2_KEYBOARD, SCANCODE_SET_2);
    CHECK(keyboard_change_lights(7, now_ns));
    CHECK(keyboard_change_repeat(1000, 2, now_ns));
    talk(&keyboard);
    check_keyboard(7, 0x7F);
    keyboard_initialise(now_ns);
    CHECK(!peripheral_has_done(&keyboard, keyboard.kind->steps));
    talk(&keyboard);
    check_keyboard(0, 0x24);
    CHECK_EQUAL(keyboard_lights(), 0);
}

/* ---- Mice ---- */

static void expect_pointer(int right, int down, int wheel, unsigned buttons)
{
    struct pointer_events events;

    pointer_queue_copy(&pointer_queue, &events);
    CHECK(events.count > 0);
    CHECK_EQUAL(events.events[0].right, right);
    CHECK_EQUAL(events.events[0].down, down);
    CHECK_EQUAL(events.events[0].wheel, wheel);
    CHECK_EQUAL(events.events[0].buttons, buttons);
    events.count = 1;
    pointer_queue_remove(&pointer_queue, &events);
}

static void a_mouse_is_set_up_with_the_wheel_that_it_has(void)
{
    open_mouse(PS2_MOUSE);
    check_mouse(false);
    SAY(0x09, 3, 4);
    talk(&mouse);
    expect_pointer(3, -4, 0, POINTER_LEFT);
    open_mouse(PS2_WHEEL_MOUSE);
    check_mouse(true);
    expect_pointer(0, 0, 0, 0);          /* the new one is not pressed */
    SAY(0x3A, 0xFD, 0xFC, 0xFF);
    talk(&mouse);
    expect_pointer(-3, 4, -1, POINTER_RIGHT);
}

static void a_mouse_that_was_changed_is_set_up_again(void)
{
    open_mouse(PS2_WHEEL_MOUSE);
    SAY(0x09, 3, 4, 0);
    talk(&mouse);
    ps2_device.kind = PS2_MOUSE;
    ps2_device_plug_in();
    talk(&mouse);
    check_mouse(false);
    expect_pointer(3, -4, 0, POINTER_LEFT);
    expect_pointer(0, 0, 0, 0);
    SAY(0x08, 1, 0);
    talk(&mouse);
    expect_pointer(1, 0, 0, 0);
}

static void a_mouse_that_makes_no_sense_is_set_up_again(void)
{
    open_mouse(PS2_WHEEL_MOUSE);
    ps2_device.has_wheel_on = false;     /* as if it had been reset without a word */
    for (int i = 0; i < 200; i++) {
        if (ps2_device.has_wheel_on) {
            SAY(0x08, 1, 1, 0);
        } else {
            SAY(0x08, 1, 1);
        }
        talk(&mouse);
    }
    CHECK_EQUAL(ps2_device.resets, 2);
    check_mouse(true);
}

/* ---- Trouble ---- */

/* Whatever goes wrong on the way: as soon as the cable is good, what was asked for last is what is. */
static void after_any_trouble_the_device_is_as_it_should_be(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t lights = random_below(8);

        plug_in(PS2_KEYBOARD);
        ps2_device.trouble = 2 + random_below(30);
        keyboard_open(ps2_device_send, SCANCODE_SET_2, now_ns);
        for (uint32_t i = random_below(4); i > 0; i--) {
            CHECK(keyboard_change_lights(random_below(8), now_ns));
            SAY(0x1C, 0xF0, 0x1C);
            talk(&keyboard);
        }
        talk(&keyboard);
        ps2_device.trouble = 0;
        ps2_device_plug_in();            /* what a person does with a keyboard that does not work */
        CHECK(keyboard_change_lights(lights, now_ns));
        talk(&keyboard);
        check_keyboard(light_bits(lights), 0x24);
    }
}

static void a_little_trouble_is_overcome(void)
{
    unsigned present = 0;

    for (int round = 0; round < ROUNDS; round++) {
        plug_in(PS2_WHEEL_MOUSE);
        ps2_device.trouble = 20;
        mouse_open(ps2_device_send, now_ns);
        talk(&mouse);
        present += mouse.is_present && ps2_device.is_enabled;
    }
    CHECK(present > ROUNDS * 9 / 10);
}

static void any_bytes_at_any_time_are_survived(void)
{
    plug_in(PS2_KEYBOARD);
    keyboard_open(ps2_device_send, SCANCODE_SET_1, now_ns);
    mouse_open(ps2_device_send, now_ns);
    for (int i = 0; i < ROUNDS * 100; i++) {
        struct peripheral *peripheral = random_below(2) ? &keyboard : &mouse;

        now_ns += random_below(random_one_in(10) ? 600 : 5) * MILLISECOND;
        ps2_device.said_count = 0;
        if (random_one_in(4)) {
            peripheral_expire(peripheral, now_ns);
        } else {
            peripheral_hear(peripheral, random_one_in(3) ? 0xFA : (uint8_t)random_next(), now_ns);
        }
        CHECK(key_queue.count <= KEY_QUEUE_MAX && pointer_queue.count <= POINTER_QUEUE_MAX);
    }
}

static const struct test tests[] = {
    TEST(a_keyboard_is_set_up),
    TEST(keys_are_pressed_repeated_and_released),
    TEST(lights_and_repetition_reach_the_keyboard),
    TEST(repetition_that_is_not_wanted_is_not_reported),
    TEST(commands_and_keys_go_side_by_side),
    TEST(what_was_not_understood_is_sent_again),
    TEST(an_overrun_leaves_no_key_held),
    TEST(a_keyboard_that_was_changed_is_set_up_again),
    TEST(the_left_shift_is_no_new_keyboard),
    TEST(the_release_of_a_shift_that_is_not_known_costs_no_key),
    TEST(a_keyboard_that_was_pulled_out_is_missed_and_found_again),
    TEST(where_nothing_is_plugged_in_nothing_is_found),
    TEST(initialising_puts_everything_back),
    TEST(a_mouse_is_set_up_with_the_wheel_that_it_has),
    TEST(a_mouse_that_was_changed_is_set_up_again),
    TEST(a_mouse_that_makes_no_sense_is_set_up_again),
    TEST(after_any_trouble_the_device_is_as_it_should_be),
    TEST(a_little_trouble_is_overcome),
    TEST(any_bytes_at_any_time_are_survived),
};
TEST_MAIN(tests)
