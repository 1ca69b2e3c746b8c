/*
 * Keys by their numbers: where a key is, in the words of a US keyboard, not what is printed on it. The numbers are those of the
 * USB HID Usage Tables 1.12, section 10 (page 07h). keymap.h says what a key types.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum key {
    KEY_NONE,
    KEY_A = 0x04, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H, KEY_I, KEY_J, KEY_K, KEY_L, KEY_M,
    KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T, KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z,
    KEY_1 = 0x1E, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0,
    KEY_ENTER = 0x28,
    KEY_ESCAPE,
    KEY_BACKSPACE,
    KEY_TAB,
    KEY_SPACE,
    KEY_MINUS,
    KEY_EQUALS,
    KEY_LEFT_BRACKET,
    KEY_RIGHT_BRACKET,
    KEY_BACKSLASH,               /* above Enter, or left of it; a PS/2 keyboard cannot tell it from KEY_EUROPE_1 */
    KEY_EUROPE_1,                /* left of a tall Enter: # in Germany */
    KEY_SEMICOLON,
    KEY_APOSTROPHE,
    KEY_GRAVE,                   /* below Escape */
    KEY_COMMA,
    KEY_PERIOD,
    KEY_SLASH,
    KEY_CAPS_LOCK = 0x39,
    KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5, KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10, KEY_F11, KEY_F12,
    KEY_PRINT_SCREEN = 0x46,
    KEY_SCROLL_LOCK,
    KEY_PAUSE,
    KEY_INSERT,
    KEY_HOME,
    KEY_PAGE_UP,
    KEY_DELETE,
    KEY_END,
    KEY_PAGE_DOWN,
    KEY_RIGHT,
    KEY_LEFT,
    KEY_DOWN,
    KEY_UP,
    KEY_NUM_LOCK = 0x53,
    KEY_KEYPAD_DIVIDE,
    KEY_KEYPAD_MULTIPLY,
    KEY_KEYPAD_SUBTRACT,
    KEY_KEYPAD_ADD,
    KEY_KEYPAD_ENTER,
    KEY_KEYPAD_1, KEY_KEYPAD_2, KEY_KEYPAD_3, KEY_KEYPAD_4, KEY_KEYPAD_5,
    KEY_KEYPAD_6, KEY_KEYPAD_7, KEY_KEYPAD_8, KEY_KEYPAD_9, KEY_KEYPAD_0,
    KEY_KEYPAD_DECIMAL,
    KEY_EUROPE_2,                /* between left Shift and Z: < in Germany */
    KEY_APPLICATION,             /* the menu */
    KEY_POWER,
    KEY_KEYPAD_EQUALS,
    KEY_F13, KEY_F14, KEY_F15, KEY_F16, KEY_F17, KEY_F18, KEY_F19, KEY_F20, KEY_F21, KEY_F22, KEY_F23, KEY_F24,
    KEY_MUTE = 0x7F,
    KEY_VOLUME_UP,
    KEY_VOLUME_DOWN,
    KEY_KEYPAD_COMMA = 0x85,     /* Brazil */
    KEY_INTERNATIONAL_1 = 0x87,  /* Ro; left of the right Shift in Brazil */
    KEY_INTERNATIONAL_2,         /* Kana */
    KEY_INTERNATIONAL_3,         /* Yen */
    KEY_INTERNATIONAL_4,         /* Henkan */
    KEY_INTERNATIONAL_5,         /* Muhenkan */
    KEY_LANGUAGE_1 = 0x90,       /* Hangul */
    KEY_LANGUAGE_2,              /* Hanja */
    KEY_LANGUAGE_3,              /* Katakana */
    KEY_LANGUAGE_4,              /* Hiragana */
    KEY_LEFT_CONTROL = 0xE0,
    KEY_LEFT_SHIFT,
    KEY_LEFT_ALT,
    KEY_LEFT_GUI,
    KEY_RIGHT_CONTROL,
    KEY_RIGHT_SHIFT,
    KEY_RIGHT_ALT,
    KEY_RIGHT_GUI,
    KEY_COUNT = 0x100,
};

#define KEY_SET_WORDS (KEY_COUNT / 32)

/* Some keys. All zeroes: none. */
struct key_set {
    uint32_t words[KEY_SET_WORDS];   /* a bit a key */
};

static inline bool key_set_has(const struct key_set *set, uint8_t key)
{
    return set->words[key / 32] >> key % 32 & 1U;
}

static inline void key_set_put(struct key_set *set, uint8_t key, bool is_in)
{
    uint32_t bit = 1U << key % 32;

    set->words[key / 32] = is_in ? set->words[key / 32] | bit : set->words[key / 32] & ~bit;
}
