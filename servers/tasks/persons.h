/*
 * The arguments of s\tasks:
 *
 *     power=NAME,NAME…     first programs of sessions that are a person's: they may have the machine switched off
 */
#pragma once

#include <stdbool.h>

/* What is not understood is said to the log, and does not count. The strings must stay. */
void persons_read(int argc, char **argv);

/* Is a program of this name the first of a person's session? */
bool persons_have(const char *name);
