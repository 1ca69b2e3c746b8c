/* Scan codes, against the specification in another order: by usage numbers for set 2, by the controller's own table for set 1. */
#include "scancode.h"

#include <ternion/keys.h>

#include "test.h"

#define ROUNDS 200000
#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define EXTENDED 0xE000U

/*
 * Set 2 by usage number, E0xx behind E0. Source: USB HID to PS/2 Scan Code Translation Table, Microsoft. KEY_EUROPE_1 has the code of
 * KEY_BACKSLASH; Pause is no single code.
 */
static const uint16_t from_a[] = {
    /* A to Z */
    0x1C, 0x32, 0x21, 0x23, 0x24, 0x2B, 0x34, 0x33, 0x43, 0x3B, 0x42, 0x4B, 0x3A, 0x31, 0x44, 0x4D, 0x15, 0x2D, 0x1B, 0x2C, 0x3C, 0x2A,
    0x1D, 0x22, 0x35, 0x1A,
    /* 1 to 0 */
    0x16, 0x1E, 0x26, 0x25, 0x2E, 0x36, 0x3D, 0x3E, 0x46, 0x45,
    /* Enter to slash */
    0x5A, 0x76, 0x66, 0x0D, 0x29, 0x4E, 0x55, 0x54, 0x5B, 0x5D, 0, 0x4C, 0x52, 0x0E, 0x41, 0x49, 0x4A,
    /* Caps Lock, F1 to F12 */
    0x58, 0x05, 0x06, 0x04, 0x0C, 0x03, 0x0B, 0x83, 0x0A, 0x01, 0x09, 0x78, 0x07,
    /* Print Screen, Scroll Lock, Pause */
    0xE07C, 0x7E, 0,
    /* Insert to Up */
    0xE070, 0xE06C, 0xE07D, 0xE071, 0xE069, 0xE07A, 0xE074, 0xE06B, 0xE072, 0xE075,
    /* keypad: Num Lock / * - + Enter 1 to 9, 0, point */
    0x77, 0xE04A, 0x7C, 0x7B, 0x79, 0xE05A, 0x69, 0x72, 0x7A, 0x6B, 0x73, 0x74, 0x6C, 0x75, 0x7D, 0x70, 0x71,
    /* Europe 2, application, power, keypad =, F13 to F24 */
    0x61, 0xE02F, 0xE037, 0x0F, 0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x40, 0x48, 0x50, 0x57, 0x5F,
};
static const uint16_t from_left_control[] = { 0x14, 0x12, 0x11, 0xE01F, 0xE014, 0x59, 0xE011, 0xE027 };

/* What the controller makes of a code of set 2: the table in the 8042 of IBM's AT. FF: nothing. */
static const uint8_t translation[] = {
    0xFF, 0x43, 0x41, 0x3F, 0x3D, 0x3B, 0x3C, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3E, 0x0F, 0x29, 0x59,
    0x65, 0x38, 0x2A, 0x70, 0x1D, 0x10, 0x02, 0x5A, 0x66, 0x71, 0x2C, 0x1F, 0x1E, 0x11, 0x03, 0x5B,
    0x67, 0x2E, 0x2D, 0x20, 0x12, 0x05, 0x04, 0x5C, 0x68, 0x39, 0x2F, 0x21, 0x14, 0x13, 0x06, 0x5D,
    0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5E, 0x6A, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5F,
    0x6B, 0x33, 0x25, 0x17, 0x18, 0x0B, 0x0A, 0x60, 0x6C, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0C, 0x61,
    0x6D, 0x73, 0x28, 0x74, 0x1A, 0x0D, 0x62, 0x6E, 0x3A, 0x36, 0x1C, 0x1B, 0x75, 0x2B, 0x63, 0x76,
    0x55, 0x56, 0x77, 0x78, 0x79, 0x7A, 0x0E, 0x7B, 0x7C, 0x4F, 0x7D, 0x4B, 0x47, 0x7E, 0x7F, 0x6F,
    0x52, 0x53, 0x50, 0x4C, 0x4D, 0x48, 0x01, 0x45, 0x57, 0x4E, 0x51, 0x4A, 0x37, 0x49, 0x46, 0x54,
    0x80, 0x81, 0x82, 0x41, 0x54,
};

/* The bytes of set 2 on their way through the controller: F0 becomes a bit of the next code. */
static size_t translate(const uint8_t *bytes, size_t size, uint8_t *translated)
{
    size_t count = 0;
    bool is_release = false;

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == 0xF0) {
            is_release = true;
        } else {
            uint8_t byte = bytes[i] < sizeof translation ? translation[bytes[i]] : bytes[i];
            translated[count++] = is_release ? byte | 0x80 : byte;
            is_release = false;
        }
    }
    return count;
}

/* What bytes say, as one scan code; more than one fail. */
static struct scancode decode(enum scancode_set set, const uint8_t *bytes, size_t size)
{
    struct scancode_decoder decoder = { .set = set };
    struct scancode scancode = { 0 }, found = { 0 };

    for (size_t i = 0; i < size; i++) {
        if (scancode_take(&decoder, bytes[i], &scancode)) {
            CHECK_EQUAL(found.key, KEY_NONE);
            found = scancode;
        }
    }
    CHECK_EQUAL(decoder.prefix, PREFIX_NONE);
    CHECK(!decoder.is_release);
    return found;
}

/* Bytes of set 2 mean this in both sets. */
static void expect(const uint8_t *bytes, size_t size, uint8_t key, bool is_pressed)
{
    uint8_t translated[16];
    size_t translated_size = translate(bytes, size, translated);
    struct scancode found = decode(SCANCODE_SET_2, bytes, size);

    CHECK_EQUAL(found.key, key);
    CHECK(key == KEY_NONE || found.is_pressed == is_pressed);
    found = decode(SCANCODE_SET_1, translated, translated_size);
    CHECK_EQUAL(found.key, key);
    CHECK(key == KEY_NONE || found.is_pressed == is_pressed);
}

#define EXPECT(key, is_pressed, ...) expect((const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ }, key, is_pressed)

static void expect_key(uint16_t code, uint8_t key)
{
    if (code >= EXTENDED) {
        EXPECT(key, true, 0xE0, (uint8_t)code);
        EXPECT(key, false, 0xE0, 0xF0, (uint8_t)code);
    } else if (code != 0) {
        EXPECT(key, true, (uint8_t)code);
        EXPECT(key, false, 0xF0, (uint8_t)code);
    }
}

static void every_key_of_a_keyboard_is_itself_in_both_sets(void)
{
    CHECK_EQUAL(COUNT(from_a), KEY_F24 - KEY_A + 1);
    for (size_t i = 0; i < COUNT(from_a); i++) {
        expect_key(from_a[i], (uint8_t)(KEY_A + i));
    }
    for (size_t i = 0; i < COUNT(from_left_control); i++) {
        expect_key(from_left_control[i], (uint8_t)(KEY_LEFT_CONTROL + i));
    }
    expect_key(0xE023, KEY_MUTE);
    expect_key(0xE032, KEY_VOLUME_UP);
    expect_key(0xE021, KEY_VOLUME_DOWN);
    expect_key(0x51, KEY_INTERNATIONAL_1);
    expect_key(0x13, KEY_INTERNATIONAL_2);
    expect_key(0x6A, KEY_INTERNATIONAL_3);
    expect_key(0x64, KEY_INTERNATIONAL_4);
    expect_key(0x67, KEY_INTERNATIONAL_5);
    expect_key(0x6D, KEY_KEYPAD_COMMA);
    expect_key(0x63, KEY_LANGUAGE_3);
    expect_key(0x62, KEY_LANGUAGE_4);
}

static void both_sets_agree_on_every_code_that_is_translated(void)
{
    for (unsigned code = 1; code < sizeof translation; code++) {
        struct scancode_decoder decoder = { .set = SCANCODE_SET_2 };
        struct scancode scancode = { 0 };

        bool is_older = code == 0x02 || code == 0x7F;        /* keys that the controller takes for those of a newer keyboard */
        bool is_prefix = translation[code] == 0x60 || translation[code] == 0x61;  /* so would be the release */

        if (is_older || is_prefix || translation[code] == code) {
            continue;
        }
        (void)scancode_take(&decoder, (uint8_t)code, &scancode);
        expect_key((uint16_t)code, scancode.key);
        scancode.key = KEY_NONE;
        (void)scancode_take(&decoder, 0xE0, &scancode);
        (void)scancode_take(&decoder, (uint8_t)code, &scancode);
        expect_key((uint16_t)(EXTENDED | code), scancode.key);
    }
}

static void pause_is_one_key_in_both_forms(void)
{
    EXPECT(KEY_PAUSE, true, 0xE1, 0x14, 0x77);
    EXPECT(KEY_PAUSE, false, 0xE1, 0xF0, 0x14, 0xF0, 0x77);
    EXPECT(KEY_PAUSE, true, 0xE0, 0x7E);             /* with Control */
    EXPECT(KEY_PAUSE, false, 0xE0, 0xF0, 0x7E);
}

static void print_screen_is_one_key_in_all_forms(void)
{
    EXPECT(KEY_PRINT_SCREEN, true, 0xE0, 0x12, 0xE0, 0x7C);
    EXPECT(KEY_PRINT_SCREEN, false, 0xE0, 0xF0, 0x7C, 0xE0, 0xF0, 0x12);
    EXPECT(KEY_PRINT_SCREEN, true, 0x84);            /* with Alt */
    EXPECT(KEY_PRINT_SCREEN, false, 0xF0, 0x84);
}

static void shifts_around_grey_keys_are_no_keys(void)
{
    EXPECT(KEY_LEFT, true, 0xE0, 0xF0, 0x12, 0xE0, 0x6B);
    EXPECT(KEY_LEFT, false, 0xE0, 0xF0, 0x6B, 0xE0, 0x12);
    EXPECT(KEY_DELETE, true, 0xE0, 0xF0, 0x59, 0xE0, 0x71);
    EXPECT(KEY_DELETE, false, 0xE0, 0xF0, 0x71, 0xE0, 0x59);
}

static void a_pause_that_was_cut_short_hides_no_key(void)
{
    EXPECT(KEY_A, true, 0xE1, 0x1C);
    EXPECT(KEY_A, true, 0xE1, 0x14, 0x1C);
    EXPECT(KEY_A, false, 0xE1, 0xF0, 0x1C);
    EXPECT(KEY_LEFT, true, 0xE1, 0x14, 0xE0, 0x6B);
    EXPECT(KEY_PAUSE, true, 0xE1, 0xE1, 0x14, 0x77);
    EXPECT(KEY_LEFT, true, 0xE0, 0xE0, 0x6B);
}

/* Whatever came before, the second key is heard rightly. */
static void garbage_harms_one_key_at_most(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        enum scancode_set set = random_below(2) ? SCANCODE_SET_1 : SCANCODE_SET_2;
        struct scancode_decoder decoder = { .set = set };
        struct scancode scancode = { 0 };

        for (uint32_t i = random_below(12); i > 0; i--) {
            if (scancode_take(&decoder, (uint8_t)random_next(), &scancode)) {
                CHECK(scancode.key != KEY_NONE);
            }
        }
        for (int i = 0; i < 2; i++) {
            scancode = (struct scancode){ 0 };
            (void)scancode_take(&decoder, set == SCANCODE_SET_1 ? 0x1E : 0x1C, &scancode);
        }
        CHECK_EQUAL(scancode.key, KEY_A);
        CHECK(scancode.is_pressed);
    }
}

static void what_is_no_key_leaves_the_output_alone(void)
{
    for (unsigned byte = 0; byte < 0x100; byte++) {
        struct scancode_decoder decoder = { .set = byte & 1 ? SCANCODE_SET_1 : SCANCODE_SET_2 };
        struct scancode scancode = { .key = 0xEE };

        if (!scancode_take(&decoder, (uint8_t)byte, &scancode)) {
            CHECK_EQUAL(scancode.key, 0xEE);
        }
    }
}

static const struct test tests[] = {
    TEST(every_key_of_a_keyboard_is_itself_in_both_sets),
    TEST(both_sets_agree_on_every_code_that_is_translated),
    TEST(pause_is_one_key_in_both_forms),
    TEST(print_screen_is_one_key_in_all_forms),
    TEST(shifts_around_grey_keys_are_no_keys),
    TEST(a_pause_that_was_cut_short_hides_no_key),
    TEST(garbage_harms_one_key_at_most),
    TEST(what_is_no_key_leaves_the_output_alone),
};
TEST_MAIN(tests)
