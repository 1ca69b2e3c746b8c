/*
 * The log: everything that the kernel and the processes say, into the ring, and from
 * there record by record to the process a\log. While there is none, the early
 * console prints it, if the kernel's option early= says so.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/log.h>
#include <abi/status.h>

#include <stdbool.h>

#include "format.h"

struct process;

/* The ID of the message that a record comes in: no message has generation 0. */
#define LOG_MESSAGE_ID 1U

/* Physical memory of the ring; the boot loader and the firmware leave it alone. */
#define LOG_RING_PHYSICAL 0x002F8000U
#define LOG_RING_SIZE 0x00008000U

/*
 * Begins the log in `memory` (LOG_RING_SIZE bytes). Records of the previous boot that are intact there are kept
 * and come first. Before that, and before the heap works, nothing may be said.
 */
void log_initialise(void *memory);

/* Says something: the kernel is the source. Longer text than LOG_TEXT_MAX is cut. */
[[gnu::format(printf, 2, 3)]] void log_kernel(enum log_level level, const char *format, ...);

/* A process, perhaps one with the name of the log, has come, or gone. */
void log_process_began(struct process *process);
void log_process_gone(const struct process *process);

/* Is there an a\log? */
bool log_process_exists(void);

/* message_receive for LOG_MESSAGE_ID: the record that came last. */
[[nodiscard]] status_t log_receive(void USER *string_out, uint32_t string_size);

/* Prints the newest `lines` records through the panic's output. */
void log_print_last(uint32_t lines);
