/* Threads of the own process, with stacks that libos takes and gives back. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

typedef void thread_function_t(void *argument);

/*
 * Starts a thread. It ends when its function returns, or by thread_exit (its stack is then not given back).
 *   function, argument   where it begins, and what it finds there
 *   stack_bytes          rounded up to whole pages; the page below stays unmapped
 *   id_out               the thread; may be NULL
 * Does not block. Statuses: BAD_ARGUMENT (no stack), NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t thread_start(thread_function_t *function, void *argument, uint32_t stack_bytes,
                                    thread_id_t *id_out);

/* Ends the calling thread, which thread_start made, as if its function had returned: its stack is given back. */
_Noreturn void thread_finish(void);

/* Not for programs: the C library has it, if it is linked, and gives back what it keeps of a thread that ends. */
void thread_ending(void);

/*
 * Ends a thread that thread_start made, wherever it is, and gives back its stack. Not the calling one. What it was about to
 * do is not done; a lock that it holds is held for ever. Does not block. Statuses: BAD_ID: it has ended before.
 */
status_t thread_end(thread_id_t id);
