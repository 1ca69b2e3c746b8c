/* Actions for when the shell ends, and for Ctrl+C. */
#pragma once

#include <stdbool.h>

enum trap { TRAP_EXIT, TRAP_INTERRUPT, TRAP_COUNT };

/* EXIT, 0, INT, SIGINT, 2. False: it is none of them. */
bool trap_find(const char *name, enum trap *trap_out);
const char *trap_name(enum trap trap);

/* NULL: none. */
const char *trap_action(enum trap trap);
void trap_set(enum trap trap, const char *action);

/* Runs the action, if there is one; $? stays as it was. That of EXIT is run once. */
void trap_run(enum trap trap);
