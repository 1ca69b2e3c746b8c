/*
 * Who has borrowed the screen: a driver that shows graphics on the same adapter. If such a driver has died in a graphics mode, and d\init gives it up
 * or it is not back in time, the screen is set to text from here. Main thread.
 */
#pragma once

#include <ternion/server.h>
#include <ternion/text.h>

#include "terminal.h"

/* At the start, when the screen has been opened: one that shows graphics is awaited. */
void lending_open(void);

/* What text_lend and text_take_back of ternion/text.h ask for. */
[[nodiscard]] status_t lending_lend(const struct server_call *call, struct text_call_lend_reply *reply);
[[nodiscard]] status_t lending_take_back(const struct server_call *call, struct terminal *terminal);

/* EVENT_PROCESS_EXITED: if it had the screen, it comes back; unless that shows graphics, which the borrower's next life sees to. */
void lending_forget(process_id_t process, struct terminal *terminal);

/* EVENT_TIMER: is the borrower that is awaited given up by now? */
void lending_look(struct terminal *terminal);
