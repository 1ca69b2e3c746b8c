/* Key maps: what is typed, and what is not. */
#include <ternion/keymap.h>

#include <ternion/code_page.h>

#include "test.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NONE 0U
#define ROUNDS 200000

static struct keymap_state state;
static struct keymap_result result;

static void open_map(const char *name)
{
    state = (struct keymap_state){ .map = keymap_find(name) };
    CHECK(state.map != NULL);
}

static void act(uint8_t key, enum key_action action)
{
    keymap_take(&state, &(struct key_event){ key, (uint8_t)action }, &result);
}

/* Presses a key and lets it go; what the press has typed is in `result`. */
static void stroke(uint8_t key)
{
    struct keymap_result pressed;

    act(key, KEY_PRESSED);
    pressed = result;
    act(key, KEY_RELEASED);
    CHECK_EQUAL(result.typed, NONE);
    result = pressed;
}

/* The same while another key is held; 0: none. */
static uint16_t typed(uint8_t held, uint8_t key)
{
    struct keymap_result pressed;

    if (held != KEY_NONE) {
        act(held, KEY_PRESSED);
        CHECK_EQUAL(result.typed, NONE);
    }
    stroke(key);
    pressed = result;
    if (held != KEY_NONE) {
        act(held, KEY_RELEASED);
    }
    result = pressed;
    return result.typed;
}

/* Rows of keys, plain and with Shift, as they stand on a keyboard. The two keys that differ between keyboards are left out. */
static const uint8_t rows_of_keys[] = {
    KEY_GRAVE, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS, KEY_EQUALS,
    KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P, KEY_LEFT_BRACKET, KEY_RIGHT_BRACKET,
    KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE, KEY_BACKSLASH,
    KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M, KEY_COMMA, KEY_PERIOD, KEY_SLASH, KEY_SPACE,
};

/* What is printed on them; a dead key is the accent. */
static void expect_rows(const char *name, uint8_t shift, const uint16_t *printed)
{
    open_map(name);
    for (size_t i = 0; i < COUNT(rows_of_keys); i++) {
        uint16_t symbol = (typed(shift, rows_of_keys[i]), result.symbol);

        CHECK_EQUAL(symbol, printed[i]);
        CHECK(result.typed == symbol || state.accent == symbol);
        state.accent = 0;
    }
}

static void us_keys_type_what_is_printed_on_them(void)
{
    expect_rows("us", KEY_NONE, u"`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./ ");
    expect_rows("us", KEY_LEFT_SHIFT, u"~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>? ");
    expect_rows("us", KEY_RIGHT_SHIFT, u"~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>? ");
}

static void german_keys_type_what_is_printed_on_them(void)
{
    static const struct { uint8_t key; uint16_t character; } with_altgr[] = {
        { KEY_2, u'²' }, { KEY_3, u'³' }, { KEY_7, '{' }, { KEY_8, '[' }, { KEY_9, ']' }, { KEY_0, '}' }, { KEY_MINUS, '\\' },
        { KEY_Q, '@' }, { KEY_E, u'€' }, { KEY_RIGHT_BRACKET, '~' }, { KEY_EUROPE_2, '|' }, { KEY_M, u'µ' }, { KEY_A, NONE },
        { KEY_SPACE, ' ' }, { KEY_ENTER, '\n' },
    };

    expect_rows("de", KEY_NONE, u"^1234567890ß´qwertzuiopü+asdfghjklöä#yxcvbnm,.- ");
    expect_rows("de", KEY_LEFT_SHIFT, u"°!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_ ");
    CHECK_EQUAL(typed(KEY_NONE, KEY_EUROPE_2), '<');
    CHECK_EQUAL(typed(KEY_LEFT_SHIFT, KEY_EUROPE_2), '>');
    CHECK_EQUAL(typed(KEY_NONE, KEY_EUROPE_1), '#');
    for (size_t i = 0; i < COUNT(with_altgr); i++) {
        CHECK_EQUAL(typed(KEY_RIGHT_ALT, with_altgr[i].key), with_altgr[i].character);
        act(KEY_LEFT_CONTROL, KEY_PRESSED);
        CHECK_EQUAL(typed(KEY_LEFT_ALT, with_altgr[i].key), with_altgr[i].character);
        act(KEY_LEFT_CONTROL, KEY_RELEASED);
    }
}

/* Every character of ASCII, and in Germany every letter that is only there. */
static void every_map_types_all_of_ascii(void)
{
    static const char *const names[] = { "us", "de" };
    static const uint8_t held[] = { KEY_NONE, KEY_LEFT_SHIFT, KEY_RIGHT_ALT };

    for (size_t i = 0; i < COUNT(names); i++) {
        bool found[0x100] = { false };

        open_map(names[i]);
        for (size_t h = 0; h < COUNT(held); h++) {
            for (unsigned key = KEY_A; key <= KEY_EUROPE_2; key++) {
                state.accent = 0;
                state.modifiers = 0;             /* locks are among the keys */
                uint16_t character = typed(held[h], (uint8_t)key);
                if (character == NONE) {
                    stroke(KEY_SPACE);           /* the key may be dead: then this types its accent */
                    character = result.typed;
                }
                if (character < COUNT(found)) {
                    found[character] = true;
                }
            }
        }
        for (unsigned character = ' '; character <= '~'; character++) {
            CHECK(found[character]);
        }
    }
}

static void caps_lock_is_shift_for_letters_alone(void)
{
    open_map("de");
    stroke(KEY_CAPS_LOCK);
    CHECK_EQUAL(result.modifiers, MODIFIER_CAPS_LOCK);
    CHECK_EQUAL(typed(KEY_NONE, KEY_A), 'A');
    CHECK_EQUAL(typed(KEY_LEFT_SHIFT, KEY_A), 'a');
    CHECK_EQUAL(typed(KEY_NONE, KEY_SEMICOLON), u'Ö');
    CHECK_EQUAL(typed(KEY_NONE, KEY_1), '1');
    CHECK_EQUAL(typed(KEY_LEFT_SHIFT, KEY_1), '!');
    CHECK_EQUAL(typed(KEY_RIGHT_ALT, KEY_Q), '@');
    act(KEY_CAPS_LOCK, KEY_PRESSED);
    act(KEY_CAPS_LOCK, KEY_REPEATED);
    CHECK_EQUAL(result.modifiers, 0);
    CHECK_EQUAL(typed(KEY_NONE, KEY_A), 'a');
}

static void control_makes_control_characters(void)
{
    open_map("us");
    for (unsigned i = 0; i < 26; i++) {
        CHECK_EQUAL(typed(KEY_LEFT_CONTROL, (uint8_t)(KEY_A + i)), i + 1);
        CHECK_EQUAL(result.symbol, 'a' + i);
    }
    CHECK_EQUAL(typed(KEY_RIGHT_CONTROL, KEY_LEFT_BRACKET), 0x1B);
    CHECK_EQUAL(typed(KEY_RIGHT_CONTROL, KEY_BACKSLASH), 0x1C);
    CHECK_EQUAL(typed(KEY_LEFT_CONTROL, KEY_BACKSPACE), 0x7F);
    CHECK_EQUAL(typed(KEY_LEFT_CONTROL, KEY_ENTER), '\n');
    CHECK_EQUAL(typed(KEY_LEFT_CONTROL, KEY_1), NONE);
    CHECK_EQUAL(typed(KEY_LEFT_CONTROL, KEY_SPACE), NONE);
    open_map("de");
    CHECK_EQUAL(typed(KEY_LEFT_CONTROL, KEY_Y), 'Z' - '@');      /* the key that types z */
    act(KEY_RIGHT_CONTROL, KEY_PRESSED);
    CHECK_EQUAL(typed(KEY_RIGHT_ALT, KEY_MINUS), 0x1C);          /* Control and AltGr, which makes a backslash */
}

static void alt_types_nothing_and_says_which_letter_it_was(void)
{
    open_map("us");
    CHECK_EQUAL(typed(KEY_LEFT_ALT, KEY_F), NONE);
    CHECK_EQUAL(result.symbol, 'f');
    CHECK_EQUAL(typed(KEY_RIGHT_ALT, KEY_F), NONE);
    CHECK_EQUAL(result.modifiers, MODIFIER_RIGHT_ALT);
    CHECK_EQUAL(typed(KEY_LEFT_GUI, KEY_F), NONE);
    open_map("de");
    CHECK_EQUAL(typed(KEY_LEFT_ALT, KEY_Z), NONE);
    CHECK_EQUAL(result.symbol, 'y');
    (void)typed(KEY_RIGHT_ALT, KEY_Q);
    CHECK_EQUAL(result.modifiers, MODIFIER_RIGHT_ALT | MODIFIER_ALTGR);
}

static void the_keypad_follows_num_lock_and_shift(void)
{
    static const uint8_t meanings[] = { KEY_END, KEY_DOWN, KEY_PAGE_DOWN, KEY_LEFT, KEY_KEYPAD_5, KEY_RIGHT, KEY_HOME, KEY_UP,
                                        KEY_PAGE_UP, KEY_INSERT, KEY_DELETE };
    static const uint16_t digits[] = u"1234567890.";

    open_map("us");
    for (unsigned lock = 0; lock < 2; lock++) {
        for (unsigned i = 0; i < COUNT(meanings); i++) {
            uint8_t key = (uint8_t)(KEY_KEYPAD_1 + i);

            CHECK_EQUAL(typed(KEY_NONE, key), lock ? digits[i] : NONE);
            CHECK_EQUAL(result.meaning, lock ? key : meanings[i]);
            CHECK_EQUAL(typed(KEY_LEFT_SHIFT, key), lock ? NONE : digits[i]);
            CHECK_EQUAL(result.meaning, lock ? meanings[i] : key);
        }
        CHECK_EQUAL(typed(KEY_NONE, KEY_KEYPAD_ADD), '+');
        CHECK_EQUAL(typed(KEY_NONE, KEY_KEYPAD_ENTER), '\n');
        stroke(KEY_NUM_LOCK);
    }
    open_map("de");
    stroke(KEY_NUM_LOCK);
    CHECK_EQUAL(result.modifiers & MODIFIER_LOCKS, (uint32_t)KEYBOARD_NUM_LOCK << MODIFIER_LOCKS_SHIFT);
    CHECK_EQUAL(typed(KEY_NONE, KEY_KEYPAD_DECIMAL), ',');
}

static void dead(uint8_t held, uint8_t key)
{
    CHECK_EQUAL(typed(held, key), NONE);
    CHECK_EQUAL(result.first, NONE);
}

static void accents_wait_for_their_letters(void)
{
    open_map("de");
    dead(KEY_NONE, KEY_GRAVE);
    CHECK_EQUAL(typed(KEY_NONE, KEY_E), u'ê');
    CHECK_EQUAL(result.first, NONE);
    dead(KEY_NONE, KEY_EQUALS);
    CHECK_EQUAL(typed(KEY_LEFT_SHIFT, KEY_E), u'É');             /* Shift does not disturb it */
    dead(KEY_LEFT_SHIFT, KEY_EQUALS);
    CHECK_EQUAL(typed(KEY_NONE, KEY_A), u'à');
    dead(KEY_NONE, KEY_GRAVE);
    CHECK_EQUAL(typed(KEY_NONE, KEY_SPACE), '^');
    CHECK_EQUAL(result.first, NONE);
    dead(KEY_NONE, KEY_GRAVE);
    CHECK_EQUAL(typed(KEY_NONE, KEY_GRAVE), '^');
    CHECK_EQUAL(typed(KEY_NONE, KEY_A), 'a');
}

static void an_accent_that_meets_no_letter_is_typed_before_the_other_character(void)
{
    open_map("de");
    dead(KEY_NONE, KEY_GRAVE);
    CHECK_EQUAL(typed(KEY_NONE, KEY_X), 'x');
    CHECK_EQUAL(result.first, '^');
    dead(KEY_NONE, KEY_GRAVE);
    CHECK_EQUAL(typed(KEY_LEFT_SHIFT, KEY_EQUALS), NONE);        /* another accent */
    CHECK_EQUAL(result.first, '^');
    CHECK_EQUAL(typed(KEY_NONE, KEY_E), u'è');
    dead(KEY_NONE, KEY_GRAVE);
    act(KEY_GRAVE, KEY_PRESSED);
    CHECK_EQUAL(result.typed, '^');
    dead(KEY_NONE, KEY_EQUALS);
    act(KEY_EQUALS, KEY_REPEATED);                               /* a dead key that is held types nothing */
    CHECK_EQUAL(result.typed, NONE);
    CHECK_EQUAL(typed(KEY_NONE, KEY_BACKSPACE), NONE);           /* takes back the accent */
    CHECK_EQUAL(typed(KEY_NONE, KEY_E), 'e');
}

static void a_number_with_alt_is_a_character(void)
{
    open_map("us");
    act(KEY_LEFT_ALT, KEY_PRESSED);
    stroke(KEY_KEYPAD_2);
    CHECK_EQUAL(result.typed, NONE);
    stroke(KEY_KEYPAD_2);
    stroke(KEY_KEYPAD_5);
    act(KEY_LEFT_ALT, KEY_RELEASED);
    CHECK_EQUAL(result.first, u'ß');                             /* 225 in code page 437 */
    act(KEY_LEFT_ALT, KEY_PRESSED);
    act(KEY_LEFT_ALT, KEY_RELEASED);
    CHECK_EQUAL(result.first, NONE);
}

static void a_key_that_repeats_types_again(void)
{
    open_map("us");
    act(KEY_A, KEY_PRESSED);
    for (int i = 0; i < 3; i++) {
        act(KEY_A, KEY_REPEATED);
        CHECK_EQUAL(result.typed, 'a');
    }
}

static void any_events_are_survived(void)
{
    static const uint8_t favourites[] = { KEY_LEFT_CONTROL, KEY_LEFT_ALT, KEY_RIGHT_ALT, KEY_GRAVE, KEY_EQUALS, KEY_KEYPAD_7, KEY_NUM_LOCK };

    open_map("de");
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t key = random_below(2) ? favourites[random_below(COUNT(favourites))] : (uint8_t)random_next();

        act(key, random_below(3));
        CHECK(result.typed < KEYMAP_DEAD(0) && result.first < KEYMAP_DEAD(0) && result.symbol < KEYMAP_DEAD(0));
    }
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        act((uint8_t)key, KEY_RELEASED);
    }
    CHECK_EQUAL(state.modifiers & ~MODIFIER_LOCKS, 0);
}

/* No map says two things of one key, or of a key that has a meaning of its own. */
static void maps_are_well_formed(void)
{
    static const char *const names[] = { "us", "de" };

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct keymap *map = keymap_find(names[i]);
        bool seen[KEY_COUNT] = { false };

        for (size_t r = 0; r < map->row_count; r++) {
            const struct keymap_row *row = &map->rows[r];

            CHECK(!seen[row->key]);
            seen[row->key] = true;
            CHECK(row->key >= KEY_A && row->key < KEY_LEFT_CONTROL && row->key != KEY_CAPS_LOCK);
            CHECK(row->characters[LEVEL_PLAIN] != 0 && row->characters[LEVEL_SHIFT] != 0);
            CHECK(map->has_altgr || (row->characters[LEVEL_ALTGR] | row->characters[LEVEL_ALTGR_SHIFT]) == 0);
        }
    }
    CHECK(keymap_find("fr-bepo") == NULL);
    CHECK(keymap_find("") == NULL);
}

static void code_page_437_and_unicode_agree(void)
{
    for (unsigned byte = 0; byte < 0x100; byte++) {
        CHECK_EQUAL(code_page_437(code_page_437_unicode((uint8_t)byte)), byte);
    }
    CHECK_EQUAL(code_page_437(u'ä'), 0x84);
    CHECK_EQUAL(code_page_437(u'ß'), 0xE1);
    CHECK_EQUAL(code_page_437(u'║'), 0xBA);
    CHECK_EQUAL(code_page_437(u'§'), 0);
    CHECK_EQUAL(code_page_437(u'€'), 0);
    CHECK_EQUAL(code_page_437(0x1F600), 0);
    CHECK_EQUAL(code_page_437_unicode(0x9B), u'¢');
}

static const struct test tests[] = {
    TEST(us_keys_type_what_is_printed_on_them),
    TEST(german_keys_type_what_is_printed_on_them),
    TEST(every_map_types_all_of_ascii),
    TEST(caps_lock_is_shift_for_letters_alone),
    TEST(control_makes_control_characters),
    TEST(alt_types_nothing_and_says_which_letter_it_was),
    TEST(the_keypad_follows_num_lock_and_shift),
    TEST(accents_wait_for_their_letters),
    TEST(an_accent_that_meets_no_letter_is_typed_before_the_other_character),
    TEST(a_number_with_alt_is_a_character),
    TEST(a_key_that_repeats_types_again),
    TEST(any_events_are_survived),
    TEST(maps_are_well_formed),
    TEST(code_page_437_and_unicode_agree),
};
TEST_MAIN(tests)
