/*
 * The allocator of ISO C, on pages of the kernel. Any thread may call it. Memory
 * is aligned to 16 bytes. The functions are weak symbols: a C library that is linked too takes their place.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <abi/types.h>

/* Pages that hold so many bytes. */
#define PAGES(size_bytes) (((size_bytes) + PAGE_SIZE - 1) / PAGE_SIZE)

/* Each gives NULL where the process or the machine has no memory for it left. */
[[nodiscard]] void *malloc(size_t size);
[[nodiscard]] void *calloc(size_t count, size_t size);
[[nodiscard]] void *realloc(void *memory, size_t size);
void free(void *memory);

#define MEMORY_ALIGNMENT 16U /* of all memory */

/* The same with another alignment, a power of two. NULL also: the alignment or the size is absurd. */
[[nodiscard]] void *memory_allocate_aligned(size_t alignment, size_t size);

/* Bytes that the owner of some memory may use: at least what was asked for. */
size_t memory_size(const void *memory);
