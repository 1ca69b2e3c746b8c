/* What becomes of a supervised program that has ended, or could not be started. One thread only. */
#pragma once

#include "supervised.h"

#define EXIT_UNKNOWN UINT32_MAX      /* it was gone before we could watch it */

/* It has ended, and why: it is started again later, or never. */
void ended(struct supervised *supervised, uint32_t code);

/* It has ended, or could not be started. A failure: it is not one that ended with exit code 0; too many are its last. */
void schedule_restart(struct supervised *supervised, bool is_failure);

/* It is not started again. */
void give_up(struct supervised *supervised, const char *why);
