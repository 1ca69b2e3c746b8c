/*
 * The kernel's own objects. Each size class takes pages from the frame table and
 * gives a page back when its last object goes, so that the ledgers of an idle
 * system are always the same.
 *
 * Called with interrupts off. An object belongs to whoever asked for it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define HEAP_SIZE_MAX (1U << 20) /* bytes of the largest object */

/*
 * An object of `size` bytes (1 to HEAP_SIZE_MAX), zeroed, aligned to 16 bytes. `reserve`: may
 * it come from the supervisor's reserve? NULL if there is no memory.
 */
[[nodiscard]] void *heap_allocate(uint32_t size, bool reserve);

/* As heap_allocate, but with whatever was in that memory: for what is overwritten at once. */
[[nodiscard]] void *heap_allocate_unset(uint32_t size, bool reserve);

/* Frees an object; NULL is fine. */
void heap_free(void *object);

/* Pages that the heap holds now. */
uint32_t heap_pages(void);
