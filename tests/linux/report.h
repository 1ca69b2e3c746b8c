/*
 * What the measuring program says over the serial line:
 *
 *     LINUX release
 *     SAMPLES name operations unit instructions instructions …
 *     FAILED what: error number
 *     DONE
 */
#pragma once

#include <stdint.h>

#define SAMPLES 31

typedef void operation_t(void);

/* Takes the samples, each of so many operations, and says them. unit: of what one operation needs, or one part of it,
 * if it has several: bytes that it moves, switches that it makes. */
void report_samples(const char *name, operation_t *operation, uint32_t operations, const char *unit, uint32_t parts);

void report_system(void);

/* Says what could not be done, and switches the machine off. */
[[gnu::noreturn]] void report_failure(const char *what, uint32_t error);

/* Says DONE, and switches the machine off. */
[[gnu::noreturn]] void report_end(void);
