/*
 * What a program has to say goes to the kernel's log, and from there to a\log.
 * Any thread may call these; none of them blocks.
 */
#pragma once

#include <abi/log.h>
#include <abi/status.h>

/*
 * Says one line; its source is the name of the process.
 *   level      LOG_EMERGENCY to LOG_DEBUG
 *   template   as format_text takes it, without a line end; text over LOG_TEXT_MAX bytes is cut
 */
void log_print(log_level_t level, const char *template, ...) __attribute__((format(printf, 2, 3)));

/*
 * For calls that can fail only if the program or the system is broken: anything but
 * OK is said to the log, with the place and the meaning, and ends the process with exit code 1.
 */
#define MUST(expression) do { \
        status_t must_status_ = (expression); \
        if (must_status_ != OK) { \
            must_failed(must_status_, #expression, __FILE__, __LINE__); \
        } \
    } while (0)
_Noreturn void must_failed(status_t status, const char *expression, const char *file, unsigned line);
