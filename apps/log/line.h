/* The form of a line of the log: `[   0.123456] info d\name: text`. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <abi/log.h>
#include <abi/types.h>

/*
 * Writes the line of a kernel's record, without a line end.
 *   record, record_size   as it came; it is checked
 *   buffer, size          at least LOG_LINE_MAX + 1 bytes hold any
 * Returns its length, or 0 if the record is damaged.
 */
size_t line_of_record(const struct log_record *record, uint32_t record_size, char *buffer, size_t size);

/* Writes the line that says how many records were lost, as a\log's own. Returns its length. */
size_t line_of_loss(uint32_t lost, nanoseconds_t time_ns, char *buffer, size_t size);
