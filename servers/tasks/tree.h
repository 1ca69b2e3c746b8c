/*
 * A process with all that descends from it, as one. Whoever of it runs may start others, or end and leave its children to its parent, at any
 * moment; so all of it is put to sleep from the top, and looked for again until nobody new is found: who sleeps starts nobody.
 */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

/*
 *   root    an application
 *   flags   TASKS_TREE: with the root; TASKS_BELOW: without it
 * Statuses: OK; BAD_ID: the root has ended; NO_MEMORY: there are too many processes to look at.
 */
[[nodiscard]] status_t tree_end(process_id_t root, uint32_t code, uint32_t flags);
[[nodiscard]] status_t tree_sleep(process_id_t root, uint32_t flags);
[[nodiscard]] status_t tree_wake(process_id_t root, uint32_t flags);
