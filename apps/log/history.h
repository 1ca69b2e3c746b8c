/*
 * The lines that were logged last, numbered from 1 on. It grows with what is logged,
 * up to its capacity; when that is reached, or memory is, the oldest line goes.
 *
 * All threads may call everything here; nothing of it blocks for long.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ternion/log_client.h>

/* Makes it; once, before anything else. False: there is no memory. */
bool history_open(uint32_t capacity_lines);

/* Adds a line. One for which there is no memory at all counts as lost. */
void history_add(log_level_t level, const char *text, uint32_t size);

/* Number of the line added last; 0 before the first. */
uint32_t history_last(void);

/*
 * Finds the first line behind number `after` that is as urgent as `level`.
 *   line_out   a copy of it; its field lost counts the lines behind `after` that are no longer there
 * False: there is none.
 */
bool history_next(uint32_t after, log_level_t level, struct log_line *line_out);
