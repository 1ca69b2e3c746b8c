/* Backslash sequences, as echo -e, printf and tr have them. */
#pragma once

#include <stdbool.h>

#define ESCAPE_NONE (-1)             /* it is no sequence: the backslash stands for itself */
#define ESCAPE_END (-2)              /* \c */

/*
 * Reads a sequence: `*at` points behind the backslash, and behind the sequence afterwards. \a \b \c \e \f \n \r \t \v \\ \xHH, octal digits.
 *   zero_leads   octal digits begin with a 0 that does not count: \0101 (echo); else \101 (printf)
 * Returns the byte, or ESCAPE_….
 */
int escape_read(const char **at, bool zero_leads);

/* Writes text with its sequences. False: \c ended it. */
bool escapes_write(const char *text);
