/*
 * What a shell passes on to another one that does a part of its work, in a subshell or a pipeline: there is no fork. Exported
 * variables go by the environment; the rest in arguments, one a thing, before -c.
 */
#pragma once

#include <stdbool.h>

#define STATE_OPTION "--state"   /* the first argument of such a shell */

/* The arguments of a shell that knows what this one knows, and runs a text. In the scratch arena. */
char *const *state_arguments(const char *text);

/* Takes one of them. False: it is none. */
bool state_take(const char *argument);
