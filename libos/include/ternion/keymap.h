/*
 * Key maps: from keys (keys.h) to characters. A map is a table, a row a key; docs/input.md tells how to add one. s\input applies a
 * map to what all keyboards say, so that programs get characters from it; others may use these functions for themselves.
 *
 * Characters are Unicode code points. Any thread may call these functions; a struct keymap_state belongs to one of them at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ternion/keyboard.h>

/* Keys that are held, in the order of their numbers, and locks that are on, in the order of KEYBOARD_…. */
#define MODIFIER_LEFT_CONTROL 0x001U
#define MODIFIER_LEFT_SHIFT 0x002U
#define MODIFIER_LEFT_ALT 0x004U
#define MODIFIER_LEFT_GUI 0x008U
#define MODIFIER_RIGHT_CONTROL 0x010U
#define MODIFIER_RIGHT_SHIFT 0x020U
#define MODIFIER_RIGHT_ALT 0x040U
#define MODIFIER_RIGHT_GUI 0x080U
#define MODIFIER_NUM_LOCK 0x100U
#define MODIFIER_CAPS_LOCK 0x200U
#define MODIFIER_SCROLL_LOCK 0x400U
#define MODIFIER_ALTGR 0x800U    /* the map has this level, and the keys for it are held; those do not count as Control and Alt then */

#define MODIFIER_CONTROL (MODIFIER_LEFT_CONTROL | MODIFIER_RIGHT_CONTROL)
#define MODIFIER_SHIFT (MODIFIER_LEFT_SHIFT | MODIFIER_RIGHT_SHIFT)
#define MODIFIER_ALT (MODIFIER_LEFT_ALT | MODIFIER_RIGHT_ALT)
#define MODIFIER_GUI (MODIFIER_LEFT_GUI | MODIFIER_RIGHT_GUI)
#define MODIFIER_LOCKS_SHIFT 8   /* (modifiers & MODIFIER_LOCKS) >> MODIFIER_LOCKS_SHIFT are the lights */
#define MODIFIER_LOCKS (MODIFIER_NUM_LOCK | MODIFIER_CAPS_LOCK | MODIFIER_SCROLL_LOCK)

/* ---- Maps ---- */

enum keymap_level {
    LEVEL_PLAIN,
    LEVEL_SHIFT,
    LEVEL_ALTGR,
    LEVEL_ALTGR_SHIFT,
    LEVEL_COUNT,
};

/* In place of a character: an accent that waits for its letter. */
#define KEYMAP_DEAD(accent) (0xE000U + (accent))

struct keymap_row {
    uint8_t key;                 /* enum key */
    bool is_letter;              /* Caps Lock is Shift for it */
    uint16_t characters[LEVEL_COUNT]; /* 0: none */
};

/* Rows of a map. */
#define KEYMAP_LETTER(key, lower, upper, ...) { key, true, { lower, upper, __VA_ARGS__ } }
#define KEYMAP_SIGN(key, ...) { key, false, { __VA_ARGS__ } }

struct keymap {
    const char *name;
    bool has_altgr;              /* the right Alt key, or Control with the left Alt key */
    uint16_t keypad_decimal;
    const struct keymap_row *rows;
    size_t row_count;            /* keys without a row type what they type everywhere, such as Enter, or nothing */
};

/* The map of a name, such as "us" and "de", or NULL. */
const struct keymap *keymap_find(const char *name);

/* ---- Typing ---- */

/* All zeroes but `map`: no key is held, no lock is on. */
struct keymap_state {
    const struct keymap *map;
    uint32_t modifiers;          /* MODIFIER_… */
    /* The rest is keymap.c's own. */
    uint16_t accent;             /* that waits for its letter, or 0 */
    uint16_t alt_code;           /* of the digits typed on the keypad while Alt is held */
    bool has_alt_code;
};

/* What became of a key event. */
struct keymap_result {
    uint8_t meaning;             /* the key, or what a key of the keypad stands for without Num Lock: KEY_LEFT and so on */
    uint16_t modifiers;          /* after the event */
    uint16_t first;              /* typed before `typed`: an accent that met no letter of its own, or an Alt code; or 0 */
    uint16_t typed;              /* or 0: with Alt, with Gui, and where Control makes no control character nothing is typed */
    uint16_t symbol;             /* what it types without Control and Alt, for combinations such as Alt+F; or 0 */
};

/* Goes on by a key event. A key that repeats types again. */
void keymap_take(struct keymap_state *state, const struct key_event *event, struct keymap_result *result_out);
