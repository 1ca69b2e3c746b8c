/* Commands that come from a file, or from standard input. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "lexer.h"

/*
 * Runs all commands that an input gives, one after the other, until it ends or the shell is to leave. $? is that of the last, 0
 * without any.
 */
int script_run(struct input *input);

/* Runs a file. STATUS_NOT_FOUND and STATUS_CANNOT_RUN: it could not be, which was said. */
int script_run_file(const char *path);

/* Runs what standard input gives. What follows a command is left to the programs that it starts. */
int script_run_standard_input(void);

/* One byte: 1; 0: the end; -1: it cannot be read, or Ctrl+C came. */
int script_read_byte(int descriptor, char *byte_out);
