/* What the sequences of a terminal do, once they are read. For the sources of the terminal. */
#pragma once

#include "terminal.h"

/* ESC [ parameters final. */
void sequence_control(struct terminal *terminal, uint8_t final);

/* ESC intermediate final; terminal->intermediate is 0 if there was none, and the first if there were several. */
void sequence_escape(struct terminal *terminal, uint8_t final);
