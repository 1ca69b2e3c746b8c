/* The US keyboard: ANSI INCITS 154. */
#include "keymaps.h"

static const struct keymap_row rows[] = {
    KEYMAP_LETTER(KEY_A, 'a', 'A'), KEYMAP_LETTER(KEY_B, 'b', 'B'), KEYMAP_LETTER(KEY_C, 'c', 'C'), KEYMAP_LETTER(KEY_D, 'd', 'D'),
    KEYMAP_LETTER(KEY_E, 'e', 'E'), KEYMAP_LETTER(KEY_F, 'f', 'F'), KEYMAP_LETTER(KEY_G, 'g', 'G'), KEYMAP_LETTER(KEY_H, 'h', 'H'),
    KEYMAP_LETTER(KEY_I, 'i', 'I'), KEYMAP_LETTER(KEY_J, 'j', 'J'), KEYMAP_LETTER(KEY_K, 'k', 'K'), KEYMAP_LETTER(KEY_L, 'l', 'L'),
    KEYMAP_LETTER(KEY_M, 'm', 'M'), KEYMAP_LETTER(KEY_N, 'n', 'N'), KEYMAP_LETTER(KEY_O, 'o', 'O'), KEYMAP_LETTER(KEY_P, 'p', 'P'),
    KEYMAP_LETTER(KEY_Q, 'q', 'Q'), KEYMAP_LETTER(KEY_R, 'r', 'R'), KEYMAP_LETTER(KEY_S, 's', 'S'), KEYMAP_LETTER(KEY_T, 't', 'T'),
    KEYMAP_LETTER(KEY_U, 'u', 'U'), KEYMAP_LETTER(KEY_V, 'v', 'V'), KEYMAP_LETTER(KEY_W, 'w', 'W'), KEYMAP_LETTER(KEY_X, 'x', 'X'),
    KEYMAP_LETTER(KEY_Y, 'y', 'Y'), KEYMAP_LETTER(KEY_Z, 'z', 'Z'),
    KEYMAP_SIGN(KEY_1, '1', '!'), KEYMAP_SIGN(KEY_2, '2', '@'), KEYMAP_SIGN(KEY_3, '3', '#'), KEYMAP_SIGN(KEY_4, '4', '$'),
    KEYMAP_SIGN(KEY_5, '5', '%'), KEYMAP_SIGN(KEY_6, '6', '^'), KEYMAP_SIGN(KEY_7, '7', '&'), KEYMAP_SIGN(KEY_8, '8', '*'),
    KEYMAP_SIGN(KEY_9, '9', '('), KEYMAP_SIGN(KEY_0, '0', ')'),
    KEYMAP_SIGN(KEY_MINUS, '-', '_'),
    KEYMAP_SIGN(KEY_EQUALS, '=', '+'),
    KEYMAP_SIGN(KEY_LEFT_BRACKET, '[', '{'),
    KEYMAP_SIGN(KEY_RIGHT_BRACKET, ']', '}'),
    KEYMAP_SIGN(KEY_BACKSLASH, '\\', '|'),
    KEYMAP_SIGN(KEY_EUROPE_1, '\\', '|'),
    KEYMAP_SIGN(KEY_EUROPE_2, '\\', '|'),
    KEYMAP_SIGN(KEY_SEMICOLON, ';', ':'),
    KEYMAP_SIGN(KEY_APOSTROPHE, '\'', '"'),
    KEYMAP_SIGN(KEY_GRAVE, '`', '~'),
    KEYMAP_SIGN(KEY_COMMA, ',', '<'),
    KEYMAP_SIGN(KEY_PERIOD, '.', '>'),
    KEYMAP_SIGN(KEY_SLASH, '/', '?'),
};

const struct keymap keymap_us = {
    .name = "us",
    .keypad_decimal = '.',
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};
