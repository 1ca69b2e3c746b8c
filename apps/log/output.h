/*
 * Where lines are printed: the screen and the serial line. Each output has a thread of
 * its own, which goes through the history at the speed of its driver; a driver that hangs or dies
 * holds up nothing else. While it is away its lines stay in the history and are printed when it is
 * back; what the history could not keep is told as lost.
 */
#pragma once

#include <stdbool.h>

#include <abi/status.h>
#include <ternion/log_client.h>

struct output;

/* The two that there are. */
extern struct output screen_output;
extern struct output serial_output;

/* Starts printing lines up to a level; once per output, before the first line. Statuses: those of thread_start. */
[[nodiscard]] status_t output_start(struct output *output, log_level_t level);

/* Lines that are less urgent are not printed for now. The main thread calls it. */
void output_limit(struct output *output, log_level_t level);

/* Tells all outputs that there is a new line. Any thread may call it. */
void outputs_wake(void);

/* Whether all outputs have printed the line with this number, and those before. Any thread may call it. */
bool outputs_have_printed(uint32_t number);

/* The time stamp counter when the first line was printed; 0: none is yet, or there is no counter. Any thread may call it. */
uint64_t outputs_first_line(void);
