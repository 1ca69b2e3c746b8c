/* What clients ask: checked, and brought to who serves it. The first thread's. */
#pragma once

#include <ternion/server.h>

extern struct server requests_server;

/* A client has ended: what it had open is closed. */
void requests_client_ended(process_id_t process);
