/* The German keyboard: DIN 2137, T1. */
#include "keymaps.h"

#define ACUTE 0xB4U

static const struct keymap_row rows[] = {
    KEYMAP_LETTER(KEY_A, 'a', 'A'), KEYMAP_LETTER(KEY_B, 'b', 'B'), KEYMAP_LETTER(KEY_C, 'c', 'C'), KEYMAP_LETTER(KEY_D, 'd', 'D'),
    KEYMAP_LETTER(KEY_E, 'e', 'E', 0x20AC /* euro */), KEYMAP_LETTER(KEY_F, 'f', 'F'), KEYMAP_LETTER(KEY_G, 'g', 'G'),
    KEYMAP_LETTER(KEY_H, 'h', 'H'), KEYMAP_LETTER(KEY_I, 'i', 'I'), KEYMAP_LETTER(KEY_J, 'j', 'J'), KEYMAP_LETTER(KEY_K, 'k', 'K'),
    KEYMAP_LETTER(KEY_L, 'l', 'L'), KEYMAP_LETTER(KEY_M, 'm', 'M', 0xB5 /* micro */), KEYMAP_LETTER(KEY_N, 'n', 'N'),
    KEYMAP_LETTER(KEY_O, 'o', 'O'), KEYMAP_LETTER(KEY_P, 'p', 'P'), KEYMAP_LETTER(KEY_Q, 'q', 'Q', '@'), KEYMAP_LETTER(KEY_R, 'r', 'R'),
    KEYMAP_LETTER(KEY_S, 's', 'S'), KEYMAP_LETTER(KEY_T, 't', 'T'), KEYMAP_LETTER(KEY_U, 'u', 'U'), KEYMAP_LETTER(KEY_V, 'v', 'V'),
    KEYMAP_LETTER(KEY_W, 'w', 'W'), KEYMAP_LETTER(KEY_X, 'x', 'X'), KEYMAP_LETTER(KEY_Y, 'z', 'Z'), KEYMAP_LETTER(KEY_Z, 'y', 'Y'),
    KEYMAP_LETTER(KEY_LEFT_BRACKET, 0xFC, 0xDC),     /* u with two dots */
    KEYMAP_LETTER(KEY_SEMICOLON, 0xF6, 0xD6),        /* o */
    KEYMAP_LETTER(KEY_APOSTROPHE, 0xE4, 0xC4),       /* a */
    KEYMAP_SIGN(KEY_1, '1', '!'),
    KEYMAP_SIGN(KEY_2, '2', '"', 0xB2),              /* squared */
    KEYMAP_SIGN(KEY_3, '3', 0xA7, 0xB3),             /* section, cubed */
    KEYMAP_SIGN(KEY_4, '4', '$'),
    KEYMAP_SIGN(KEY_5, '5', '%'),
    KEYMAP_SIGN(KEY_6, '6', '&'),
    KEYMAP_SIGN(KEY_7, '7', '/', '{'),
    KEYMAP_SIGN(KEY_8, '8', '(', '['),
    KEYMAP_SIGN(KEY_9, '9', ')', ']'),
    KEYMAP_SIGN(KEY_0, '0', '=', '}'),
    KEYMAP_SIGN(KEY_MINUS, 0xDF, '?', '\\'),         /* sharp s */
    KEYMAP_SIGN(KEY_EQUALS, KEYMAP_DEAD(ACUTE), KEYMAP_DEAD('`')),
    KEYMAP_SIGN(KEY_RIGHT_BRACKET, '+', '*', '~'),
    KEYMAP_SIGN(KEY_BACKSLASH, '#', '\''),
    KEYMAP_SIGN(KEY_EUROPE_1, '#', '\''),
    KEYMAP_SIGN(KEY_EUROPE_2, '<', '>', '|'),
    KEYMAP_SIGN(KEY_GRAVE, KEYMAP_DEAD('^'), 0xB0),  /* degree */
    KEYMAP_SIGN(KEY_COMMA, ',', ';'),
    KEYMAP_SIGN(KEY_PERIOD, '.', ':'),
    KEYMAP_SIGN(KEY_SLASH, '-', '_'),
};

const struct keymap keymap_de = {
    .name = "de",
    .has_altgr = true,
    .keypad_decimal = ',',
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};
