/*
 * Frozen processes: who makes a mistake while a debugger listens does not end at once, but stays as it was, without running,
 * until the debugger has looked. Called with interrupts off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct process;

/* The running process has made a mistake: is it frozen? False: there is no debugger for it. */
[[nodiscard]] bool debug_freeze(struct process *process, uint32_t code);

[[nodiscard]] bool debug_is_frozen(const struct process *process);

/* A process was put to sleep. If it is the debugger, nothing stays frozen for it. */
void debug_process_sleeps(const struct process *process);

/* A process ends: it was frozen, or is the debugger. */
void debug_process_ended(struct process *process);
