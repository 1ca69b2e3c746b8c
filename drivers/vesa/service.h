/* The protocol of displays, and who has the display. Its server answers requests on the main thread. */
#pragma once

#include <ternion/server.h>

extern struct server service;

/* Before it serves. */
void service_open(void);

/* EVENT_PROCESS_EXITED: if it had the display, the screen is text again. */
void service_forget(process_id_t process);

/* Another driver has the adapter: nobody has the display any more, and the adapter is left alone. */
void service_lose(void);

/* EVENT_TIMER: a retrace is due, and somebody may wait for it. */
void service_look(void);

/* The machine goes down, or a driver's time to wait is over: the screen becomes text. */
void service_end(void);
