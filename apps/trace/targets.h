/* The processes that are traced, by name: waited for, traced as soon as they are there, and again when they are there again. */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

#include "options.h"

/* Once, before the others. */
void targets_open(const struct options *options);

/* Looks for those that are not there, and traces them. False: nothing can be traced, which was said to the log. */
[[nodiscard]] bool targets_look(void);

/* A process has ended. */
void targets_process_exited(process_id_t process);

/* Do names still lead where they did? Else a traced process may serve an output by now: it is traced no longer. */
void targets_check_devices(void);

/* Is there one that has to be looked for? */
bool targets_are_missing(void);

/* Traces nothing any more. */
void targets_stop(void);
