/* Runs the programs of an entry, one after the other, until one ends otherwise than with exit code 0. */
#pragma once

#include "list.h"

/* why: what went wrong, as text of at most size bytes; empty if every program ended with 0. All that they write goes to the file output. */
void entry_run(const struct entry *entry, const char *output, char *why, unsigned size);
