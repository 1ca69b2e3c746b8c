/*
 * For calls that fail only if something is broken. Who may not speak to the supervisor has one word for it: its exit code reads as 0,
 * which is that there is nothing to drive; a fault is a reason to start it again.
 */
#pragma once

#include <abi/status.h>

#define TRUST(expression) ((expression) == OK ? (void)0 : __builtin_trap())
