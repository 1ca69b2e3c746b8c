/* All processes, for the programs that show them or look for one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <abi/process.h>

struct processes {
    struct process_information *process;     /* malloc's, by their IDs' table */
    size_t count;
};

void processes_read(struct processes *processes_out);

/*
 * Looks for a process by its ID, its name, or its name without the prefix: "8201", "a\ls", "ls". Two may have the same behind their prefixes:
 * then the application is meant, else the server. False: there is none, and that is said.
 */
bool processes_find(const char *text, struct process_information *process_out);
