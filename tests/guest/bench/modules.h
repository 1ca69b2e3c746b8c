/* The boot modules, as the benchmarks need them. */
#pragma once

#include <stdint.h>

/* The module with this name must be there: its bytes, mapped read-only. */
void module_find(const char *name, const void **bytes_out, uint32_t *size_out);

/* Pages that the benchmarks' own modules fill. */
uint32_t own_module_pages(void);
