/* What must hold of any memory that calls itself a ring of the log. For tests and fuzzers. */
#pragma once

#include "log_ring.h"

/* The check that log_ring.c keeps over a header and over each record. */
uint32_t log_ring_check_of(const void *memory, uint32_t size);

/* If the memory is taken for intact, all its records can be read, exactly as many as it says. */
void log_ring_check(struct log_ring *ring, uint32_t bytes);
