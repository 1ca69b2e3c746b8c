/* The shell at a terminal: asks for commands, and runs them. */
#pragma once

/*
 * Until it is told to end. The status.
 *   terminal   its name; NULL: standard input is the terminal of another shell: Ctrl+C and Ctrl+Z are for what this one runs, as long as the
 *              other has it in the foreground
 */
int interactive_run(const char *terminal);
