/* The table of system calls of a traced process: every entry leads to trace_call of trace.h, with its number. */
#pragma once

#include "syscall.h"

extern syscall_function_t *const trace_calls[];
