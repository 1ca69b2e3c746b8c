/*
 * Memory before there is an allocator: whole pages from the lowest free place
 * upwards, for what the kernel keeps for ever (page tables, the frame table).
 *
 * Used by the boot order in main.c only.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>

/* A range of physical memory: first byte, and the first byte behind it. */
struct physical_range {
    physical_t begin;
    physical_t end;
};

#define BOOT_RAM_MAX 64U         /* ranges of RAM in the boot loader's map */
#define BOOT_TAKEN_MAX 512U      /* kernel, modules and their lines, what boot_memory_take gave */

/* A range of RAM, by the boot loader's map. Overlaps with other ranges are fine. False if there are too many. */
bool boot_memory_add(physical_t begin, physical_t end);

/* A range that is in use, RAM or not. False if there are too many. */
bool boot_memory_reserve(physical_t begin, physical_t end);

/* Is any byte of the range in use? */
[[nodiscard]] bool boot_memory_is_taken(physical_t begin, physical_t end);

/* Is the whole range RAM by the map? */
[[nodiscard]] bool boot_memory_is_ram(physical_t begin, physical_t end);

/* `size` bytes, rounded up to pages, not zeroed. Panics if there is no room. */
[[nodiscard]] physical_t boot_memory_take(uint32_t size);

/* The end of the highest RAM, at most DIRECT_MAP_SIZE. */
[[nodiscard]] physical_t boot_memory_end(void);

/* Calls back with each run of whole frames that is RAM and not in use. */
void boot_memory_free_frames(void (*found)(uint32_t first, uint32_t count));

/* Is any byte of these pages RAM, by the map? */
[[nodiscard]] bool boot_memory_touches_ram(physical_t begin, uint32_t pages);

/* Whole pages of RAM that the kernel could use if nothing were in use. */
[[nodiscard]] uint32_t boot_memory_ram_pages(void);
