/*
 * Where the lines go: to all outputs the same. The thread that prints alone may call these, but for outputs_are_served_by.
 *
 * Who prints to a device must not trace its driver: each line would bring the next.
 */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

#include "options.h"

/* Opens what the options say. What cannot be opened is said to the log. */
void outputs_open(const struct options *options);

/* Takes a line, without a line end. Blocks where a device is slow. */
void outputs_put(const char *text, uint32_t size);

/* Are lines kept, to be printed together? */
bool outputs_are_dirty(void);

/* Prints what is kept. Blocks. */
void outputs_flush(void);

/*
 * Does what is printed go through this process? Any thread may ask.
 *   what_out   the device, or "the log"
 */
[[nodiscard]] bool outputs_are_served_by(const struct options *options, process_id_t process, const char **what_out);
