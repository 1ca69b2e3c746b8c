/* How much of the log the screen shows: while a program has it, warnings and what is more urgent. The terminals' lock protects it. */
#pragma once

#include <abi/types.h>

void log_level_lower(void);
void log_level_restore(void);

/* A process has ended: it may have been a\log, and the next one has to be told. */
void log_level_process_ended(process_id_t process);

/* Tells a\log if that is still to be done. Returns when to call it again. */
nanoseconds_t log_level_look(void);
