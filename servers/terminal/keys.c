#include "keys.h"

#include <ternion/format.h>

#include "utf8.h"

#define ESCAPE 0x1B
#define DELETE 0x7F
#define UNIT_SEPARATOR 0x1F      /* Ctrl+/ as on terminals */
#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* xterm, "Control Sequences", PC-style function keys: ESC [ letter, ESC O letter, or ESC [ number ~ */
static const struct sequence {
    uint8_t key;
    char letter;                 /* 0: it has a number */
    uint8_t number;
} sequences[] = {
    { KEY_UP, 'A', 0 }, { KEY_DOWN, 'B', 0 }, { KEY_RIGHT, 'C', 0 }, { KEY_LEFT, 'D', 0 }, { KEY_KEYPAD_5, 'E', 0 },
    { KEY_END, 'F', 0 }, { KEY_HOME, 'H', 0 }, { KEY_F1, 'P', 0 }, { KEY_F2, 'Q', 0 }, { KEY_F3, 'R', 0 }, { KEY_F4, 'S', 0 },
    { KEY_INSERT, 0, 2 }, { KEY_DELETE, 0, 3 }, { KEY_PAGE_UP, 0, 5 }, { KEY_PAGE_DOWN, 0, 6 }, { KEY_F5, 0, 15 },
    { KEY_F6, 0, 17 }, { KEY_F7, 0, 18 }, { KEY_F8, 0, 19 }, { KEY_F9, 0, 20 }, { KEY_F10, 0, 21 }, { KEY_F11, 0, 23 },
    { KEY_F12, 0, 24 },
};

/* With AltGr, Control and Alt are what types the character. */
static uint32_t combination(const struct input_key *key)
{
    return key->modifiers & MODIFIER_ALTGR ? key->modifiers & MODIFIER_SHIFT : key->modifiers;
}

/* As xterm counts what is held: 1, and 1 for Shift, 2 for Alt, 4 for Control. */
static unsigned modifier_number(uint32_t modifiers)
{
    return 1U + ((modifiers & MODIFIER_SHIFT) != 0) + 2U * ((modifiers & MODIFIER_ALT) != 0) + 4U * ((modifiers & MODIFIER_CONTROL) != 0);
}

static uint32_t sequence_bytes(const struct sequence *sequence, uint32_t modifiers, uint8_t *bytes)
{
    char *text = (char *)bytes;
    unsigned number = modifier_number(modifiers);
    bool is_function = sequence->letter >= 'P';

    if (sequence->letter == 0) {
        return (uint32_t)(number == 1 ? format_text(text, KEY_BYTES_MAX, "\033[%u~", sequence->number)
                                      : format_text(text, KEY_BYTES_MAX, "\033[%u;%u~", sequence->number, number));
    }
    return (uint32_t)(number == 1 ? format_text(text, KEY_BYTES_MAX, "\033%c%c", is_function ? 'O' : '[', sequence->letter)
                                  : format_text(text, KEY_BYTES_MAX, "\033[1;%u%c", number, sequence->letter));
}

/* Keys whose character is not what a terminal sends. */
static uint32_t character_of(const struct input_key *key, uint32_t modifiers)
{
    bool has_control = modifiers & MODIFIER_CONTROL;

    switch (key->key) {
    case KEY_ENTER:
    case KEY_KEYPAD_ENTER:
        return '\r';
    case KEY_BACKSPACE:
        return has_control ? '\b' : DELETE;
    case KEY_SLASH:
        if (has_control) {
            return UNIT_SEPARATOR;
        }
        break;
    }
    if (key->unicode != 0 || !(modifiers & MODIFIER_ALT)) {
        return key->unicode;
    }
    return has_control && key->symbol >= '@' && key->symbol < DELETE ? key->symbol & 0x1FU : key->symbol;
}

uint32_t key_bytes(const struct input_key *key, uint8_t bytes_out[KEY_BYTES_MAX])
{
    uint32_t modifiers = combination(key);
    uint32_t size = 0;

    if (key->action == KEY_RELEASED || modifiers & MODIFIER_GUI) {
        return 0;
    }
    for (size_t i = 0; i < COUNT(sequences) && key->key != KEY_NONE; i++) {
        if (sequences[i].key == key->meaning && key->unicode == 0) {
            return sequence_bytes(&sequences[i], modifiers, bytes_out);
        }
    }
    if (key->key == KEY_TAB && modifiers & MODIFIER_SHIFT) {
        return (uint32_t)format_text((char *)bytes_out, KEY_BYTES_MAX, "\033[Z");
    }
    if (key->key == KEY_SPACE && modifiers & MODIFIER_CONTROL) {
        bytes_out[0] = '\0';
        return 1;
    }
    uint32_t character = character_of(key, modifiers);
    if (character == 0) {
        return 0;
    }
    if (key->key != KEY_NONE && modifiers & MODIFIER_ALT) {
        bytes_out[size++] = ESCAPE;
    }
    return size + utf8_encode(character, bytes_out + size);
}
