/* Programs: found in the folders of PATH, started as processes. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define PATH_USUAL "/boot/bin"
#define PROGRAM_SUFFIX ".elf"   /* may be left out of a program's name */

/* Where a program is: a path in the scratch arena; NULL: there is none. A name with a slash is a path itself. */
const char *program_find(const char *name);

/*
 * Starts a program with the shell's descriptors, directory and exported variables. A file that is no image, but text, is run by
 * another shell.
 *   arguments    its name is the first; NULL stands behind the last
 *   pid_out      the new process
 * 0, or the status that says why not; that was told.
 */
int program_start(char *const *arguments, pid_t *pid_out);

/* Starts another shell that runs a text with what this one knows: variables, functions, options. */
int program_start_shell(const char *text, pid_t *pid_out);

/* Where programs were found is remembered while PATH stays the same: forgets it; calls a function for each. */
void programs_forget(void);
void programs_remembered(void (*take)(const char *name, const char *path));

/* Calls a function for each program in the folders of PATH, by the name under which it is found. */
void programs_each(void (*take)(const char *name, void *context), void *context);
