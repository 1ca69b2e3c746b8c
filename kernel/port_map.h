/*
 * The ports of a process, as the processor checks them: a map of a bit for each, behind the task state.
 *
 * The task state and its map lie in a window of the kernel's addresses, one page table long. A process with ports has a page table
 * of its own there, with pages of its own for the map; all others share one whose map is closed. So the map changes with the address
 * space, and nothing is copied. Implemented in i386/port_map.c. Called with interrupts off.
 */
#pragma once

#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

struct access;
struct address_space;

/* Where the task state is; it has a page of its own. Its address in the window. */
[[nodiscard]] uint32_t port_map_initialise(void *task_state_page);

/* The offset of the map from the beginning of that page. */
#define PORT_MAP_OFFSET 4096U
#define PORT_MAP_BYTES 8192U

/* Gives an address space a map with these ports open. OK, NO_MEMORY, OVER_QUOTA; then what there is goes with the space. */
[[nodiscard]] status_t port_map_create(struct address_space *space, const struct access *access);

/* Gives the pages back. The space is not the active one. */
void port_map_destroy(struct address_space *space);
