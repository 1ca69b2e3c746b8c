/* Values of system calls as text, by their type and name in the table of system calls. No system call. */
#pragma once

#include <abi/types.h>

#include "line.h"

/* The name of a process, or NULL: it is not known. */
typedef const char *process_name_t(process_id_t id);

/*
 * Adds a value.
 *   type, name     as in struct syscall_value
 *   value          a type of 32 bits uses the low half
 *   process_name   for IDs of processes
 */
void value_add(struct line *line, const char *type, const char *name, uint64_t value, process_name_t *process_name);

/* A process by its name; by its ID if it has none. nobody: what 0 stands for. */
void value_add_process(struct line *line, process_id_t id, const char *nobody, process_name_t *process_name);

/* Seconds, with as many digits as are needed: "0.0105s"; FOREVER. */
void value_add_time(struct line *line, nanoseconds_t time_ns);

/* A pointer: "NULL" or eight digits. */
void value_add_pointer(struct line *line, uint32_t address);
