/* The memory of processes on the host: pieces of this program's memory, each of which one process may touch. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "user_memory.h"

struct process;

void user_memory_add(const struct process *process, void *begin, uint32_t size);

/* Takes away the piece that begins there: touching it is BAD_ADDRESS from then on. */
void user_memory_remove(const void *begin);
