/* The date, for what is written. */
#pragma once

#include <stdint.h>

/* Begins to ask the clock, in a thread of its own: until it has told, it is not known what time it is. */
void time_begin(void);

