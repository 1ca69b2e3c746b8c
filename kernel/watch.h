/* Who wants to know of a process's end. The room for the event is made when it is asked for. */
#pragma once

#include <abi/status.h>

#include <stdint.h>

struct process;

/* `owner` gets EVENT_PROCESS_EXITED when `target` ends. OK, EXISTS, NO_MEMORY, OVER_QUOTA. */
[[nodiscard]] status_t watch_create(struct process *owner, struct process *target);

/* A process ends: its watchers are told, its own watches go. */
void watches_end(struct process *process, uint32_t code);

/* Watches there are, those whose event is not yet delivered included. */
uint32_t watch_count(void);
