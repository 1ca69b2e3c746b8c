/*
 * From the bytes of a terminal in raw mode to keys. Characters come as their bytes, one key each when they are complete; what
 * has no character comes as the sequences of ECMA-48 and xterm.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum key {
    KEY_NONE,               /* more bytes belong to it; or it means nothing here */
    KEY_TEXT,               /* a character: see bytes */
    KEY_ENTER, KEY_TAB, KEY_BACKSPACE, KEY_DELETE, KEY_LEFT, KEY_RIGHT, KEY_UP, KEY_DOWN, KEY_HOME, KEY_END,
    KEY_WORD_LEFT, KEY_WORD_RIGHT, KEY_DELETE_WORD, KEY_ERASE_WORD, KEY_ERASE_BLANK_WORD, KEY_ERASE_LEFT,
    KEY_ERASE_RIGHT, KEY_PUT_BACK, KEY_SWAP, KEY_CLEAR, KEY_SEARCH, KEY_INTERRUPT, KEY_CONTROL_D, KEY_CANCEL,
    KEY_PASTE_BEGIN, KEY_PASTE_END,
};

#define KEY_BYTES_MAX 4U
#define KEY_PARAMETERS_MAX 4U

/* What was read of a key that is not complete. All zeroes: nothing. */
struct key_reader {
    enum { KEYS_PLAIN, KEYS_ESCAPE, KEYS_SEQUENCE, KEYS_ONE_MORE, KEYS_CHARACTER } state;
    unsigned parameters[KEY_PARAMETERS_MAX];
    size_t parameter_count;
    char bytes[KEY_BYTES_MAX];  /* of KEY_TEXT */
    size_t size;
    size_t wanted;              /* bytes of the character that has begun */
};

/* The key that is complete with this byte. */
enum key key_read(struct key_reader *reader, char byte);
