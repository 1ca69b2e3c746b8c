/* System calls as text, from the table of system calls (ternion/syscall_table.h). No system call. */
#pragma once

#include <stdbool.h>

#include <abi/trace.h>

#include "line.h"
#include "value.h"

/* Adds "name(argument=value, …", without the closing bracket. The numbers may be anything. */
void call_add_begin(struct line *line, uint32_t number, const uint32_t registers[TRACE_VALUES], process_name_t *process_name);

/* Adds "OK result=value …", from status, EBX, ESI. */
void call_add_results(struct line *line, uint32_t number, const uint32_t registers[TRACE_VALUES], process_name_t *process_name);

/* Adds the name alone. */
void call_add_name(struct line *line, uint32_t number);

/* Did it do what it was asked? */
[[nodiscard]] bool call_succeeded(uint32_t number, uint32_t status);
