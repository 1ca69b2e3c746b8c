/*
 * The window of the arenas on the host: pages that read as zeroes and cannot be written until they are mapped.
 * And the frames behind them, which are only counted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

/* Where an arena can lie: `which` is 0 or 1. The window is made anew by the first call. */
uint32_t window_place(uint32_t which);

/* Frames that were taken and not released. */
uint32_t window_frames(void);

/* Does the next object need a page of its own? */
bool window_add_needs_page(const struct arena *arena);

/* What is in no object any more cannot be touched until the arenas are opened; but for its ID, which says so. */
void window_close(const struct arena *arena);
void window_open(const struct arena *arena);
