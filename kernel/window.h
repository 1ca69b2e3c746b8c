/*
 * Kernel addresses above all physical memory, whose pages are mapped one by one: the
 * arenas live there. A page that is not mapped reads as zeroes. Implemented in i386/page_table.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_BASE 0xF8000000U
#define WINDOW_SIZE 0x00800000U      /* 8 MB: 2 page tables */

#define PROCESS_ARENA WINDOW_BASE
#define PROCESS_STRIDE_SHIFT 10U
#define THREAD_ARENA (WINDOW_BASE + 0x00400000U)
#define THREAD_STRIDE_SHIFT 9U

/* Behind it: the task state and the map of ports; see port_map.h. */
#define PORT_MAP_WINDOW (WINDOW_BASE + WINDOW_SIZE)

/* Makes the window, all of it unmapped. After the frame table, before the first address space. */
void window_initialise(void);

/* The page shows this frame, which then belongs to it. */
void window_map(uint32_t address, uint32_t frame);

/* The page reads as zeroes again; its frame is released. */
void window_unmap(uint32_t address);

[[nodiscard]] bool window_is_mapped(uint32_t address);
