/* d\console as the tests of the screen that is lent use it; the rest of its world is text_adapter.h. */
#pragma once

#include <ternion/server.h>
#include <ternion/text.h>

#include "drivers/console/terminal.h"

#define BORROWER 7U
#define OTHER 8U

extern struct terminal console_terminal;
extern struct text_call_lend_reply console_lent;     /* what the last console_lend said */

/* Starts it on the adapter as that is; on one that shows text, and writes "before" there. */
void console_start(void);
void console_begin(void);

/* Text is written, as a request. */
void console_say(const char *text);

/* A row of the adapter's cells begins with this text. */
void console_expect(unsigned row, const char *text);

/* It writes, and touches nothing of an adapter that shows graphics. */
void console_expect_untouched(void);

/* What somebody asks for; a driver, if nothing else is said. */
struct server_call console_call_of(process_id_t sender, process_class_t class);
status_t console_lend(process_id_t sender);
status_t console_take_back(process_id_t sender);
