/*
 * The arguments of s\terminal say which terminals there are, and whose:
 *
 *     screen=a\shell             the text screen with the keyboard
 *     serial=a\shell.serial      the serial line lines\serial\0; serial1 to serial3 the others
 */
#pragma once

#include <abi/types.h>

enum terminal_number { TERMINAL_SCREEN, TERMINAL_SERIAL, TERMINAL_SERIAL_1, TERMINAL_SERIAL_2, TERMINAL_SERIAL_3, TERMINAL_COUNT };

/* "screen", "serial", … */
extern const char *const terminal_names[TERMINAL_COUNT];

struct options {
    const char *owners[TERMINAL_COUNT];  /* NULL: there is no such terminal */
};

/* What is wrong with an argument is said in the log; the others count all the same. */
void options_read(int count, char *const arguments[], struct options *options_out);
