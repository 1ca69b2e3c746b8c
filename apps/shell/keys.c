#include "keys.h"

#define ESCAPE 0x1B
#define PARAMETER_MAX 9999U
#define MODIFIER_CONTROL 5U     /* xterm: the second parameter */
#define MODIFIER_ALT 3U

/* Control characters, from Ctrl+@ on. */
static const unsigned char controls[0x20] = {
    ['A' - '@'] = KEY_HOME, ['B' - '@'] = KEY_LEFT, ['C' - '@'] = KEY_INTERRUPT, ['D' - '@'] = KEY_CONTROL_D, ['E' - '@'] = KEY_END,
    ['F' - '@'] = KEY_RIGHT, ['G' - '@'] = KEY_CANCEL, ['H' - '@'] = KEY_BACKSPACE, ['I' - '@'] = KEY_TAB, ['J' - '@'] = KEY_ENTER,
    ['K' - '@'] = KEY_ERASE_RIGHT, ['L' - '@'] = KEY_CLEAR, ['M' - '@'] = KEY_ENTER, ['N' - '@'] = KEY_DOWN, ['P' - '@'] = KEY_UP,
    ['R' - '@'] = KEY_SEARCH, ['T' - '@'] = KEY_SWAP, ['U' - '@'] = KEY_ERASE_LEFT, ['W' - '@'] = KEY_ERASE_BLANK_WORD,
    ['Y' - '@'] = KEY_PUT_BACK,
};

static enum key alt_key(char byte)
{
    switch (byte) {
    case 'b':
    case 'B':
        return KEY_WORD_LEFT;
    case 'f':
    case 'F':
        return KEY_WORD_RIGHT;
    case 'd':
    case 'D':
        return KEY_DELETE_WORD;
    case 0x7F:
    case 0x08:
        return KEY_ERASE_WORD;
    default:
        return KEY_NONE;
    }
}

/* ESC [ number ~ */
static enum key numbered_key(unsigned number)
{
    switch (number) {
    case 1:
    case 7:
        return KEY_HOME;
    case 3:
        return KEY_DELETE;
    case 4:
    case 8:
        return KEY_END;
    case 200:
        return KEY_PASTE_BEGIN;
    case 201:
        return KEY_PASTE_END;
    default:
        return KEY_NONE;
    }
}

/* The last character of ESC [ … or ESC O. */
static enum key final_key(const struct key_reader *reader, char final)
{
    unsigned modifier = reader->parameters[1];
    bool by_word = modifier == MODIFIER_CONTROL || modifier == MODIFIER_ALT;

    switch (final) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return by_word ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D':
        return by_word ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    case '~':
        return numbered_key(reader->parameters[0]);
    default:
        return KEY_NONE;
    }
}

static enum key read_sequence(struct key_reader *reader, char byte)
{
    if (byte >= '0' && byte <= '9') {
        unsigned *parameter = &reader->parameters[reader->parameter_count];
        *parameter = *parameter > PARAMETER_MAX ? *parameter : *parameter * 10 + (unsigned)(byte - '0');
        return KEY_NONE;
    }
    if (byte == ';') {
        reader->parameter_count += reader->parameter_count + 1 < KEY_PARAMETERS_MAX;
        return KEY_NONE;
    }
    if (byte >= 0x20 && byte < 0x40) {  /* other parameters, intermediate bytes */
        return KEY_NONE;
    }
    reader->state = KEYS_PLAIN;
    return final_key(reader, byte);
}

static enum key read_escape(struct key_reader *reader, char byte)
{
    for (size_t i = 0; i < KEY_PARAMETERS_MAX; i++) {
        reader->parameters[i] = 0;
    }
    reader->parameter_count = 0;
    switch (byte) {
    case '[':
        reader->state = KEYS_SEQUENCE;
        return KEY_NONE;
    case 'O':
        reader->state = KEYS_ONE_MORE;
        return KEY_NONE;
    case ESCAPE:
        return KEY_NONE;
    default:
        reader->state = KEYS_PLAIN;
        return alt_key(byte);
    }
}

/* The first byte of a character, of which others may follow. */
static enum key begin_character(struct key_reader *reader, unsigned char byte)
{
    reader->bytes[0] = (char)byte;
    reader->size = 1;
    reader->wanted = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (reader->wanted > 1) {
        reader->state = KEYS_CHARACTER;
        return KEY_NONE;
    }
    return KEY_TEXT;
}

static enum key read_plain(struct key_reader *reader, unsigned char byte)
{
    if (byte == ESCAPE) {
        reader->state = KEYS_ESCAPE;
        return KEY_NONE;
    }
    if (byte < 0x20) {
        return (enum key)controls[byte];
    }
    return byte == 0x7F ? KEY_BACKSPACE : begin_character(reader, byte);
}

enum key key_read(struct key_reader *reader, char byte)
{
    switch (reader->state) {
    case KEYS_ESCAPE:
        return read_escape(reader, byte);
    case KEYS_SEQUENCE:
        return read_sequence(reader, byte);
    case KEYS_ONE_MORE:
        reader->state = KEYS_PLAIN;
        return final_key(reader, byte);
    case KEYS_CHARACTER:
        if (((unsigned char)byte & 0xC0) != 0x80) { /* that was none: it is forgotten */
            reader->state = KEYS_PLAIN;
            return read_plain(reader, (unsigned char)byte);
        }
        reader->bytes[reader->size++] = byte;
        if (reader->size < reader->wanted) {
            return KEY_NONE;
        }
        reader->state = KEYS_PLAIN;
        return KEY_TEXT;
    default:
        return read_plain(reader, (unsigned char)byte);
    }
}
