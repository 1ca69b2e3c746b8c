/* The shell at a terminal: asks for commands, and runs them. */
#pragma once

/* Until it is told to end. The status. */
int interactive_run(const char *terminal);
