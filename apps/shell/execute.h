/* Runs commands. The status that comes back is shell.status, too; why what follows is not to be run is in shell.leaving. */
#pragma once

#include <stdbool.h>

#include "tree.h"

int execute(const struct node *node);

/* Runs a text: of eval, of a trap. line: the number of its first line. */
int execute_text(const char *text, unsigned line);

/* A command of one program, function, or built-in command, with what stands before and behind it. */
int execute_simple(const struct node *node);

/* Commands with others in them. */
int execute_if(const struct node *node);
int execute_loop(const struct node *node);
int execute_for(const struct node *node);
int execute_case(const struct node *node);

/*
 * Runs what was already expanded: a function, unless skips_functions, a built-in command, a program.
 * prefers_program: a program goes before a built-in command of the same name.
 */
int execute_arguments(int count, char **arguments, bool skips_functions, bool prefers_program);

/* Says what is run, for `set -x`. */
void trace_words(char *const *words);

/* Does expanding the words of a simple command change variables? */
bool has_effects(const struct node *node);

/*
 * Assigns, each in the order in which they stand. False: it could not be done. saves: the innermost scope takes it back;
 * exported meanwhile.
 */
[[nodiscard]] bool assign(const struct assignment *list, bool saves);

/* Expands the words of a simple command. */
struct fields;
[[nodiscard]] bool expand_command(const struct node *node, struct fields *fields);
