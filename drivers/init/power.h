/* The orderly end: the log is written out, then the machine reboots, goes off or halts. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

/* The handler of end_work: begins what it asks for. Main thread. */
status_t power_end_work(struct server_call *call, const struct init_end_work_request *request, struct nothing *reply);

/* Ends the machine's work at once if that hangs. Main thread. */
void power_force_due(void);

/* When power_force_due is to be called, or FOREVER. Main thread. */
nanoseconds_t power_deadline(void);
