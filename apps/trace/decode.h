/*
 * Records of a trace as lines of text:
 *
 *        0.123456 a\x/1006 log_write(level=LOG_INFORMATION, text=0x001fdf10, text_size=7) = OK <0.000002>
 *
 * Time since boot in seconds, process, thread, and what happened. A call that ends at once is one line. Where something else
 * came in between, or nothing more for a while, it is two: `<unfinished ...>`, and `<... name resumed>` when it ends. What a
 * thread takes or meets in a call (events, strikes) stands behind the call's line.
 *
 * The records may hold anything. No system call, no memory of its own.
 */
#pragma once

#include <stdbool.h>

#include <abi/trace.h>

#include "summary.h"
#include "value.h"

/* What is not of the kernel's kinds: the tracer says that a process is traced from here on. */
#define DECODE_ATTACHED 0x100U

#define PENDING_MAX 64U          /* threads in system calls; of more it is not known when they began */
#define INNER_MAX 4U             /* records inside a call that wait for its end */

struct decoder {
    void (*put)(const char *text, uint32_t size);    /* takes a line, without a line end */
    process_name_t *name_of_process;
    struct summary *summary;     /* counts what it is given */
    bool has_sequence;
    uint32_t next_sequence;      /* of the record that should come next */
    struct pending {
        thread_id_t thread;      /* 0: free */
        struct trace_record begin;
    } pending[PENDING_MAX];
    struct pending *held;        /* a call that may become one line; NULL: none */
    struct trace_record inner[INNER_MAX];
    uint32_t inner_count;
};

void decoder_begin(struct decoder *decoder, void (*put)(const char *text, uint32_t size), process_name_t *name_of_process,
                   struct summary *summary);

/* Takes the next record. */
void decoder_take(struct decoder *decoder, const struct trace_record *record);

/* Is there a call that waits for its end, or for decoder_settle? */
bool decoder_holds(const struct decoder *decoder);

/* Nothing more comes for now: a call that has not ended is shown as begun. */
void decoder_settle(struct decoder *decoder);
