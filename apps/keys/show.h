/* Input events as lines for a person. Portable. */
#pragma once

#include <ternion/input.h>

#define SHOW_LINE_MAX 160U

/* Writes a line without its end; returns its length, less than SHOW_LINE_MAX. */
size_t show_event(const struct input_event *event, char *line);
