/* Timers: events that are due at a time, once or again and again. Called with interrupts off. */
#pragma once

#include <stdint.h>

struct id_table;
struct process;

extern struct id_table timer_table;

/* A process ends, and its timers with it. */
void timers_end(struct process *process);

/* Timers of all processes, for the ledger. */
uint32_t timer_count(void);
