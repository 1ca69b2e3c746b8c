/* Who has borrowed the screen: a driver that shows graphics on the same adapter. Main thread. */
#pragma once

#include <ternion/server.h>

#include "terminal.h"

/* What text_lend and text_take_back of ternion/text.h ask for. */
[[nodiscard]] status_t lending_lend(const struct server_call *call);
[[nodiscard]] status_t lending_take_back(const struct server_call *call, struct terminal *terminal);

/* EVENT_PROCESS_EXITED: if it had the screen, it comes back; unless that shows graphics, which the borrower's next life sees to. */
void lending_forget(process_id_t process, struct terminal *terminal);
