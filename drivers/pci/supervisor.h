/* What d\init does for us: starts drivers, tells who lives, and keeps our table for the time after our own death. Main thread. */
#pragma once

#include <ternion/init_client.h>

#include "function.h"

/*
 * Looks for d\init, and watches it; it may come after us, and after its death the kernel starts another.
 * Statuses: NOT_FOUND, NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t supervisor_find(void);

/* A process that was watched has ended: was it d\init? Then it has to be found again. */
bool supervisor_ended(process_id_t process);

/*
 * Gives the table back that an earlier instance of us has had kept.
 *   functions_out   in memory of malloc; NULL if there is nothing
 * Returns how many functions are in it.
 */
uint32_t supervisor_recall(struct function **functions_out);

/* Has the table kept. Statuses: NOT_FOUND: there is no d\init; NO_MEMORY, and those of protocol.h. */
[[nodiscard]] status_t supervisor_remember(void);

/* Has a driver started. Statuses: NOT_FOUND: there is no d\init; those of bus_start, and of protocol.h. */
[[nodiscard]] status_t supervisor_start(const struct init_bus_start_request *request, struct init_entry_reply *reply_out);

/* Who drives a function now; 0: nobody. */
process_id_t supervisor_driver(place_t place);
