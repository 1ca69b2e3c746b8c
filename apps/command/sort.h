/* Sorting of pointers: what compares equal stays in the order that it has. */
#pragma once

#include <stddef.h>

/* compare: below 0 if left comes first, above 0 if right does. */
void sort_pointers(void **items, size_t count, int (*compare)(const void *left, const void *right));
