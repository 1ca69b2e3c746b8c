/* What a supervised program is started from, and with what: its image, its manifest, the policy. One thread only. */
#pragma once

#include <abi/status.h>

#include "supervised.h"

/* Reads the policy. Before all others. */
void image_read_policy(void);

/*
 * Finds the image of a program, and the arguments if its line has none for a program module. A boot module that is a program of
 * the same name takes the place of the image that the line names.
 * Statuses: NOT_FOUND, and those of module_map.
 */
[[nodiscard]] status_t image_find(struct supervised *supervised);

/*
 * Decides what a program gets. What its manifest asks for and the policy denies is told.
 *   plugged   ports, memory and lines that a bus driver has found for it, beside all that; NULL: none
 * Statuses: NOT_ALLOWED: the policy does not let it have what is plugged in; TOO_BIG: so many ranges no access can have.
 */
[[nodiscard]] status_t image_decide(struct supervised *supervised, const struct access *plugged);
