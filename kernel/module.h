/*
 * The boot modules: programs that the kernel starts, in order, in the class that their
 * names say, and files that are kept. All stay in memory, so that what dies can be started again.
 */
#pragma once

#include <stdint.h>

/* Takes over the boot loader's list. What is wrong with a module is logged, and the module is refused. */
void modules_initialise(void);

/* Starts the programs among them. */
void modules_start(void);
