/* Sorting, small rather than fast: the C library's is larger than all that is sorted here. */
#pragma once

#include <stddef.h>

/* Strings, as bytes are. */
void sort_strings(char **strings, size_t count);

/* The same for whatever has a name: pointers, and where the name is inside what they lead to. */
void sort_by_name(void **items, size_t count, size_t name_offset);
