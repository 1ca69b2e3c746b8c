/* The shell at a terminal: asks for commands, and runs them. */
#pragma once

/*
 * Until it is told to end. The status.
 *   terminal   its name; NULL: standard input is the terminal of another shell, which goes on to watch Ctrl+C and Ctrl+Z: they are
 *              for this shell with all that it runs
 */
int interactive_run(const char *terminal);
