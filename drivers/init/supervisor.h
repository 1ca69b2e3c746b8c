/* The supervised programs: started, watched, started again when they end. One thread only. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

#include "list.h"

/* Takes a program from the list: watches it if the kernel has started it, else starts it. */
void supervisor_add(const struct program *program);

struct supervised;

/*
 * Starts a program that stands in no list, and supervises it like the others.
 *   image            stays mapped for ever if it is OK
 *   supervised_out   lives as long
 * Statuses: EXISTS: a program of this name is supervised already; NO_MEMORY. What comes of the start is told by supervisor_describe.
 */
[[nodiscard]] status_t supervisor_start(const struct program *program, const void *image, uint32_t image_size,
                                        const struct supervised **supervised_out);

/* How it is now. */
void supervisor_describe(const struct supervised *supervised, struct init_entry_reply *reply);

/* A watched process ended. */
void supervisor_exited(process_id_t process, uint32_t code);

/* Starts again what is due. */
void supervisor_restart_due(void);

/* When the next program is due, or FOREVER. */
nanoseconds_t supervisor_deadline(void);

/* The handler of entry. */
status_t supervisor_entry(struct server_call *call, const struct init_entry_request *request, struct init_entry_reply *reply);
