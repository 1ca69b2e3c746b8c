#include <ternion/code_page.h>
#include <ternion/string.h>

#include "keymaps.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define DELETE_CHARACTER 0x7FU
#define BYTE_VALUES 0x100U

static const struct keymap *const maps[] = { &keymap_us, &keymap_de };

/* What is the same on all keyboards, whatever is held beside it. */
static const struct {
    uint8_t key;
    uint8_t character;
} common_keys[] = {
    { KEY_ENTER, '\n' }, { KEY_ESCAPE, '\033' }, { KEY_BACKSPACE, '\b' }, { KEY_TAB, '\t' }, { KEY_SPACE, ' ' },
    { KEY_KEYPAD_DIVIDE, '/' }, { KEY_KEYPAD_MULTIPLY, '*' }, { KEY_KEYPAD_SUBTRACT, '-' }, { KEY_KEYPAD_ADD, '+' },
    { KEY_KEYPAD_ENTER, '\n' }, { KEY_KEYPAD_EQUALS, '=' },
};

/* What keys of the keypad mean without Num Lock. */
static const uint8_t keypad_meanings[] = {
    [KEY_KEYPAD_1 - KEY_KEYPAD_1] = KEY_END,
    [KEY_KEYPAD_2 - KEY_KEYPAD_1] = KEY_DOWN,
    [KEY_KEYPAD_3 - KEY_KEYPAD_1] = KEY_PAGE_DOWN,
    [KEY_KEYPAD_4 - KEY_KEYPAD_1] = KEY_LEFT,
    [KEY_KEYPAD_5 - KEY_KEYPAD_1] = KEY_KEYPAD_5,
    [KEY_KEYPAD_6 - KEY_KEYPAD_1] = KEY_RIGHT,
    [KEY_KEYPAD_7 - KEY_KEYPAD_1] = KEY_HOME,
    [KEY_KEYPAD_8 - KEY_KEYPAD_1] = KEY_UP,
    [KEY_KEYPAD_9 - KEY_KEYPAD_1] = KEY_PAGE_UP,
    [KEY_KEYPAD_0 - KEY_KEYPAD_1] = KEY_INSERT,
    [KEY_KEYPAD_DECIMAL - KEY_KEYPAD_1] = KEY_DELETE,
};

const struct keymap *keymap_find(const char *name)
{
    for (size_t i = 0; i < COUNT(maps); i++) {
        if (strcmp(maps[i]->name, name) == 0) {
            return maps[i];
        }
    }
    return NULL;
}

static const struct keymap_row *find_row(const struct keymap *map, uint8_t key)
{
    for (size_t i = 0; i < map->row_count; i++) {
        if (map->rows[i].key == key) {
            return &map->rows[i];
        }
    }
    return NULL;
}

static uint16_t find_common(uint8_t key)
{
    for (size_t i = 0; i < COUNT(common_keys); i++) {
        if (common_keys[i].key == key) {
            return common_keys[i].character;
        }
    }
    return 0;
}

/* ---- Modifiers ---- */

static uint32_t lock_of(uint8_t key)
{
    switch (key) {
    case KEY_NUM_LOCK:
        return MODIFIER_NUM_LOCK;
    case KEY_CAPS_LOCK:
        return MODIFIER_CAPS_LOCK;
    case KEY_SCROLL_LOCK:
        return MODIFIER_SCROLL_LOCK;
    default:
        return 0;
    }
}

static void take_modifier(struct keymap_state *state, const struct key_event *event)
{
    if (event->key >= KEY_LEFT_CONTROL && event->key <= KEY_RIGHT_GUI) {
        uint32_t bit = 1U << (event->key - KEY_LEFT_CONTROL);

        state->modifiers = event->action == KEY_RELEASED ? state->modifiers & ~bit : state->modifiers | bit;
    }
    if (event->action == KEY_PRESSED) {
        state->modifiers ^= lock_of(event->key);
    }
    uint32_t held = state->modifiers;
    bool is_altgr = state->map->has_altgr
                    && (held & MODIFIER_RIGHT_ALT || (held & MODIFIER_CONTROL && held & MODIFIER_LEFT_ALT));
    state->modifiers = is_altgr ? held | MODIFIER_ALTGR : held & ~MODIFIER_ALTGR;
}

/* Of the keys that make AltGr, none counts for itself: the right Alt key, or, without it, Control and the left one. */
static uint32_t effective(const struct keymap_state *state)
{
    uint32_t held = state->modifiers;

    if (!(held & MODIFIER_ALTGR)) {
        return held;
    }
    return held & ~(held & MODIFIER_RIGHT_ALT ? MODIFIER_RIGHT_ALT : MODIFIER_CONTROL | MODIFIER_LEFT_ALT);
}

/* ---- Characters ---- */

static bool is_keypad_number(uint8_t key)
{
    return key >= KEY_KEYPAD_1 && key <= KEY_KEYPAD_DECIMAL;
}

static bool keypad_types(uint32_t modifiers)
{
    return !(modifiers & MODIFIER_NUM_LOCK) == !!(modifiers & MODIFIER_SHIFT);
}

/* 0 to 9; the decimal point is 10. */
static uint16_t keypad_digit(uint8_t key)
{
    return key == KEY_KEYPAD_DECIMAL ? 10 : (uint16_t)((key - KEY_KEYPAD_1 + 1) % 10);
}

/* What a key types with Shift, Caps Lock and AltGr as they are; may be dead. */
static uint16_t find_character(const struct keymap_state *state, uint8_t key)
{
    const struct keymap *map = state->map;
    uint32_t modifiers = state->modifiers;

    if (is_keypad_number(key)) {
        uint16_t digit = keypad_digit(key);

        return !keypad_types(modifiers) ? 0 : digit == 10 ? map->keypad_decimal : (uint16_t)('0' + digit);
    }
    const struct keymap_row *row = find_row(map, key);
    if (row == NULL) {
        return find_common(key);
    }
    bool is_shifted = modifiers & MODIFIER_SHIFT;
    if (modifiers & MODIFIER_ALTGR) {
        return row->characters[is_shifted ? LEVEL_ALTGR_SHIFT : LEVEL_ALTGR];
    }
    if (row->is_letter && modifiers & MODIFIER_CAPS_LOCK) {
        is_shifted = !is_shifted;
    }
    return row->characters[is_shifted ? LEVEL_SHIFT : LEVEL_PLAIN];
}

static bool is_dead(uint16_t character)
{
    return character >= KEYMAP_DEAD(0) && character < KEYMAP_DEAD(BYTE_VALUES);
}

static uint16_t accent_of(uint16_t dead)
{
    return (uint16_t)(dead - KEYMAP_DEAD(0));
}

/* ASCII: the control characters stand 40h below the letters. */
static uint16_t control_character(uint16_t symbol)
{
    if (symbol >= 'a' && symbol <= 'z') {
        return (uint16_t)(symbol - 'a' + 1);
    }
    if (symbol > '@' && symbol <= '_') {
        return (uint16_t)(symbol - '@');
    }
    return symbol == '\b' ? DELETE_CHARACTER : symbol == '\n' ? '\n' : 0;
}

/* A character meets the accent that waits for it. */
static void put_accent(struct keymap_state *state, struct keymap_result *result)
{
    uint16_t accent = state->accent;

    if (accent == 0 || result->typed == 0) {
        return;
    }
    state->accent = 0;
    uint16_t composed = keymap_compose(accent, result->typed);
    if (composed != 0) {
        result->typed = composed;
    } else if (result->typed == '\b') {
        result->typed = 0;       /* it takes back the accent */
    } else {
        result->first = accent;
    }
}

/* A dead key types its accent only if another accent, or the same, waits already. */
static void take_dead(struct keymap_state *state, uint16_t accent, bool is_repeated, struct keymap_result *result)
{
    if (is_repeated) {
        return;
    }
    if (state->accent == accent) {
        result->typed = accent;
        state->accent = 0;
    } else {
        result->first = state->accent;
        state->accent = accent;
    }
}

/* Alt and a number on the keypad are the character of that number. */
static bool take_alt_code(struct keymap_state *state, const struct key_event *event, struct keymap_result *result)
{
    if (event->key == KEY_LEFT_ALT && event->action == KEY_RELEASED) {
        result->first = state->has_alt_code ? (uint16_t)code_page_437_unicode((uint8_t)state->alt_code) : 0;
        state->has_alt_code = false;
        state->alt_code = 0;
        return true;
    }
    if (!(effective(state) & MODIFIER_LEFT_ALT) || !is_keypad_number(event->key) || event->key == KEY_KEYPAD_DECIMAL
        || event->action == KEY_RELEASED) {
        return false;
    }
    state->alt_code = (uint16_t)((state->alt_code * 10 + keypad_digit(event->key)) % BYTE_VALUES);
    state->has_alt_code = true;
    return true;
}

static void type(struct keymap_state *state, const struct key_event *event, struct keymap_result *result)
{
    uint16_t character = find_character(state, event->key);
    uint32_t modifiers = effective(state);

    result->symbol = is_dead(character) ? accent_of(character) : character;
    if (event->action == KEY_RELEASED || modifiers & (MODIFIER_ALT | MODIFIER_GUI)) {
        return;
    }
    if (modifiers & MODIFIER_CONTROL) {
        result->typed = control_character(result->symbol);
    } else if (is_dead(character)) {
        take_dead(state, result->symbol, event->action == KEY_REPEATED, result);
        return;
    } else {
        result->typed = character;
    }
    put_accent(state, result);
}

void keymap_take(struct keymap_state *state, const struct key_event *event, struct keymap_result *result_out)
{
    struct keymap_result result = { .meaning = event->key };

    take_modifier(state, event);
    if (is_keypad_number(event->key) && !keypad_types(state->modifiers)) {
        result.meaning = keypad_meanings[event->key - KEY_KEYPAD_1];
    }
    if (!take_alt_code(state, event, &result)) {
        type(state, event, &result);
    }
    result.modifiers = (uint16_t)state->modifiers;
    *result_out = result;
}
