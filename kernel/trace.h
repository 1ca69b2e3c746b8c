/*
 * Traces: what a process does, as records in a ring, for one reader. Who is not traced pays nothing: a traced process has another
 * table of system calls, whose entries come here first, and is kept off the direct switch.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/status.h>
#include <abi/trace.h>

#include "process.h"

struct event_source;
struct registers;

void trace_initialise(void);

/* A record; the values that the kind has. */
void trace_add(const struct process *process, enum trace_kind kind, uint32_t number, const uint32_t values[TRACE_VALUES]);

/* The same if the process is traced for this, TRACE_…. */
static inline void trace_process(const struct process *process, uint32_t what, enum trace_kind kind, uint32_t number, uint32_t value_0,
                                 uint32_t value_1, uint32_t value_2, uint32_t value_3)
{
    if ((process->traced & what) != 0) {
        trace_add(process, kind, number, (const uint32_t[TRACE_VALUES]){ value_0, value_1, value_2, value_3 });
    }
}

/* The running process takes an event, which its source can still describe. */
void trace_event(const struct event_source *source);

/* Called by trace_calls.asm: system call `number` of a traced process. */
status_t trace_call(struct registers *registers, uint32_t number);

/* A process ends. It was traced, or has traced others. */
void trace_process_ended(struct process *process, uint32_t code);
