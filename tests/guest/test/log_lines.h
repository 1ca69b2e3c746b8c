/* What the log says of a process. */
#pragma once

#include <abi/types.h>

/* The number of the newest line. */
uint32_t log_lines_end(void);

/* Lines behind number `after`, of warnings and worse, that hold both texts. It waits until what was said is there. */
uint32_t log_lines_count(uint32_t after, const char *name, const char *text);
