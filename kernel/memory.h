/*
 * Where physical memory is in the kernel's view: all of it, from KERNEL_BASE on,
 * in order. What lies above DIRECT_MAP_SIZE is not used.
 */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

#define KERNEL_BASE 0x80000000U
#define DIRECT_MAP_SIZE 0x78000000U /* 1920 MB */

static inline void *physical_to_virtual(physical_t physical)
{
    return (void *)(uintptr_t)(physical + KERNEL_BASE);
}

static inline physical_t virtual_to_physical(const void *address)
{
    return (physical_t)((uintptr_t)address - KERNEL_BASE);
}

static inline void *frame_to_virtual(uint32_t frame)
{
    return physical_to_virtual(frame * PAGE_SIZE);
}

static inline uint32_t frame_of_virtual(const void *address)
{
    return virtual_to_physical(address) / PAGE_SIZE;
}

/*
 * May the running process map this physical memory, with these flags (PHYSICAL_…)? OK; BAD_ARGUMENT; NOT_ALLOWED: it is RAM, or not in its grant,
 * which is a strike.
 */
[[nodiscard]] status_t memory_check_physical(physical_t physical, uint32_t pages, uint32_t flags);
