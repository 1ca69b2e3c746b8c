/* The supervised programs: started, watched, started again when they end. One thread only. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

#include "list.h"

struct supervised;

/* Takes a program from the list, and watches it if it lives already. */
void supervisor_add(const struct program *program);

/* The list is read: starts those of its programs that do not live and need not wait. */
void supervisor_begin(void);

/*
 * Starts a program that stands in no list, and supervises it as the others; if it lives already, from before a restart of d\init,
 * it is watched instead.
 *   program          as list_next makes them, but for the line; its needs do not count, and an access in its grant does not either:
 *                    it gets what its manifest asks for and the policy allows
 *   plugged          ports, memory and lines that a bus driver has found for it, beside that; NULL: none
 *   supervised_out   stays valid for ever
 * Statuses: EXISTS: a program of this name is supervised already; NOT_FOUND: no boot module is its image; NOT_ALLOWED: the policy
 * does not let it have what is plugged in; TOO_BIG: so many ranges no access can have; NO_MEMORY, and those of module_map.
 * OK says that it was tried: what has come of it is told by supervisor_describe.
 */
[[nodiscard]] status_t supervisor_start(const struct program *program, const struct access *plugged,
                                        const struct supervised **supervised_out);

/* The first line of the list that is for this image; NULL: there is none. */
const struct program *supervisor_listed(const char *image);

/* How it is now. */
void supervisor_describe(const struct supervised *supervised, struct init_entry_reply *reply);

/* A watched process ended. */
void supervisor_exited(process_id_t process, uint32_t code);

/* Starts what is due, first or again: after each event, and at the deadline. */
void supervisor_start_due(void);

/* When the next program is due, or FOREVER. */
nanoseconds_t supervisor_deadline(void);

/* The handlers of entry and grant. */
status_t supervisor_entry(struct server_call *call, const struct init_entry_request *request, struct init_entry_reply *reply);
status_t supervisor_grant(struct server_call *call, const struct init_entry_request *request, struct nothing *reply);
