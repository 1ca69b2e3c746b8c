/* The kernel's heap on the host: each object is a block of the C library's, so that the address sanitizer watches it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "heap.h"

/* Objects that were allocated and not freed. */
uint32_t heap_objects(void);

/* The next `successes` allocations work, the one behind them does not. UINT32_MAX: all work. */
void heap_fail_after(uint32_t successes);

/* Is it the one that does not work? For whatever else takes memory. */
bool heap_fails_now(void);
