/*
 * < and >: descriptors that lead elsewhere while a command runs, in the shell itself, so that built-in commands and programs
 * find the same. What they led to before is kept at descriptors from 10 on, which programs do not get.
 */
#pragma once

#include <stdbool.h>

#include "tree.h"

/* Begins to redirect. What was redirected since is taken back by the end of it, in the reverse order. */
void redirections_begin(void);
void redirections_end(void);

/* The same, but it stays as it is: of exec. */
void redirections_keep(void);

/* All of them, after an error. */
void redirections_end_all(void);

/* Redirects as a command says. False: one of them could not be done, which was said. */
[[nodiscard]] bool redirect(const struct redirection *list);

/* Makes a descriptor lead where another does, and closes that, in any case. False: it could not be done, which was said. */
[[nodiscard]] bool redirections_take(int descriptor, int target);

/* The same for /dev/null. */
[[nodiscard]] bool redirect_nothing(int target);

/* A pipe whose ends programs do not get, unless they are moved. */
[[nodiscard]] bool pipe_make(int ends_out[2]);
