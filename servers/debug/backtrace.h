/*
 * Who called whom, in a process that stands still. Programs have frame pointers, and a function's frame leads to its caller's;
 * but not in the first instructions of a function, in assembly, or where the stack is damaged. So what a frame says is
 * compared with the instruction before the return address: a call that leads to the very function that we are in is its
 * caller. Where the frames say otherwise, or nothing, the stack is searched for such a return address. What is not certain
 * is marked.
 *
 * No system call, no memory of its own; what the process's memory holds may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "symbols.h"

/* Memory of the process. */
struct backtrace_memory {
    /* Copies bytes; false: not all of them can be read. */
    bool (*read)(const struct backtrace_memory *memory, uint32_t address, void *to, uint32_t size);
};

struct backtrace {
    const struct backtrace_memory *memory;
    const struct symbols *symbols;   /* those of its image; without one text_first and text_end alone are set */
    uint32_t eip, esp, ebp;          /* of the frame that was told last */
    bool is_first;                   /* no caller was told yet */
    bool frame_is_known;             /* ebp is what it was in this function */
};

struct caller {
    uint32_t return_address;
    bool is_sure;
};

/* Begins with a thread's registers. The structures behind the pointers must stay. */
void backtrace_begin(struct backtrace *backtrace, const struct backtrace_memory *memory, const struct symbols *symbols,
                     uint32_t eip, uint32_t esp, uint32_t ebp);

/* The next caller. False: there is none, or none can be found. It ends after a bounded time, whatever the memory holds. */
[[nodiscard]] bool backtrace_next(struct backtrace *backtrace, struct caller *caller_out);
