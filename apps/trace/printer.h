/* The thread that turns records into lines and prints them. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

#include "options.h"

/* Starts it. The options must stay. Statuses: those of thread_start. */
[[nodiscard]] status_t printer_start(const struct options *options);

/* Waits until it has printed all, and the summary if it is wanted; behind ring_end. Statuses: TIMED_OUT at deadline_ns. */
status_t printer_wait(nanoseconds_t deadline_ns);
