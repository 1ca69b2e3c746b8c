/* What bus drivers ask for: drivers for what is plugged in, and bytes that outlive the bus driver. Main thread. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

/* The handlers of bus_start, bus_program, bus_keep and bus_kept. */
status_t bus_start(struct server_call *call, const struct init_bus_start_request *request, struct init_entry_reply *reply);
status_t bus_program(struct server_call *call, const struct init_bus_slot *request, struct init_entry_reply *reply);
status_t bus_keep(struct server_call *call, const struct nothing *request, struct nothing *reply);
status_t bus_kept(struct server_call *call, const struct nothing *request, struct nothing *reply);
