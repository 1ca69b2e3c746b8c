/* The supervised programs: started, watched, started again when they end. One thread only. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

#include "list.h"

/* Takes a program from the list: watches it if the kernel has started it, else starts it. */
void supervisor_add(const struct program *program);

/* A watched process ended. */
void supervisor_exited(process_id_t process, uint32_t code);

/* Starts again what is due. */
void supervisor_restart_due(void);

/* When the next program is due, or FOREVER. */
nanoseconds_t supervisor_deadline(void);

/* The handler of entry. */
status_t supervisor_entry(struct server_call *call, const struct init_entry_request *request, struct init_entry_reply *reply);
