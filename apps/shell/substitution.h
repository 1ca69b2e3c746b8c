/* $( ): what a command writes. */
#pragma once

#include <stdbool.h>

#include "memory.h"
#include "tree.h"

/* Runs a command and adds to a text what it writes to standard output; shell.status is its status. False: it was interrupted. */
[[nodiscard]] bool substitution_run(const struct node *node, struct text *output);
