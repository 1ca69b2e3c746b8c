/* $((…)): whole numbers of 64 bits, with C's operators and the shell's variables. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Reads a decimal number, with blanks around and a sign. False: it is none. */
bool number_read(const char *text, int64_t *value_out);

/* The same as C has it: octal behind 0, hexadecimal behind 0x. */
bool number_read_constant(const char *text, int64_t *value_out);

/* What a text comes to; variables may change. False: it is no such expression, or divides by zero, which was said. */
bool arithmetic(const char *text, int64_t *value_out);
