/* Ctrl+C, for the shell itself: what it runs ends, and it asks for the next command. Any thread may call these. */
#pragma once

#include <stdbool.h>

void interrupt_note(void);
bool interrupt_is_pending(void);
void interrupt_forget(void);
