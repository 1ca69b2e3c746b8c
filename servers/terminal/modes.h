/*
 * The mode of a terminal, and those that wait for their programs to have the foreground again: one that is put to sleep in raw mode does
 * not notice that others were in line mode meanwhile. Called with the terminals' lock held.
 */
#pragma once

#include "terminal.h"

/* Sets the mode of a process that has the foreground. */
void modes_set(struct terminal *terminal, process_id_t process, uint32_t mode);

/* The mode as a process sees it: the one that is, or that will be when it has the foreground. */
uint32_t modes_of(const struct terminal *terminal, process_id_t process);

/* The foreground has changed: the mode goes with it. A key that nobody has got stays. */
void modes_follow(struct terminal *terminal);

/* A process has ended, and its mode with it. */
void modes_forget(struct terminal *terminal, process_id_t process);
