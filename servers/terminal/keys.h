/* What keys of the keyboard send to a terminal: characters in UTF-8, and for the other keys the sequences of xterm. Portable. */
#pragma once

#include <ternion/input.h>

#define KEY_BYTES_MAX 16U

/*
 * Enter sends \r, Backspace 7Fh; with Alt a character has ESC in front.
 * Returns how many bytes; 0: the key sends nothing.
 */
uint32_t key_bytes(const struct input_key *key, uint8_t bytes_out[KEY_BYTES_MAX]);
