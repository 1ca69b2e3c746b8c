/* What a trace has counted, as a table. No system call. */
#pragma once

#include <stdbool.h>

#include <abi/trace.h>
#include <ternion/syscall_table.h>

/* All zeroes is a good beginning. */
struct summary {
    struct call_summary {
        uint32_t count;          /* that ended */
        uint32_t failed;
        nanoseconds_t time_ns;   /* of all those whose beginning is known */
    } calls[SYSCALL_COUNT];
    uint32_t kinds[TRACE_KIND_COUNT];    /* records of each kind */
    uint32_t lost;               /* records */
};

/* A system call has ended; time_ns: 0 if it is not known how long it took. */
void summary_call(struct summary *summary, uint32_t number, bool succeeded, nanoseconds_t time_ns);

/* Gives the table, line by line: system calls by the time that they took, and what else there was. */
void summary_put(const struct summary *summary, void (*put)(const char *text, uint32_t size));
