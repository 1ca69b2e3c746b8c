/*
 * The boot modules: programs that the kernel starts, in order, in the class that their
 * names say, and files that are kept. All stay in memory, so that what dies can be started again.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>

struct elf_source;
struct process;

/* Takes over the boot loader's list. What is wrong with a module is logged, and the module is refused. */
void modules_initialise(void);

/* Starts the programs among them. */
void modules_start(void);

/* The image of the file with this name; NULL if there is none. */
[[nodiscard]] const struct elf_source *module_image(const char *name);

/* A process has ended. If it was the supervisor, whom nobody else restarts, it begins anew when the kernel is left. */
void modules_process_ended(const struct process *process);

/* Restarts the supervisor. Called on the way out of the kernel, if it has ended. */
extern bool supervisor_has_ended;
void modules_restart_supervisor(void);
