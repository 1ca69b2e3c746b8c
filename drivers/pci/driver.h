/*
 * The drivers of functions: started by d\init, guarded by us. What we do for them, and to their functions when they end. Main thread.
 *
 * Bus mastering is on for nobody whom we do not guard, so DMA memory of a dead driver is held until its function has been stopped.
 */
#pragma once

#include "function.h"

/*
 * After our own start: whoever drives a function already is guarded again. Functions that are left switched on, by drivers that
 * died meanwhile or by the firmware, are stopped.
 */
void drivers_take_over(void);

/*
 * Has a driver started for each function that an image is for and that has none yet. False: there is no d\init yet; try again.
 */
bool drivers_start(void);

/* The d\init that has started them is dead: its successor has to be told of each, by drivers_start. */
void drivers_supervisor_ended(void);

/* Who drives a function now, and is guarded by us; 0: nobody. */
process_id_t driver_of(struct function *function);

/* A process asks about its function: its interrupt, which was off since its predecessor's death, is let through again. */
void driver_begins(const struct function *function);

/* Is bus mastering on? */
bool function_is_master(const struct function *function);

/*
 * Switches bus mastering on or off.
 * Statuses: ABSENT: the function cannot be a bus master; NO_MEMORY and others: it cannot be remembered for the time after our death,
 * and stays off.
 */
[[nodiscard]] status_t driver_set_mastering(struct function *function, bool is_on);

/* A process that we guard has ended. */
void driver_ended(process_id_t process);
