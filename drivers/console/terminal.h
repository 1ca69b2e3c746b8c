/* What the bytes of a text do to the screen: characters, control characters, ANSI sequences (ECMA-48). */
#pragma once

#include <stddef.h>

/* Takes text; a sequence may begin in one piece and end in the next. */
void terminal_write(const char *text, size_t size);
