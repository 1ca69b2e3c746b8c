/* Supervised programs begin here: by being started, or by being found alive. One thread only. */
#pragma once

#include "supervised.h"

/* Starts a program now. What comes of it is told, and stands in its state. */
void start(struct supervised *supervised);

/*
 * Watches a program that lives already: one that the kernel has made of a boot module of its name, or one that an earlier
 * d\init, which died, had started.
 * False: it does not live.
 */
bool adopt(struct supervised *supervised);

/* Was anything found that an earlier d\init had started? */
bool start_is_not_the_first(void);
