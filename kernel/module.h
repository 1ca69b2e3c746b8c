/*
 * The boot modules: programs that the kernel starts, in order, in the class that their
 * names say, and files that are kept. All stay in memory, so that what dies can be started again.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>

struct process;

/* Takes over the boot loader's list. What is wrong with a module is logged, and the module is refused. */
void modules_initialise(void);

/* Starts the programs among them. */
void modules_start(void);

/* Is it one of a module's? Those stay as they are for ever: nobody can write there. */
[[nodiscard]] bool module_has_frame(physical_t frame);

/* A process has ended. If it was the supervisor, whom nobody else restarts, it begins anew when the kernel is left. */
void modules_process_ended(const struct process *process);

/* Restarts the supervisor. Called on the way out of the kernel, if it has ended. */
extern bool supervisor_has_ended;
void modules_restart_supervisor(void);
