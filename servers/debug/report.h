/* What is said to the log about a process that made a mistake. */
#pragma once

#include <abi/types.h>

/*
 * Reports a frozen process: in full, or in one line if that was said often enough.
 *   process   the frozen process
 *   code      why it will end, as in its exit code
 * Does not block: whoever would have to answer may be the frozen one.
 */
void report(process_id_t process, uint32_t code);
