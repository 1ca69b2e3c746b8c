/* The files that every program has: nothing (/dev/null), zeroes (/dev/zero), and the log. They are never closed for good. */
#pragma once

#include <abi/log.h>

#include "libc/file.h"

struct nothing_file {
    struct file file;
};

/*
 * What is written becomes records of the log, a line each. A line that is not yet ended waits, until the next write or the
 * end of the process; one that is too long becomes several records.
 */
struct log_file {
    struct file file;
    struct lock lock;        /* protects the rest */
    log_level_t level;       /* constant */
    uint32_t used;           /* bytes of text */
    char text[LOG_TEXT_MAX];
};

extern struct nothing_file file_nothing;
extern struct nothing_file file_zeroes;  /* but for reading the same */
extern struct log_file file_log_output;  /* at level info */
extern struct log_file file_log_errors;  /* at level warn */

/* Says what waits in both. */
void log_files_flush(void);
