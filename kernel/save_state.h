/*
 * The end of the world. A system without its log is not run on: if a\log is not there when the
 * boot list is done, or dies and is not back after a grace time, every process
 * gets EVENT_SAVE_STATE with a deadline, and then the machine reboots, or halts (panic=halt).
 *
 * Called with interrupts off.
 */
#pragma once

struct process;

/* The boot list is done: from now on a missing a\log counts. */
void save_state_begin(void);

/* A clock tick. */
void save_state_tick(void);

/* A process has begun to run: if the end is near it hears so too. */
void save_state_process_ready(struct process *process);

/* For process.c: its event source; and one fewer to wait for. */
void save_state_process_begins(struct process *process);
void save_state_process_ended(struct process *process);
