/* The devices of d\ps2, as the rest of the system sees them: their names, and requests about them. One thread only. */
#pragma once

#include <ternion/server.h>

extern struct server devices_server;

/* After anything that may have changed: devices that are found get names, readers and those who wait for a command get answers. */
void devices_update(void);
