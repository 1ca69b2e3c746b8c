/* What the processor's exceptions are called. Any thread may ask. */
#pragma once

#include <stdint.h>

/* By number, as it stands in the low byte of an exit code (EXIT_FAULT): "page fault". Never NULL. */
const char *exception_name(uint32_t number);
