/* The orderly end: the log is written out, then the machine reboots, goes off or halts. */
#pragma once

#include <abi/event.h>

/* Answers INIT_POWER, and begins what it asks for. Main thread. */
void power_serve(const struct event *event);

/* Ends the machine's work at once if that hangs. Main thread. */
void power_force_due(void);

/* When power_force_due is to be called, or FOREVER. Main thread. */
nanoseconds_t power_deadline(void);
