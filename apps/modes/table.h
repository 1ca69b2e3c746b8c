/* What a display can do, for a person. */
#pragma once

#include "../graphics/stage.h"

#define MODE_TEXT_SIZE 40U

/* "mode 0x118 1024x768x32". Returns buffer. */
const char *mode_text(const struct display_mode *mode, char buffer[MODE_TEXT_SIZE]);

/* Prints the display and its modes, by a function for each line (without its end). False: the display does not say what it is. */
bool table_print(struct stage *stage, void (*print)(const char *template, ...) __attribute__((format(printf, 1, 2))));
