/*
 * Records on their way from the thread that takes them from the kernel to the one that prints them, which may have to wait for
 * a slow line meanwhile.
 */
#pragma once

#include <stdbool.h>

#include <abi/status.h>
#include <abi/trace.h>

/* Makes room for so many records; memory is taken as it fills. Once, before the others. Statuses: those of memory_allocate. */
[[nodiscard]] status_t ring_open(uint32_t records);

/* Adds a record. If there is no room it is lost, and the gap in the records' sequence will tell. */
void ring_put(const struct trace_record *record);

/* No more will be added. */
void ring_end(void);

/* Takes the oldest record; waits for one. Statuses: TIMED_OUT at deadline_ns (since boot); NOTHING: that was the last. */
[[nodiscard]] status_t ring_take(struct trace_record *record_out, nanoseconds_t deadline_ns);
