/* The own process, others by their names, and starting new ones. Any thread may call these. */
#pragma once

#include <abi/process.h>
#include <abi/status.h>
#include <abi/types.h>

/* The own name, prefix included; it changes when the process downgrades itself. */
const char *process_name(void);

/* "driver", "server", "application" */
const char *class_name(process_class_t class);

/*
 * Looks up a living process.
 *   name     with its prefix
 *   id_out   whose name it is
 * Does not block. Statuses: NOT_FOUND, BAD_NAME.
 */
[[nodiscard]] status_t name_find(const char *name, process_id_t *id_out);

/* The same, but waits for it to appear. Blocks until deadline_ns (since boot). Statuses: TIMED_OUT, BAD_NAME. */
[[nodiscard]] status_t name_wait(const char *name, nanoseconds_t deadline_ns, process_id_t *id_out);

#define EXIT_TEXT_SIZE 48U /* bytes that exit_describe needs */

/* Says in words why a process ended: "exit code 1", "ended by a fault (exception 14)". Returns buffer. */
const char *exit_describe(uint32_t code, char *buffer, size_t size);

/* What is wrong with an image that was refused. */
const char *elf_reason_meaning(elf_reason_t reason);

/*
 * Puts a program's arguments into the form that process_spawn takes.
 *   count, arguments   the strings, without the program's name
 *   buffer             at most ARGUMENTS_SIZE_MAX bytes
 *   size_out           bytes used
 * Statuses: TOO_BIG for the buffer.
 */
[[nodiscard]] status_t arguments_pack(int count, char *const arguments[], char *buffer, uint32_t size,
                                      uint32_t *size_out);

/*
 * Makes a process with the limits of the own one, and watches it (EVENT_PROCESS_EXITED).
 *   class              the own one or a lower one
 *   name               without a prefix
 *   image, image_size  an ELF32 executable in memory
 *   count, arguments   strings, without the program's name
 *   id_out             the new process
 * Does not block. Statuses: those of process_spawn. Why BAD_IMAGE was the answer is said to the log.
 */
[[nodiscard]] status_t spawn_image(process_class_t class, const char *name, const void *image, uint32_t image_size,
                                   int count, char *const arguments[], process_id_t *id_out);
