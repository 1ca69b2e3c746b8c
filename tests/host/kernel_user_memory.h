/*
 * The memory of processes on the host: pieces of this program's memory, each of which one process may touch.
 * A piece of whole pages can move from process to process.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "user_memory.h"

struct process;

void user_memory_add(const struct process *process, void *begin, uint32_t size);

/* Takes away the piece that begins there: touching it is BAD_ADDRESS from then on. */
void user_memory_remove(const void *begin);

/* Pages of a process that can be given away and shared, filled with bytes `fill`. */
void *user_pages_add(const struct process *process, uint32_t pages, uint8_t fill);

/* All pages of a process that has ended. */
void user_pages_remove(const struct process *process);

/* Has the process this piece of pages? */
bool user_pages_are(const struct process *process, const void *begin, uint32_t pages);

/* Pieces of pages that processes have. */
uint32_t user_pages_pieces(void);

/* Frames that are held, each as often as it is. */
uint32_t user_memory_held(void);

/* The next access to the memory of another process fails: BAD_ADDRESS; of a move: NO_MEMORY. Until it is set anew. */
void user_memory_fail_others(bool fail);
