/* The options of `set`: letters and names. */
#pragma once

#include <stdbool.h>

#include "memory.h"

/* $-: the letters of those that are on. */
const char *options_text(struct arena *arena);

/* Switches an option. False: there is none of that letter, or of that name. */
bool option_set_letter(char letter, bool is_on);
bool option_set_name(const char *name, bool is_on);

/* The number-th option's name, NULL: there are no more. */
const char *option_name(unsigned number, bool *is_on_out);
